// What stands in a frozen SavedModel. That TensorFlow loads and runs it is for `npm run test:tensorflow` to show.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namesIn } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import { freeTarget, frozen, lookups, modelWith, nodeOf, refused, view } from '../support/frozen-saved-model.js';
import {
  boolType,
  encode,
  float,
  graphDef,
  identity,
  int64Type,
  placeholder,
  refVariable,
  stringTensor,
  stringType,
  typeAttr,
} from '../support/graph-def.js';
import { smallModel, smallNodes } from '../support/model.js';
import { metaGraph, savedModel, savedModelBytes, smallSignature, tensorInfo } from '../support/saved-model.js';
import { writeSparseCheckpoint } from '../support/sparse-checkpoint.js';
import { message } from '../support/write-bundle.mjs';

describe('a frozen SavedModel', () => {
  it('has the graph that the layout graph-def writes', async () => {
    const graph = savedModel();
    const out = `${freeTarget()}.pb`;
    await freeze({ graph, out });
    const [folder, report] = await frozen(graph);
    const encoded = view(folder).graph_def;
    expect(Buffer.from(encode('GraphDef', encoded))).toEqual(readFileSync(out));
    expect(report.files).toEqual([
      { path: join(folder, 'saved_model.pb'), bytes: readFileSync(join(folder, 'saved_model.pb')).length },
    ]);
    expect(namesIn(folder)).toEqual(['saved_model.pb']);
  });

  it('frozen again is the same, tables, inputs and all', async () => {
    const inputs = { x: tensorInfo('x:0', float, 2), training: tensorInfo('training:0', boolType) };
    const outputs = { found: tensorInfo('z:0', int64Type) };
    const source = modelWith([placeholder('training', boolType), ...lookups('one', 'two')], {
      signature_def: { serving_default: smallSignature, look: { inputs, outputs } },
      asset_file_def: [{ tensor_info: { name: 'one/path:0' }, filename: 'words.txt' }],
    });
    writeFileSync(join(source, 'assets', 'words.txt'), 'a\nb\n');
    const [once] = await frozen(source);
    const [twice] = await frozen(once);
    expect(readFileSync(join(twice, 'saved_model.pb'))).toEqual(readFileSync(join(once, 'saved_model.pb')));
    expect(readFileSync(join(twice, 'assets', 'words.txt'), 'utf8')).toBe('a\nb\n');
  });

  it('is made of a graph without variables, too', async () => {
    const { graph } = smallModel([placeholder('x'), identity('y', 'x')]);
    const [folder, { variables }] = await frozen(graph, { outputs: 'y' });
    expect([variables, view(folder).graph_def.node.map(({ name }) => name)]).toEqual([[], ['x', 'y']]);
  });

  it('keeps what its source says of itself, but for the names of functions', async () => {
    const info = encode('MetaGraphDef.MetaInfoDef', {
      tags: ['serve', 'gpu'],
      tensorflow_version: '1.15.5',
      stripped_op_list: { op: [{ name: 'Mul' }] },
      function_aliases: { serve: '__inference_serve_12' },
    });
    const rest = encode('MetaGraphDef', { graph_def: { node: smallNodes }, signature_def: { s: smallSignature } });
    // Field 99: of a TensorFlow that there is not yet.
    const later = message(99, Buffer.from('later'));
    const meta = message(1, Buffer.concat([info, later]));
    const version = Buffer.from([0x08, 0x01]);
    const graph = savedModel(Buffer.concat([version, message(2, Buffer.concat([meta, rest]))]));
    const [folder] = await frozen(graph, { tags: 'serve,gpu' });
    expect(view(folder).meta_info_def).toEqual({
      tags: ['serve', 'gpu'],
      tensorflow_version: '1.15.5',
      stripped_op_list: { op: [{ name: 'Mul' }] },
    });
    expect(readFileSync(join(folder, 'saved_model.pb')).includes(later)).toBe(true);
  });

  it('has the tags of a SavedModel that it is made of, and else the usual one', async () => {
    const { graph, checkpoint } = smallModel();
    const tagsOf = async (...args: Parameters<typeof frozen>): Promise<unknown> =>
      view((await frozen(...args))[0]).meta_info_def?.tags;
    expect(await tagsOf(graph, { checkpoint, outputs: 'y' })).toEqual(['serve']);
    writeFileSync(graph, encode('MetaGraphDef', metaGraph({ meta_info_def: { tensorflow_version: '1.4' } })));
    expect(await tagsOf(graph, { checkpoint })).toEqual(['serve']);
    writeFileSync(graph, encode('MetaGraphDef', metaGraph({}, ['train'])));
    expect(await tagsOf(graph, { checkpoint })).toEqual(['serve']);
    const untagged = savedModel(savedModelBytes(metaGraph({}, [])));
    expect(await tagsOf(untagged, { tags: [] })).toBeUndefined();
  });
});

describe('what the loader runs', () => {
  it('is what fills the only table', async () => {
    const [folder] = await frozen(modelWith(lookups('one')), { outputs: 'z' });
    expect(view(folder).collection_def).toEqual({ saved_model_main_op: { node_list: { value: ['one/fill'] } } });
  });
  it('is a node of its own, of a free name, where there are several tables', async () => {
    const nodes = [...lookups('one', 'two'), identity('fill_tables', 'z', int64Type)];
    const [folder, { tableInitializers }] = await frozen(modelWith(nodes), { outputs: 'fill_tables' });
    expect(view(folder).collection_def).toEqual({ saved_model_main_op: { node_list: { value: ['fill_tables_1'] } } });
    expect(nodeOf(folder, 'fill_tables_1')).toMatchObject({ op: 'NoOp', input: ['^one/fill', '^two/fill'] });
    expect(tableInitializers).toEqual(['one/fill', 'two/fill']);
  });
  it('is nothing where there are no tables', async () => {
    expect(view((await frozen(savedModel()))[0]).collection_def).toBeUndefined();
  });
});

describe('a SavedModel cannot be frozen to one', () => {
  it('with variables left', async () => {
    const { code, message: text } = await refused(savedModel(), { deny: 'w' });
    expect([code, text]).toEqual([
      'INVALID_ARGUMENT',
      "A frozen SavedModel has no values of variables, and the allow and deny lists keep 'w'. " +
        "Freeze them too, or write the layout 'graph-def'.",
    ]);
  });
  it('of more than 2 GiB, and is told which layouts can be', async () => {
    const { graph, checkpoint } = smallModel();
    const size = 3 * 2 ** 30;
    writeFileSync(graph, graphDef([refVariable('w', float, size / 4), identity('y', 'w')]));
    writeSparseCheckpoint(checkpoint, { w: size });
    const { code, message: text } = await refused(graph, { checkpoint, outputs: 'y' });
    expect(code).toBe('OUTPUT_TOO_LARGE');
    expect(text).toMatch(/no program can read a SavedModel of more than 2147483647 .* mmap, memmapped or tfjs\.$/);
  });
});

it('string tensors of more than one element survive', async () => {
  const words = {
    name: 'words',
    op: 'Const',
    attr: { dtype: typeAttr(stringType), value: stringTensor('a', '', 'c') },
  };
  const [folder] = await frozen(modelWith([words, identity('y2', 'words', stringType)]), { outputs: 'y2' });
  expect(nodeOf(folder, 'words')).toMatchObject({ attr: { value: stringTensor('a', '', 'c') } });
});
