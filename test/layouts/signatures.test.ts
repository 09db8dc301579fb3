// The signatures of frozen SavedModels.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { messageType } from '../../src/proto/types.js';
import { frozen, lookups, modelWith, nodeOf, refused, view } from '../support/frozen-saved-model.js';
import {
  boolType,
  encode,
  float,
  identity,
  int32Type,
  int64Type,
  type NodeLiteral,
  placeholder,
  shapeAttr,
  stringType,
  typeAttr,
} from '../support/graph-def.js';
import { smallModel, smallNodes } from '../support/model.js';
import { metaGraph, savedModel, savedModelBytes, smallSignature, tensorInfo } from '../support/saved-model.js';

describe('the signatures of a frozen SavedModel', () => {
  const both = { serving_default: smallSignature, other: { outputs: { w: tensorInfo('other:0', float, 2) } } };
  const withBoth = (): string => modelWith([identity('other', 'w/read')], { signature_def: both });
  const namesOf = async (...args: Parameters<typeof frozen>): Promise<string[]> =>
    Object.keys(view((await frozen(...args))[0]).signature_def ?? {}).sort();

  it('are all of the source, as they were', async () => {
    const sparse = { values_tensor_name: 'v:0', indices_tensor_name: 'i:0', dense_shape_tensor_name: 's:0' };
    const inputs = { ids: { coo_sparse: sparse, dtype: float, tensor_shape: { dim: [{ size: -1 }, { size: 7 }] } } };
    const ragged = {
      composite_tensor: { type_spec: { type_spec_class: 4 }, components: [tensorInfo('y:0'), tensorInfo('w/read:0')] },
    };
    const defaults = { ids: { dtype: float, tensor_shape: {}, float_val: [2] } };
    const signature = { inputs, outputs: { r: ragged }, method_name: 'm', defaults };
    const parts = [placeholder('v'), placeholder('i', int64Type), placeholder('s', int64Type)];
    const graph = modelWith([...parts, identity('other', 'w/read')], {
      signature_def: { signature, ...both, __saved_model_init_op: { outputs: {} } },
    });
    const [folder] = await frozen(graph);
    const type = messageType('SignatureDef');
    const plain = type.toObject(type.decode(encode('SignatureDef', signature)), { longs: Number });
    expect(view(folder).signature_def?.signature).toEqual(plain);
  });
  it('are those whose outputs are kept, where outputs or a signature are named', async () => {
    expect(await namesOf(withBoth())).toEqual(['other', 'serving_default']);
    expect(await namesOf(withBoth(), { signature: 'other' })).toEqual(['other']);
    expect(await namesOf(withBoth(), { outputs: 'y' })).toEqual(['serving_default']);
  });
  it('are made of placeholders and outputs, where none is kept', async () => {
    const [folder] = await frozen(withBoth(), { outputs: 'w/read' });
    expect(view(folder).signature_def).toEqual({
      serving_default: {
        outputs: { 'w/read': { name: 'w/read:0', dtype: float, tensor_shape: { unknown_rank: true } } },
        method_name: 'tensorflow/serving/predict',
      },
    });
  });
  it('name every output of an op, and every placeholder without a default', async () => {
    const x = { ...placeholder('x', int32Type), attr: { dtype: typeAttr(int32Type), shape: shapeAttr(-1, 4) } };
    const axis = { name: 'axis', op: 'Const', attr: { dtype: typeAttr(int32Type), value: { tensor: { dtype: 3 } } } };
    const open = { name: 'open', op: 'PlaceholderWithDefault', input: ['axis'], attr: { dtype: typeAttr(int32Type) } };
    const y = {
      name: 'y',
      op: 'Split',
      input: ['open', 'x'],
      attr: { num_split: { i: 2 }, T: typeAttr(int32Type) },
    };
    const own = { name: 'own', op: 'OpOfNobody', input: ['y:1'] };
    const { graph } = smallModel([x, axis, open, y, own]);
    const [folder] = await frozen(graph, { outputs: 'y,own' });
    const output = (name: string, dtype?: number): object => ({
      name,
      ...(dtype === undefined ? {} : { dtype }),
      tensor_shape: { unknown_rank: true },
    });
    expect(view(folder).signature_def?.serving_default).toEqual({
      inputs: { x: tensorInfo('x:0', int32Type, -1, 4) },
      outputs: { y: output('y:0', int32Type), 'y:1': output('y:1', int32Type), own: output('own:0') },
      method_name: 'tensorflow/serving/predict',
    });
  });
  it('do not take the paths of assets, which are placeholders in models of TensorFlow 2', async () => {
    const path = placeholder('one/path', stringType);
    const graph = modelWith([path, ...lookups('one').filter(({ name }) => name !== path.name)], {
      asset_file_def: [{ tensor_info: { name: 'one/path:0' }, filename: 'words.txt' }],
      signature_def: {},
    });
    writeFileSync(join(graph, 'assets', 'words.txt'), 'a\n');
    const [folder] = await frozen(graph, { outputs: 'z' });
    expect(nodeOf(folder, 'one/path')).toMatchObject({ op: 'Placeholder' });
    expect(view(folder).signature_def?.serving_default?.inputs).toBeUndefined();
  });
  for (const layout of ['saved-model', 'tfjs'] as const) {
    it(`name no output that a node does not have (${layout})`, async () => {
      const bad = (tensor: string): string =>
        modelWith([], { signature_def: { s: { ...smallSignature, outputs: { y: tensorInfo(tensor, float, 2) } } } });
      const { code, message: text } = await refused(bad('y:1'), { layout });
      expect([code, text]).toEqual([
        'GRAPH_INVALID',
        "The signature 's' names the tensor 'y:1', and node 'y' (Mul) has one output. Export the model again, or freeze " +
          "it to the layout 'graph-def', which has no signatures.",
      ]);
      expect((await refused(bad('y:one'), { layout })).code).toBe('GRAPH_INVALID');
    });
  }
  it('name what a call gives, and not more', async () => {
    const body = { node_def: [], ret: { a: 'x', b: 'x' } };
    const input_arg = [{ name: 'x', type: float }];
    const output_arg = ['a', 'b'].map((name) => ({ name, type: float }));
    const library = { function: [{ signature: { name: 'twice', input_arg, output_arg }, ...body }] };
    const types = { list: { type: [float, float] } };
    const attr = { f: { func: { name: 'twice' } }, Tin: { list: { type: [float] } }, Tout: types };
    const call = { name: 'call', op: 'PartitionedCall', input: ['x'], attr };
    const graphOf = (tensor: string): string =>
      savedModel(
        savedModelBytes(
          metaGraph({
            graph_def: { node: [...smallNodes, call], library },
            signature_def: { s: { ...smallSignature, outputs: { z: tensorInfo(tensor, float, 2) } } },
          }),
        ),
      );
    await frozen(graphOf('call:1'));
    await frozen(graphOf('call:1'), { inline: true });
    expect((await refused(graphOf('call:2'))).message).toMatch(/node 'call' \(PartitionedCall\) has 2 outputs\./);
  });
  it('cannot be made of outputs without values', async () => {
    const { graph } = smallModel([{ name: 'y', op: 'NoOp' }]);
    const { code, message: text } = await refused(graph, { outputs: 'y' });
    expect([code, text]).toEqual(['INVALID_ARGUMENT', expect.stringMatching(/^None of the outputs \(y\) has a value/)]);
  });
});

