import { expect, it } from 'vitest';
import { readConstant } from '../../src/evaluate/tensor-proto.js';
import type { GraphNode } from '../../src/graph/node.js';
import { foldConstants } from '../../src/optimize/fold-constants.js';
import { askedMemory } from '../support/asked-memory.js';
import { float, floatNode, int32Type, type NodeLiteral, placeholder, typeAttr } from '../support/graph-def.js';
import { integers, optimized } from '../support/optimized.js';
import { lines } from '../support/stored.js';

const ofIntegers = (op: string, name: string, ...input: string[]): NodeLiteral => ({
  name,
  op,
  input,
  attr: { T: typeAttr(int32Type) },
});

function floats(name: string, ...values: number[]): NodeLiteral {
  const tensor = { dtype: float, tensor_shape: { dim: [{ size: values.length }] }, float_val: values };
  return { name, op: 'Const', attr: { dtype: typeAttr(float), value: { tensor } } };
}

it('what is computed of constants is one, and only where somebody reads it', async () => {
  const nodes = [
    placeholder('x'),
    integers('a', 2, 3),
    integers('b', 4, 5),
    ofIntegers('Mul', 'product', 'a', 'b'),
    ofIntegers('AddV2', 'sum', 'product', 'a'),
    floatNode('Reshape', 'y', 'x', 'sum'),
  ];
  const { graph, changed } = await optimized(foldConstants, nodes);
  expect(lines(graph)).toEqual(['x = Placeholder()', 'sum = Const()', 'y = Reshape(x, sum)']);
  expect(changed).toEqual(['sum']);
  expect(readConstant(graph.nodes[1] as GraphNode)?.numbers()).toEqual(Int32Array.of(10, 18));
});

it('the deviation that a normalisation divides by is one', async () => {
  const nodes = [
    placeholder('x'),
    floats('variance', 3, 8),
    floats('epsilon', 1),
    floatNode('AddV2', 'sum', 'variance', 'epsilon'),
    floatNode('Rsqrt', 'factor', 'sum'),
    floatNode('Mul', 'y', 'x', 'factor'),
  ];
  const { graph, changed } = await optimized(foldConstants, nodes);
  expect(lines(graph)).toEqual(['x = Placeholder()', 'factor = Const()', 'y = Mul(x, factor)']);
  expect(changed).toEqual(['factor']);
  expect(readConstant(graph.nodes[1] as GraphNode)?.numbers()).toEqual(Float32Array.of(1 / 2, 1 / 3));
});

it('all of a large model is, however much that is', async () => {
  const count = 2_000;
  const tensor_content = new Uint8Array(8_000);
  const tensor = { dtype: float, tensor_shape: { dim: [{ size: tensor_content.length / 4 }] }, tensor_content };
  const nodes = Array.from({ length: count }, (_, at): NodeLiteral[] => [
    { name: `c${at}`, op: 'Const', attr: { dtype: typeAttr(float), value: { tensor } } },
    floatNode('AddV2', `sum${at}`, `c${at}`, `c${at}`),
    floatNode('Square', `square${at}`, `sum${at}`),
  ]).flat();
  const squares = Array.from({ length: count }, (_, at) => `square${at}`);
  const { changed } = await optimized(foldConstants, [
    ...nodes,
    placeholder('x'),
    floatNode('AddN', 'y', 'x', ...squares),
  ]);
  expect(changed).toHaveLength(count);
});

it.each<[string, readonly number[]]>([
  ['Rsqrt', [0.5, 1 / 1.5]],
  ['Sqrt', [2, 1.5]],
  ['Square', [16, 5.0625]],
  ['Neg', [-4, -2.25]],
  ['Reciprocal', [0.25, 1 / 2.25]],
])('%s is computed', async (op, expected) => {
  const { graph } = await optimized(foldConstants, [floats('a', 4, 2.25), floatNode(op, 'y', 'a')]);
  expect(readConstant(graph.nodes.at(-1) as GraphNode)?.numbers()).toEqual(Float32Array.from(expected));
});

it('an output that is computed of constants is a constant', async () => {
  const { graph } = await optimized(foldConstants, [integers('a', 2, 3), ofIntegers('Sub', 'y', 'a', 'a')]);
  expect(lines(graph)).toEqual(['y = Const()']);
});

it.each<[string, readonly NodeLiteral[]]>([
  ['waits for something', [placeholder('x'), integers('a', 1, 2), ofIntegers('Sub', 'y', 'a', 'a', '^x')]],
  [
    'reads a constant of a branch',
    [placeholder('x'), { ...integers('a', 1, 2), input: ['^x'] }, ofIntegers('Sub', 'y', 'a', 'a')],
  ],
  ['would be large', [integers('a', 3000, 3000), integers('b', 1), { ...ofIntegers('Fill', 'y', 'a', 'b') }]],
  ['draws random numbers', [integers('a', 2, 2), { ...ofIntegers('RandomUniform', 'y', 'a') }]],
  ['has denormal numbers', [floats('a', 1e-40, 1), floatNode('Rsqrt', 'y', 'a')]],
  ['makes denormal numbers', [floats('a', 1e-20, 1), floatNode('Square', 'y', 'a')]],
  ['reads what is no constant', [placeholder('a', int32Type), ofIntegers('Neg', 'y', 'a')]],
])('one stays that %s', async (_, nodes) => {
  const { graph, changed } = await optimized(foldConstants, nodes);
  expect(graph.nodes.at(-1)?.op).not.toBe('Const');
  expect(changed).toEqual([]);
});

it('what would be large is not computed to find out', async () => {
  const nodes = [
    integers('sizes', 3000, 3000),
    integers('small', 30, 30),
    integers('a', 1),
    ofIntegers('Fill', 'filled', 'sizes', 'a'),
    ofIntegers('Fill', 'fits', 'small', 'a'),
    ofIntegers('Range', 'counted', 'a', 'many', 'a'),
    integers('many', 5000),
    { ...ofIntegers('Pack', 'y', 'filled', 'fits', 'counted'), attr: {} },
  ];
  const asked = await askedMemory(async () =>
    expect((await optimized(foldConstants, nodes)).changed).toEqual(['fits']),
  );
  expect(asked).toContain(3600);
  expect(Math.max(...asked)).toBeLessThan(20_000);
});
