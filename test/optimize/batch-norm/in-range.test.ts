/** Numbers that types have no place for: those of float16 end at 65504, those of float32 at 2^128. */
import { describe, expect, it } from 'vitest';
import { floatTensor } from '../../../src/evaluate/floats.js';
import { constant, expectUntouched, fold, line, numbers, withAttributes } from '../../support/folding.js';
import { float, floatNode, graphOf, type NodeLiteral, placeholder, typeAttr } from '../../support/graph-def.js';
import { stored } from '../../support/stored.js';

const float16 = 19;

function halves(name: string, shape: readonly number[], ...values: number[]): NodeLiteral {
  const tensor_content = floatTensor(float16, shape, Float64Array.from(values)).elements as Uint8Array;
  const tensor = { dtype: float16, tensor_shape: { dim: shape.map((size) => ({ size })) }, tensor_content };
  return { name, op: 'Const', attr: { dtype: typeAttr(float16), value: { tensor } } };
}

function node(dtype: number, op: string, name: string, ...inputs: string[]): NodeLiteral {
  return withAttributes(floatNode(op, name, ...inputs), { T: typeAttr(dtype) });
}

/** y = (x · w) * s + b */
function product(dtype: number, ...constants: NodeLiteral[]): NodeLiteral[] {
  return [
    placeholder('x', dtype),
    ...constants,
    node(dtype, 'MatMul', 'product', 'x', 'w'),
    node(dtype, 'Mul', 'scaled', 'product', 's'),
    node(dtype, 'AddV2', 'y', 'scaled', 'b'),
  ];
}

const own = "'w', the weight of MatMul 'product',";

describe('a weight times its factor', () => {
  it('is folded up to the largest float16, and left beyond', async () => {
    const nodes = (s: number) =>
      product(float16, halves('w', [1, 2], 1, -2047), halves('s', [2], 3, s), halves('b', [2], 1, 1));
    const { graph } = await fold(nodes(32));
    expect(numbers(graph, 'w')).toEqual([3, -65504]);
    const left = await expectUntouched(nodes(33));
    expect(left).toEqual([`y: is not folded: ${own} has up to 2047, and 33 times that is too large for float16`]);
  });

  it('is left where it would be next to nothing', async () => {
    const nodes = (s: number) =>
      product(float16, halves('w', [1, 2], 1, 2 ** -7), halves('s', [2], 1, s), halves('b', [2], 1, 1));
    expect(numbers((await fold(nodes(2 ** -10))).graph, 'w')).toEqual([1, 2 ** -17]);
    expect(await expectUntouched(nodes(2 ** -11))).toHaveLength(1);
  });

  it('may be 0 all over', async () => {
    const nodes = product(float16, halves('w', [1, 2], 4, 0), halves('s', [2], 0, 2 ** -14), halves('b', [2], 1, 1));
    expect(numbers((await fold(nodes)).graph, 'w')).toEqual([0, 0]);
  });

  it('is held against the type that it is cast to', async () => {
    const toHalf = { ...node(float, 'Cast', 'w', 'v'), attr: { SrcT: typeAttr(float), DstT: typeAttr(float16) } };
    const nodes = (v: number) =>
      product(float16, constant('v', [1, 2], 1, v), toHalf, halves('s', [2], 1, 64), halves('b', [2], 1, 1));
    expect(numbers((await fold(nodes(1023))).graph, 'v')).toEqual([1, 65472]);
    expect(await expectUntouched(nodes(1024))).toEqual([
      "y: is not folded: 'v', the weight of MatMul 'product', has up to 1024, and 64 times that is too large for float16",
    ]);
  });

  it('is held against the limits of float32', async () => {
    const nodes = (s: number) =>
      product(float, constant('w', [1, 2], 1, 1e20), constant('s', [], s), constant('b', [], 1));
    expect((await fold(nodes(1e18))).told).toHaveLength(1);
    expect(await expectUntouched(nodes(1e19))).toHaveLength(1);
  });

  it('is not folded into nothing where both are normal numbers of float32', async () => {
    const nodes = product(float, constant('w', [1, 2], 1, 2 ** -70), constant('s', [], 2 ** -57), constant('b', [], 1));
    expect(await expectUntouched(nodes)).toEqual([
      `y: is not folded: ${own} has up to ${2 ** -70}, and ${2 ** -57} times that is too small for float32`,
    ]);
  });
});

describe('a tensor of the checkpoint', () => {
  const weight = stored('w', 0, [1, 2]);
  const graph = graphOf(
    product(float, constant('w', [1, 2], 0), constant('s', [2], 2, 1000), constant('b', [2], 1, 1)),
  ).mapNodes((each) => (each.name === 'w' ? each.edit({ set: { value: weight } }) : each));

  it('is held against the type that it is to be stored in', async () => {
    const storedAs = new Map([['w', float16]]);
    const small = new Map([[weight, [30_000, 60]]]);
    const large = new Map([[weight, [1, 66]]]);
    expect((await fold(graph, ['y'], { maxima: small, storedAs })).told).toHaveLength(1);
    const { graph: same, left } = await fold(graph, ['y'], { maxima: large, storedAs });
    expect(same).toBe(graph);
    expect(left).toEqual([`y: is not folded: ${own} has up to 66, and 1000 times that is too large for float16`]);
  });

  it('is not looked through where it could hardly be out of range', async () => {
    const none = new Map();
    expect((await fold(graph, ['y'], { maxima: none })).told).toHaveLength(1);
    const { left } = await fold(graph, ['y'], { maxima: none, storedAs: new Map([['w', float16]]) });
    expect(left).toEqual([`y: is not folded: ${own} is too large to find out whether its numbers could be scaled`]);
  });
});

it('what is added in the end is held against the type that is computed in', async () => {
  // A channel with next to no variance, and a mean far from 0.
  const nodes = (mean: number) => [
    placeholder('x', float16),
    halves('w', [1, 1, 1, 1], 1),
    constant('scale', [1], 32),
    constant('offset', [1], 0),
    constant('mean', [1], mean),
    constant('variance', [1], 0),
    node(float16, 'Conv2D', 'conv', 'x', 'w'),
    withAttributes(node(float16, 'FusedBatchNormV3', 'y', 'conv', 'scale', 'offset', 'mean', 'variance'), {
      U: typeAttr(float),
      is_training: { b: false },
      epsilon: { f: 1 },
    }),
  ];
  const { graph } = await fold(nodes(2047));
  expect(line(graph, 'y')).toBe('BiasAdd(conv, y/bias)');
  expect(numbers(graph, 'y/bias')).toEqual([-65504]);
  expect(await expectUntouched(nodes(2048))).toEqual([
    "y: is not folded: -65536 would be added to what Conv2D 'conv' gives, too large a number for float16",
  ]);
});
