// What becomes of signatures when a graph is cut.
import { expect, it } from 'vitest';
import { frozen, modelWith, view } from '../support/frozen-saved-model.js';
import { float, floatNode, placeholder, stringType } from '../support/graph-def.js';
import { tensorInfo } from '../support/saved-model.js';

const nodes = [
  placeholder('file', stringType),
  placeholder('side'),
  floatNode('Relu', 'decoded', 'file'),
  floatNode('AddV2', 'sum', 'decoded', 'side'),
];
const signature = {
  inputs: { file: tensorInfo('file:0', stringType), side: tensorInfo('side:0', float) },
  outputs: { sum: tensorInfo('sum:0', float, 2) },
  method_name: 'm',
};
const other = { inputs: { side: tensorInfo('side:0', float) }, outputs: { side: tensorInfo('side:0', float) } };
const model = (): string => modelWith(nodes, { signature_def: { serving_default: signature, other } });

it('an input in front of the cut goes, and what is fed in its place comes; the others stay', async () => {
  const [folder, report] = await frozen(model(), { inputs: 'decoded=image:float32[?,2]' });
  const { serving_default: cut, other: whole } = view(folder).signature_def ?? {};
  const image = { name: 'image:0', dtype: float, tensor_shape: { dim: [{ size: -1 }, { size: 2 }] } };
  expect(cut).toEqual({ ...signature, inputs: { side: { name: 'side:0', dtype: float, tensor_shape: {} }, image } });
  expect(Object.keys((whole as { inputs?: object }).inputs ?? {})).toEqual(['side']);
  expect(report.signature?.inputs.map(({ name, tensor, kept }) => [name, tensor, kept])).toEqual([
    ['side', 'side:0', true],
    ['image', 'image:0', true],
  ]);
});

it('an input that is itself given another shape keeps its name', async () => {
  const [folder] = await frozen(model(), { outputs: 'sum', inputs: 'side=side:float32[5]' });
  const { inputs } = (view(folder).signature_def?.serving_default ?? {}) as { inputs?: Record<string, object> };
  expect(inputs?.side).toEqual({ name: 'side:0', dtype: float, tensor_shape: { dim: [{ size: 5 }] } });
  expect(Object.keys(inputs ?? {}).sort()).toEqual(['file', 'side']);
});

it('an input that is bound goes, from the report too', async () => {
  const [folder, report] = await frozen(model(), { outputs: 'sum', signature: 'serving_default', bind: 'file=x' });
  const { serving_default: bound } = view(folder).signature_def ?? {};
  expect(bound).toEqual({ ...signature, inputs: { side: { name: 'side:0', dtype: float, tensor_shape: {} } } });
  expect(report.signature?.inputs.map(({ name }) => name)).toEqual(['side']);
});
