import { expect, it } from 'vitest';
import { isSmallLiteral, readSmallConstant } from '../../src/evaluate/small-constant.js';
import type { GraphNode } from '../../src/graph/node.js';
import { float, graphOf, int32Type, placeholder, shapeAttr, stringType, typeAttr } from '../support/graph-def.js';

function constantOf(dtype: number, sizes: readonly number[], more: object): GraphNode {
  const tensor = { dtype, tensor_shape: { dim: sizes.map((size) => ({ size })) }, ...more };
  return graphOf([{ name: 'c', op: 'Const', attr: { dtype: typeAttr(dtype), value: { tensor } } }])
    .nodes[0] as GraphNode;
}

it('axes are', () => {
  expect(readSmallConstant(constantOf(int32Type, [2], { int_val: [0, -1] }))?.numbers()).toEqual(
    new Int32Array([0, -1]),
  );
});

it.each([
  ['2500 floats, which are 10,000 bytes', float, [2500], { float_val: [0] }, true],
  ['one more, though a few bytes say them all', float, [2501], { float_val: [0] }, false],
  ['a negative size', float, [-1], { float_val: [0] }, false],
  ['a short text', stringType, [], { string_val: [Buffer.from('SAME')] }, true],
  ['a long text', stringType, [], { string_val: [Buffer.alloc(20_000)] }, false],
] as const)('%s', (_, dtype, sizes, more, isSmall) => {
  expect(isSmallLiteral(constantOf(dtype, sizes, more))).toBe(isSmall);
});

it('a placeholder is none, nor is a constant without a value', () => {
  const nodes = [
    { ...placeholder('p'), attr: { dtype: typeAttr(float), shape: shapeAttr() } },
    { name: 'c', op: 'Const' },
  ];
  expect(graphOf(nodes).nodes.map(readSmallConstant)).toEqual([undefined, undefined]);
});
