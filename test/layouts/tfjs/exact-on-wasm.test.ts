import { beforeAll, describe, expect, it } from 'vitest';
import {
  boolType,
  float,
  graphDef,
  int32Type,
  intAttr,
  type NodeLiteral,
  placeholder,
  shapeAttr,
  typeAttr,
} from '../../support/graph-def.js';
import { graphModel } from '../../support/graph-model.js';
import { type Backend, chooseBackend, loadGraphModel, runTfjs, type TensorValues } from '../../support/tfjs.mjs';

const backends: readonly Backend[] = ['cpu', 'wasm'];

const cast = (name: string, input: string, from: number, to: number): NodeLiteral => ({
  name,
  op: 'Cast',
  input: [input],
  attr: { SrcT: typeAttr(from), DstT: typeAttr(to) },
});
const scalar = (name: string, dtype: number, values: object): NodeLiteral => ({
  name,
  op: 'Const',
  attr: { dtype: typeAttr(dtype), value: { tensor: { dtype, tensor_shape: {}, ...values } } },
});

async function valuesOf(nodes: readonly NodeLiteral[], x: TensorValues): Promise<readonly unknown[] | undefined> {
  const { json, weights, refusal } = await graphModel(graphDef(nodes), ['y']);
  expect(refusal).toBeUndefined();
  return (await runTfjs(await loadGraphModel(json, weights), { x })).y?.values;
}

describe.each(backends)('on %s', (backend) => {
  beforeAll(() => chooseBackend(backend));

  it.each([
    [float, 'float32', [0, 0.25, -3, 256]],
    [int32Type, 'int32', [0, 1, -1, 256]],
  ])('a Cast of type %i to bool is whether a number is not 0', async (type, dtype, values) => {
    const nodes = [placeholder('x', type), cast('b', 'x', type, boolType), cast('y', 'b', boolType, float)];
    expect(await valuesOf(nodes, { dtype, shape: [4], values })).toEqual([0, 1, 1, 1]);
  });

  it('a OneHot of floats has floats in it', async () => {
    const nodes: NodeLiteral[] = [
      placeholder('x', int32Type),
      scalar('depth', int32Type, { int_val: [3] }),
      scalar('on', float, { float_val: [1] }),
      scalar('off', float, { float_val: [0] }),
      {
        name: 'y',
        op: 'OneHot',
        input: ['x', 'depth', 'on', 'off'],
        attr: { T: typeAttr(float), TI: typeAttr(int32Type), axis: intAttr(-1) },
      },
    ];
    const x = { dtype: 'int32', shape: [2], values: [2, -1] };
    expect(await valuesOf(nodes, x)).toEqual([0, 0, 1, 0, 0, 0]);
  });

  it('a size of 0 may be fed', async () => {
    const x: NodeLiteral = { name: 'x', op: 'Placeholder', attr: { dtype: typeAttr(float), shape: shapeAttr(0, 2) } };
    const y: NodeLiteral = { name: 'y', op: 'Neg', input: ['x'], attr: { T: typeAttr(float) } };
    expect(await valuesOf([x, y], { dtype: 'float32', shape: [0, 2], values: [] })).toEqual([]);
  });
});

describe('a Cast to uint8', () => {
  const clipped = (most: number): NodeLiteral[] => [
    placeholder('x'),
    scalar('most', float, { float_val: [most] }),
    scalar('least', float, { float_val: [0] }),
    { name: 'below', op: 'Minimum', input: ['x', 'most'], attr: { T: typeAttr(float) } },
    { name: 'between', op: 'Maximum', input: ['below', 'least'], attr: { T: typeAttr(float) } },
    { name: 'whole', op: 'Round', input: ['between'], attr: { T: typeAttr(float) } },
    cast('y', 'whole', float, 4),
  ];
  const refusalOf = async (nodes: readonly NodeLiteral[]) => (await graphModel(graphDef(nodes), ['y'])).refusal;

  it('is refused unless its numbers are clipped to what fits', async () => {
    expect(await refusalOf(clipped(255))).toBeUndefined();
    expect(await refusalOf(clipped(256))).toContain('Clip them to constants in front of the node');
    expect(await refusalOf([placeholder('x'), cast('y', 'x', float, 4)])).toContain('Clip them');
  });
});