describe('an input that no output needs', () => {
  const withInput = (tensor: string, nodes: NodeLiteral[]): string => {
    const inputs = { x: tensorInfo('x:0', float, 2), extra: tensorInfo(tensor, boolType, -1, 3) };
    return modelWith(nodes, { signature_def: { s: { inputs, outputs: { y: tensorInfo('y:0') } } } });
  };
  it('is a placeholder, so that callers need not change', async () => {
    const [folder, { signature }] = await frozen(withInput('pipe', [{ name: 'pipe', op: 'OpOfNobody', input: ['x'] }]));
    expect(nodeOf(folder, 'pipe')).toEqual({
      name: 'pipe',
      op: 'Placeholder',
      attr: { dtype: { type: boolType }, shape: { shape: { dim: [{ size: -1 }, { size: 3 }] } } },
    });
    expect(signature?.inputs.every(({ kept }) => kept)).toBe(true);
  });
  it('leaves the signature where it is the second output of a node, which no placeholder has', async () => {
    const [folder] = await frozen(withInput('pipe:1', [{ name: 'pipe', op: 'OpOfNobody' }]));
    expect(Object.keys(view(folder).signature_def?.s?.inputs ?? {})).toEqual(['x']);
    expect(nodeOf(folder, 'pipe')).toBeUndefined();
  });
});
