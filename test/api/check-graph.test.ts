import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkGraph, isPermafrostError } from '../../src/index.js';
import { failure } from '../support/failure.js';
import { temporaryFolder } from '../support/folder.js';
import { graphDef } from '../support/graph-def.js';
import { smallModel, smallNodes } from '../support/model.js';
import { savedModel } from '../support/saved-model.js';

const examples = join(import.meta.dirname, '..', '..', 'examples', 'demo');
const graphs = join(import.meta.dirname, '..', 'check');

describe('the report', () => {
  it('of what TensorFlow froze is clean', async () => {
    const file = join(examples, 'frozen-by-tensorflow.pb');
    expect(await checkGraph({ file })).toEqual({
      file,
      kind: 'a binary GraphDef',
      nodes: 38,
      functions: 0,
      errors: 0,
      warnings: 0,
      findings: [],
    });
  });
  it('names node, kind and reason of an error', async () => {
    const { graph: file } = smallModel();
    const { errors, findings } = await checkGraph({ file });
    expect([errors, findings.length]).toEqual([1, 1]);
    expect(findings[0]).toMatchObject({ severity: 'error', code: 'VARIABLE_LEFT', node: 'w', function: undefined });
    expect((await checkGraph({ file, deny: 'w' })).errors).toBe(0);
    expect((await checkGraph({ file, allowVariables: true })).errors).toBe(0);
  });
  it('names the function of an error', async () => {
    const { findings } = await checkGraph({ file: join(graphs, 'broken', 'body_input_of_another_type.pbtxt') });
    expect(findings).toEqual([
      {
        severity: 'error',
        code: 'INPUT_TYPE',
        function: 'double',
        node: 'product',
        message: "its input 'cast:y:0' is int32, and 'x' of Mul is float32 here",
      },
    ]);
  });
  it('counts warnings apart', async () => {
    const { errors, warnings } = await checkGraph({ file: join(graphs, 'accepted', 'unknown_attribute.pbtxt') });
    expect([errors, warnings]).toEqual([0, 1]);
  });
  it('of a SavedModel is that of its graph', async () => {
    expect(await checkGraph({ file: savedModel(), allowVariables: true })).toMatchObject({ errors: 0 });
  });
});

describe('what is no graph', () => {
  it('is refused', async () => {
    const file = join(temporaryFolder(), 'graph.pb');
    expect((await failure(() => checkGraph({ file }))).code).toBe('FILE_NOT_FOUND');
    writeFileSync(file, 'no graph');
    expect((await failure(() => checkGraph({ file }))).code).toBe('WRONG_FILE_KIND');
  });
  it('as an option that does not exist', async () => {
    const error = await failure(() => checkGraph({ file: 'a', allowVariable: true } as never));
    expect([error.code, error.message]).toEqual([
      'INVALID_ARGUMENT',
      "There is no option 'allowVariable'. Did you mean 'allowVariables'?",
    ]);
  });
});

describe('a damaged graph', () => {
  const file = (): string => join(temporaryFolder(), 'graph.pb');
  /** Ends in a report or in a PermafrostError. */
  async function survives(path: string): Promise<void> {
    try {
      await checkGraph({ file: path, target: 'npu' });
    } catch (error) {
      expect(isPermafrostError(error), String(error)).toBe(true);
    }
  }

  it('cut at any byte gives a report or an error of ours', async () => {
    const path = file();
    const bytes = graphDef(smallNodes);
    for (let size = 0; size < bytes.length; size++) {
      writeFileSync(path, bytes.subarray(0, size));
      await survives(path);
    }
  });
  it('with any byte changed gives a report or an error of ours', async () => {
    const path = file();
    const bytes = Buffer.from(graphDef(smallNodes));
    for (let at = 0; at < bytes.length; at++) {
      for (const value of [0x00, 0x7f, 0x80, 0xff, (bytes[at] as number) ^ 1, (bytes[at] as number) ^ 8]) {
        const changed = Buffer.from(bytes);
        changed[at] = value;
        writeFileSync(path, changed);
        await survives(path);
      }
    }
  });
  it('of functions, with any byte changed, gives a report or an error of ours', async () => {
    const path = file();
    const { textToBinary } = await import('../../src/proto/text-format.js');
    const text = readFileSync(join(graphs, 'accepted', 'loop_of_functions.pbtxt'), 'utf8');
    const bytes = await textToBinary('GraphDef', text, path);
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (bytes[at] as number) ^ (at % 2 === 0 ? 0x81 : 0x0b);
      writeFileSync(path, changed);
      await survives(path);
    }
  });
});
