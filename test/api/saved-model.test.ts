// SavedModels from end to end: their own variables, their signatures, their assets.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { FreezeOptions, PermafrostError } from '../../src/index.js';
import { failure } from '../support/failure.js';
import { temporaryFolder } from '../support/folder.js';
import { freeze, freezeGraph } from '../support/freeze.js';
import { encode, float, type NodeLiteral, placeholder, stringTensor, viewGraphDef } from '../support/graph-def.js';
import { smallModel, smallNodes } from '../support/model.js';
import { metaGraph, savedModel, savedModelBytes, tensorInfo } from '../support/saved-model.js';

const target = (): string => join(temporaryFolder(), 'frozen.pb');
const refusal = (graph: string, more: Partial<FreezeOptions> = {}): Promise<PermafrostError> =>
  failure(() => freeze({ graph, dryRun: true, ...more }));

/** The same graph and checkpoint, handed over as two files. */
async function frozenApart(): Promise<Buffer> {
  const { graph, checkpoint, out } = smallModel();
  await freeze({ graph, checkpoint, outputs: 'y', out });
  return readFileSync(out);
}

describe('a SavedModel is frozen', () => {
  it('with its own variables, to the outputs of its signature', async () => {
    const out = target();
    const folder = savedModel();
    const report = await freeze({ graph: folder, out });
    expect(readFileSync(out)).toEqual(await frozenApart());
    expect(report.outputs).toEqual(['y']);
    expect(report.checkpoint).toBe(join(folder, 'variables', 'variables'));
  });
  it('with another checkpoint', async () => {
    const { checkpoint, out } = smallModel();
    const report = await freeze({ graph: savedModel(undefined, { tensors: [] }), checkpoint, out });
    expect(report.checkpoint).toBe(checkpoint);
  });
  it("by TensorFlow's parameters, with the variables beside it and not the checkpoint", async () => {
    const output_graph = target();
    const folder = savedModel();
    const both = { input_saved_model_dir: folder, input_checkpoint: 'nowhere', input_graph: 'nothing' };
    await freezeGraph({ ...both, output_node_names: 'y', saved_model_tags: ' serve', output_graph });
    expect(readFileSync(output_graph)).toEqual(await frozenApart());
  });
  it('without tags by the empty list of them', async () => {
    const folder = savedModel(savedModelBytes(metaGraph({}, [])));
    expect(
      (await freezeGraph({ input_saved_model_dir: folder, output_node_names: 'y', saved_model_tags: '' })).bytes,
    ).toBe((await frozenApart()).length);
  });
});

it('a SavedModel without variables is frozen to its graph, without a checkpoint', async () => {
  const nodes = [placeholder('x'), { name: 'y', op: 'Relu', input: ['x'], attr: { T: { type: float } } }];
  const folder = savedModel(savedModelBytes(metaGraph({}, ['serve'], [...nodes, placeholder('z')])), { tensors: [] });
  const out = target();
  const { checkpoint, variables } = await freeze({ graph: folder, out });
  expect([checkpoint, variables]).toEqual([undefined, []]);
  expect(viewGraphDef(readFileSync(out)).names).toEqual(['x', 'y']);
});

describe("a SavedModel's own op for its loader", () => {
  const tensor = { dtype: float, tensor_shape: { dim: [{ size: 2 }] }, float_val: [7, 8] };
  const assigning = (value: NodeLiteral): string => {
    const set = { name: 'set', op: 'Assign', input: ['w', value.name], attr: { T: { type: float } } };
    const collection_def = { saved_model_main_op: { node_list: { value: ['set'] } } };
    return savedModel(savedModelBytes(metaGraph({ collection_def }, ['serve'], [...smallNodes, value, set])));
  };
  const constant = { name: 'later', op: 'Const', attr: { dtype: { type: float }, value: { tensor } } };
  const random = { name: 'later', op: 'RandomStandardNormal', input: ['x'], attr: { dtype: { type: float } } };

  it('assigns after the variables are restored', async () => {
    const out = target();
    const { variables } = await freeze({ graph: assigning(constant), out });
    expect(variables.map(({ name, key }) => [name, key])).toEqual([['w', undefined]]);
    // tensor_content: 7 and 8
    expect(readFileSync(out).toString('hex')).toContain('22080000e04000000041');
  });
  it('does not run after another checkpoint is', async () => {
    const { checkpoint } = smallModel();
    const { variables } = await freeze({ graph: assigning(random), checkpoint, dryRun: true });
    expect(variables.map(({ name, key }) => [name, key])).toEqual([['w', 'w']]);
  });
  it('is refused where only a session can compute what it assigns', async () => {
    const { code, message } = await refusal(assigning(random));
    expect([code, message]).toEqual(['UNSUPPORTED', expect.stringContaining("'later' (RandomStandardNormal) stands")]);
  });
});

