import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PermafrostError } from '../../src/errors.js';
import { readGraph } from '../../src/io/read-graph.js';
import { failure } from '../support/failure.js';
import { graphDef, placeholder } from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { metaGraph, savedModel, savedModelBytes } from '../support/saved-model.js';

const refusal = (path: string, tags?: string[]): Promise<PermafrostError> => failure(() => readGraph(path, tags));

/** Two graphs that are told apart by their only node. */
const tagged = (...tagSets: string[][]): Uint8Array =>
  savedModelBytes(...tagSets.map((tags, index) => metaGraph({}, tags, [placeholder(`graph${index}`)])));

async function chosen(bytes: Uint8Array, tags?: string[]): Promise<string | undefined> {
  return (await readGraph(savedModel(bytes), tags)).graph.nodes[0]?.name;
}

const text = `
saved_model_schema_version: 1
meta_graphs {
  meta_info_def { tags: "serve" any_info { [type.googleapis.com/tensorflow.AssetFileDef] { filename: "a" } } }
  graph_def { node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } } } }
}`;

describe('a SavedModel is read', () => {
  it('from its folder', async () => {
    const folder = savedModel();
    const { graph, kind, folder: found, path } = await readGraph(folder);
    expect(graph.nodes.map(({ name }) => name)).toEqual(smallNodes.map(({ name }) => name));
    expect(kind).toBe("a SavedModel (saved_model.pb, tags 'serve')");
    expect([found, path]).toEqual([folder, join(folder, 'saved_model.pb')]);
  });
  it('from its file', async () => {
    const folder = savedModel();
    const { folder: found, graph } = await readGraph(join(folder, 'saved_model.pb'));
    expect([found, graph.nodes.length]).toEqual([folder, smallNodes.length]);
  });
  it('from text, any values of any type included', async () => {
    const { graph } = await readGraph(savedModel(text, { name: 'saved_model.pbtxt' }));
    expect(graph.nodes.map(({ name }) => name)).toEqual(['x']);
  });
  it('from the binary file where both are there, as TensorFlow does', async () => {
    const folder = savedModel();
    writeFileSync(join(folder, 'saved_model.pbtxt'), text);
    expect((await readGraph(folder)).graph.nodes).toHaveLength(smallNodes.length);
  });
  it('from a folder in which a GraphDef has the name of a SavedModel', async () => {
    const { kind, folder } = await readGraph(savedModel(graphDef(smallNodes)));
    expect([kind, folder]).toEqual(['a binary GraphDef', undefined]);
  });
});

describe('the graph of a SavedModel is', () => {
  it("the one tagged 'serve'", async () => expect(await chosen(tagged(['train'], ['serve']))).toBe('graph1'));
  it('the one with the tags, in any order', async () => {
    expect(await chosen(tagged(['serve'], ['serve', 'gpu']), ['gpu', 'serve'])).toBe('graph1');
  });
  it('the one without tags', async () => expect(await chosen(tagged(['serve'], []), [])).toBe('graph1'));
  it('the first of those with the same tags', async () => {
    expect(await chosen(tagged(['serve'], ['serve']))).toBe('graph0');
  });
});

describe('what is refused', () => {
  it('wrong tags, with those that there are', async () => {
    const { code, message } = await refusal(savedModel(tagged(['serve'], ['serve', 'gpu'], [])), ['gpu']);
    expect(code).toBe('INVALID_ARGUMENT');
    expect(message).toMatch(/^There is no graph with the tags 'gpu' in .*saved_model\.pb; /);
    expect(message).toMatch(/There are graphs with 'serve' and with 'serve,gpu' and with '' \(none\)\.$/);
  });
  it('tags that repeat one do not stand for two', async () => {
    expect((await refusal(savedModel(tagged(['serve', 'gpu'])), ['serve', 'serve'])).code).toBe('INVALID_ARGUMENT');
  });
  it('tags for a graph that is not chosen by them', async () => {
    const path = join(savedModel(), 'graph.pb');
    writeFileSync(path, graphDef(smallNodes));
    const { code, message } = await refusal(path, ['serve']);
    expect([code, message]).toEqual([
      'INVALID_ARGUMENT',
      `${path} is a binary GraphDef, and only the graphs of a SavedModel are chosen by tags. Leave the tags out.`,
    ]);
  });
  it('a SavedModel without graphs', async () => {
    const { code, message } = await refusal(savedModel(savedModelBytes()));
    expect([code, message]).toEqual(['GRAPH_MALFORMED', expect.stringMatching(/has no MetaGraphDef, so there is no/)]);
  });
  it('an empty file', async () => {
    expect((await refusal(savedModel(''))).message).toMatch(/^The SavedModel .* has no MetaGraphDef/);
  });
  it('a file that is cut off anywhere', async () => {
    const whole = savedModelBytes(metaGraph());
    for (let length = 3; length < whole.length; length += 7) {
      const { code } = await refusal(savedModel(whole.subarray(0, length), { tensors: [] }));
      expect(['GRAPH_MALFORMED', 'WRONG_FILE_KIND']).toContain(code);
    }
  });
  it('a text that is cut off', async () => {
    const { code } = await refusal(savedModel(text.slice(0, -2), { name: 'saved_model.pbtxt' }));
    expect(code).toBe('GRAPH_MALFORMED');
  });
  it('a SavedModel in chunks, with what to do', async () => {
    const folder = savedModel('riegeli', { name: 'saved_model.cpb' });
    for (const path of [folder, join(folder, 'saved_model.cpb')]) {
      const { code, message } = await refusal(path);
      expect(code).toBe('WRONG_FILE_KIND');
      expect(message).toMatch(
        /is a SavedModel in chunks \(saved_model\.cpb\), not a graph\. .*experimental_image_format/,
      );
    }
  });
});
