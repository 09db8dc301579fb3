import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readGraph, readSaver } from '../../src/io/read-graph.js';
import { failure } from '../support/failure.js';
import { temporaryFolder } from '../support/folder.js';
import { encode, graphDef } from '../support/graph-def.js';
import { smallModel, smallNodes } from '../support/model.js';

function file(content: Uint8Array | string, name = 'file'): string {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return path;
}

const text = `
node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } }
node { name: "y" op: "Relu" input: "x" device: "/cpu:0" attr { key: "T" value { type: 1 } } }
versions { producer: 2474 }
`;
const saver = { filename_tensor_name: 'save/Const:0', save_tensor_name: 'save/ctrl:0', restore_op_name: 'save/all' };

describe('a graph is read', () => {
  it('from a binary GraphDef', async () => {
    const { graph, kind, saver: none } = await readGraph(file(graphDef(smallNodes)));
    expect(graph.nodes.map((node) => node.name)).toEqual(['x', 'w', 'w/read', 'y']);
    expect([kind, none]).toEqual(['a binary GraphDef', undefined]);
  });

  it('from a text GraphDef, whatever it is called', async () => {
    const { graph, kind } = await readGraph(file(text, 'model.pb'));
    expect(graph.nodes.map(({ name, op, inputs, device }) => [name, op, inputs, device])).toEqual([
      ['x', 'Placeholder', [], ''],
      ['y', 'Relu', ['x'], '/cpu:0'],
    ]);
    expect(kind).toBe('a text GraphDef');
    expect(Buffer.from(graph.versions).toString('hex')).toBe('08aa13');
  });

  it('from a binary MetaGraphDef, with its saver', async () => {
    const bytes = encode('MetaGraphDef', { graph_def: { node: smallNodes }, saver_def: saver });
    const { graph, kind, saver: found } = await readGraph(file(bytes));
    expect(graph.nodes).toHaveLength(4);
    expect([kind, found?.restore_op_name]).toEqual(['a binary MetaGraphDef (.meta)', 'save/all']);
  });

  it('from a text MetaGraphDef, with its saver', async () => {
    const path = file(`graph_def { ${text} }\nsaver_def { restore_op_name: "save/all" }`);
    const { graph, saver: found } = await readGraph(path);
    expect([graph.nodes.length, found?.restore_op_name]).toEqual([2, 'save/all']);
  });

  it('from a MetaGraphDef whose graph came in two pieces', async () => {
    const one = encode('MetaGraphDef', { graph_def: { node: smallNodes.slice(0, 2) } });
    const two = encode('MetaGraphDef', { graph_def: { node: smallNodes.slice(2) } });
    const { graph } = await readGraph(file(Buffer.concat([one, two])));
    expect(graph.nodes.map((node) => node.name)).toEqual(['x', 'w', 'w/read', 'y']);
  });
});

describe('what is no graph is named, with what to pass instead', () => {
  const otherAdvice =
    'Pass a GraphDef, a MetaGraphDef or a SavedModel, binary or text (.pb, .pbtxt, .meta, or the folder of a SavedModel).';

  async function refusal(path: string): Promise<string> {
    const error = await failure(() => readGraph(path));
    expect(error.code).toBe('WRONG_FILE_KIND');
    return error.message;
  }

  it('the index of a checkpoint', async () => {
    const message = await refusal(`${smallModel().checkpoint}.index`);
    expect(message).toMatch(/ckpt\.index is the index of a checkpoint, not a graph\. A checkpoint has the values/);
    expect(message).toMatch(/tf\.saved_model\.save\(model, folder\) or, for Keras, model\.export\(folder\)/);
  });
  it('a shard of a checkpoint', async () => {
    expect(await refusal(`${smallModel().checkpoint}.data-00000-of-00001`)).toMatch(
      /is a shard of a checkpoint \(\.data-NNNNN-of-NNNNN\), not a graph\. A checkpoint has the values/,
    );
  });
  it("the 'checkpoint' file", async () => {
    expect(await refusal(file('model_checkpoint_path: "a"', 'checkpoint'))).toMatch(
      /'checkpoint' file that names.*not a/,
    );
  });
  it('a SaverDef', async () => {
    expect(await refusal(file(encode('SaverDef', saver)))).toMatch(
      /is a binary SaverDef, not a graph\. Pass it as the saver, and the graph/,
    );
  });
  it('a folder, with what to save instead', async () => {
    expect(await refusal(temporaryFolder())).toMatch(
      /is a folder, not a graph\. Of all folders, only a SavedModel's.* A checkpoint has the values .*model\.export\(folder\)/,
    );
  });
  it('a Keras file, with what to save instead', async () => {
    const path = file(Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'), 'model.h5');
    expect(await refusal(path)).toMatch(/is an HDF5 file \(Keras \.h5\), not a graph\. .*model\.export\(folder\)/);
  });
  it('a TensorFlow Lite model', async () => {
    const path = file(Buffer.concat([Buffer.alloc(4), Buffer.from('TFL3')]), 'graph.pb');
    expect(await refusal(path)).toBe(`${path} is a TensorFlow Lite model, not a graph. ${otherAdvice}`);
  });
  it('an empty file', async () => {
    const path = file('', 'graph.pb');
    expect(await refusal(path)).toBe(`${path} is an empty file, not a graph. ${otherAdvice}`);
  });
  it('a Git LFS pointer', async () => {
    expect(await refusal(file('version https://git-lfs.github.com/spec/v1\n'))).toMatch(/run 'git lfs pull'/);
  });
});

describe('a SaverDef is read', () => {
  it('in binary', async () => {
    expect((await readSaver(file(encode('SaverDef', saver)))).restore_op_name).toBe('save/all');
  });
  it('in text', async () => {
    const path = file('filename_tensor_name: "save/Const:0"\nrestore_op_name: "save/all"\nversion: V2\n');
    expect((await readSaver(path)).restore_op_name).toBe('save/all');
  });
  it('and nothing else for one', async () => {
    const path = file(graphDef(smallNodes), 'graph.pb');
    const error = await failure(() => readSaver(path));
    expect([error.code, error.message]).toEqual(['WRONG_FILE_KIND', `${path} is a binary GraphDef, not a SaverDef.`]);
  });
});