describe('the report of a SavedModel', () => {
  it('says what to feed and to fetch', async () => {
    const { signature } = await freeze({ graph: savedModel(), dryRun: true });
    expect(signature).toEqual({
      name: 'serving_default',
      inputs: [{ name: 'x', part: '', tensor: 'x:0', dtype: 'float32', shape: [2], kept: true }],
      outputs: [{ name: 'product', part: '', tensor: 'y:0', dtype: 'float32', shape: [2], kept: true }],
    });
  });
  it('says which inputs the outputs do not need', async () => {
    const inputs = { x: tensorInfo('x:0'), training: tensorInfo('training:0') };
    const outputs = { y: tensorInfo('y:0') };
    const nodes = [...smallNodes, placeholder('training')];
    const folder = savedModel(
      savedModelBytes(metaGraph({ signature_def: { s: { inputs, outputs } } }, ['serve'], nodes)),
    );
    const { signature } = await freeze({ graph: folder, dryRun: true });
    expect(signature?.inputs.map(({ name, kept }) => [name, kept])).toEqual([
      ['training', false],
      ['x', true],
    ]);
  });
  it('names the assets that are left, whether their files are there or not', async () => {
    const path = (name: string): (typeof smallNodes)[number] => ({
      name,
      op: 'Const',
      attr: { dtype: { type: 7 }, value: stringTensor(name) },
    });
    const nodes = [
      ...smallNodes,
      path('there'),
      path('missing'),
      path('unused'),
      { name: 'z', op: 'Identity', input: ['y', '^there', '^missing'], attr: { T: { type: float } } },
    ];
    const asset_file_def = ['there', 'missing', 'unused'].map((name) => ({
      tensor_info: { name: `${name}:0` },
      filename: `${name}.txt`,
    }));
    const folder = savedModel(savedModelBytes(metaGraph({ asset_file_def }, ['serve'], nodes)));
    for (const name of ['there', 'unused']) writeFileSync(join(folder, 'assets', `${name}.txt`), '');
    const out = target();
    const { assets } = await freeze({ graph: folder, outputs: 'z', out });
    expect(assets).toEqual([
      { tensor: 'there:0', file: join(folder, 'assets', 'there.txt'), exists: true },
      { tensor: 'missing:0', file: join(folder, 'assets', 'missing.txt'), exists: false },
    ]);
    const { nodes: frozen } = viewGraphDef(readFileSync(out));
    expect(frozen.get('there')?.attr.value).toMatchObject({ tensor: { string_val: [Buffer.from('there')] } });
  });
});

describe('the signature is', () => {
  const two = (names: string[]): string =>
    savedModel(
      savedModelBytes(
        metaGraph({
          signature_def: Object.fromEntries(
            names.map((name, index) => [name, { outputs: { o: tensorInfo(index === 0 ? 'w/read:0' : 'y:0') } }]),
          ),
        }),
      ),
    );
  const outputsOf = async (graph: string, more: Partial<FreezeOptions> = {}): Promise<readonly string[]> =>
    (await freeze({ graph, dryRun: true, ...more })).outputs;

  it('the usual one of several', async () => expect(await outputsOf(two(['a', 'serving_default']))).toEqual(['y']));
  it('the only one', async () => expect(await outputsOf(two(['a']))).toEqual(['w/read']));
  it('the one that is named', async () => expect(await outputsOf(two(['a', 'b']), { signature: 'b' })).toEqual(['y']));
  it("that of a MetaGraphDef file's", async () => {
    const { graph, checkpoint } = smallModel();
    writeFileSync(graph, encode('MetaGraphDef', metaGraph()));
    expect(await outputsOf(graph, { checkpoint })).toEqual(['y']);
  });
  it('none where outputs are named', async () => {
    expect((await freeze({ graph: two(['a', 'b']), outputs: 'y', dryRun: true })).signature).toBeUndefined();
  });
  it('described where both are named, with the outputs that were', async () => {
    const { outputs, signature } = await freeze({
      graph: two(['a', 'b']),
      outputs: 'w/read',
      signature: 'b',
      dryRun: true,
    });
    expect(outputs).toEqual(['w/read']);
    expect(signature?.outputs.map(({ tensor, kept }) => [tensor, kept])).toEqual([['y:0', false]]);
  });
  it('asked for where there are several, none of them the usual one', async () => {
    const { code, message } = await refusal(two(['a', 'b']));
    expect(code).toBe('INVALID_ARGUMENT');
    expect(message).toMatch(/has several signatures and none is 'serving_default': choose one/);
    expect(message).toContain("\n  'a': from nothing to 'o'\n  'b': from nothing to 'o'");
  });
  it('refused where there is none of that name, with those that there are', async () => {
    const { code, message } = await refusal(savedModel(), { signature: 'predict' });
    expect(code).toBe('INVALID_ARGUMENT');
    expect(message).toMatch(
      /^There is no signature 'predict' in .*saved\. The signatures are:\n {2}'serving_default': from 'x' to 'product'$/,
    );
  });
  it('refused where it has no outputs', async () => {
    const folder = savedModel(savedModelBytes(metaGraph({ signature_def: { s: { inputs: {} } } })));
    expect((await refusal(folder)).message).toMatch(
      /^The signature 's' of .* has no outputs\. Name the output nodes\.$/,
    );
  });
  it('refused where its output is not in the graph', async () => {
    const signature_def = { s: { outputs: { o: tensorInfo('nobody:0') } } };
    expect((await refusal(savedModel(savedModelBytes(metaGraph({ signature_def }))))).code).toBe('OUTPUT_NOT_FOUND');
  });
});

describe('a SavedModel is refused', () => {
  it('without its variables', async () => {
    const folder = savedModel(undefined, { tensors: [] });
    const { code, message } = await refusal(folder);
    expect(code).toBe('CHECKPOINT_NOT_FOUND');
    expect(message).toMatch(
      /^The SavedModel .* has no values of its variables: there is no .*variables\.index\. A SavedModel is its whole folder/,
    );
  });
  it('without its shard', async () => {
    const folder = savedModel();
    rmSync(join(folder, 'variables', 'variables.data-00000-of-00001'));
    expect((await failure(() => freeze({ graph: folder, out: target() }))).code).toBe('SHARD_MISSING');
  });
  it('as its own target', async () => {
    const folder = savedModel();
    const file = join(folder, 'saved_model.pb');
    const before = readFileSync(file);
    const { code, message } = await failure(() => freeze({ graph: folder, out: file }));
    expect([code, message]).toEqual(['INVALID_ARGUMENT', expect.stringMatching(/is the same file as the source/)]);
    expect(readFileSync(file)).toEqual(before);
  });
});
