// A graph that the caller has in memory.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { checkGraph, suggest } from '../../src/index.js';
import { failure } from '../support/failure.js';
import { freeze } from '../support/freeze.js';
import { encode, stringTensor, typeAttr } from '../support/graph-def.js';
import { smallModel, smallNodes } from '../support/model.js';
import { metaGraph, savedModelBytes } from '../support/saved-model.js';

const demo = fileURLToPath(new URL('../../examples/demo', import.meta.url));

describe('a graph as bytes', () => {
  it("is frozen to TensorFlow's bytes, in a memory of its own, as part of another, and of another realm", async () => {
    const bytes = readFileSync(join(demo, 'graph.pb'));
    const padded = new Uint8Array(bytes.length + 20).fill(0xff);
    padded.set(bytes, 7);
    const shared = new Uint8Array(new SharedArrayBuffer(bytes.length));
    shared.set(bytes);
    const foreign = runInNewContext('Uint8Array.from(list)', { list: [...bytes] });
    const expected = readFileSync(join(demo, 'frozen-by-tensorflow.pb'));
    for (const graph of [bytes, padded.subarray(7, 7 + bytes.length), shared, foreign]) {
      const { out } = smallModel();
      const checkpoint = join(demo, 'model.ckpt-200');
      const report = await freeze({ graph, checkpoint, outputs: 'inference/probabilities', out });
      expect(report).toMatchObject({ graph: '<bytes>', graphKind: 'a binary GraphDef' });
      expect(readFileSync(out).equals(expected)).toBe(true);
    }
  });

  it('may be changed or transferred as soon as the freeze has begun, and not before', async () => {
    const constant = { name: 'c', op: 'Const', attr: { dtype: typeAttr(7), value: stringTensor('x'.repeat(200_000)) } };
    const model = smallModel([...smallNodes, constant]);
    const options = { checkpoint: model.checkpoint, outputs: 'y,c' };
    const { content } = await freeze({ ...options, graph: model.graph, inMemory: true });
    const changed = new Uint8Array(readFileSync(model.graph));
    const transferred = changed.slice();
    const freezes = [changed, transferred].map((graph) => freeze({ ...options, graph, inMemory: true }));
    const [checked, suggested] = [checkGraph({ file: transferred, deny: 'w' }), suggest({ graph: transferred })];
    changed.fill(0);
    structuredClone(transferred.buffer, { transfer: [transferred.buffer] });
    for (const frozen of freezes) {
      expect(Buffer.from((await frozen).content ?? []).equals(content as Uint8Array)).toBe(true);
    }
    expect([(await checked).errors, (await suggested).outputs.length]).toEqual([0, 1]);
    const gone = await failure(() => freeze({ ...options, graph: transferred, inMemory: true }));
    expect([gone.code, gone.message]).toEqual(['INVALID_ARGUMENT', expect.stringContaining('was transferred')]);
  });

  it('may be text, a MetaGraphDef, or the file of a SavedModel', async () => {
    const { graph: path, checkpoint, out } = smallModel();
    const text = Buffer.from('node { name: "y" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } }');
    expect(await checkGraph({ file: text })).toMatchObject({ file: '<bytes>', kind: 'a text GraphDef', nodes: 1 });
    expect((await suggest({ graph: readFileSync(path) })).outputs.map(({ tensor }) => tensor)).toEqual(['y']);
    for (const graph of [encode('MetaGraphDef', metaGraph()), savedModelBytes(metaGraph())]) {
      await freeze({ graph, checkpoint, outputs: 'y', out });
    }
  });

  it('is called by no name when it fails', async () => {
    const { checkpoint, out, graph } = smallModel();
    const rest = { checkpoint, outputs: 'y', out };
    const codes = async (bytes: Uint8Array): Promise<string> =>
      (await failure(() => freeze({ ...rest, graph: bytes }))).message;
    expect(await codes(new Uint8Array(0))).toMatch(/^<bytes> is an empty file, not a graph/);
    expect(await codes(Buffer.from('PK\x03\x04'))).toMatch(/^<bytes> is a ZIP archive/);
    expect(await codes(readFileSync(graph).subarray(0, -3))).toMatch(/<bytes>/);
    const model = savedModelBytes(metaGraph());
    const alone = await failure(() => freeze({ graph: model, outputs: 'y', out }));
    expect([alone.code, alone.message]).toEqual(['INVALID_ARGUMENT', expect.stringContaining('for <bytes>')]);
    const wrong = await failure(() => freeze({ ...rest, graph: [1, 2] as never }));
    expect(wrong.message).toBe('Expected a path or a Uint8Array for graph but received an array.');
  });
});
