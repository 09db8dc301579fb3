import { expect, it } from 'vitest';
import { readConstant } from '../../src/evaluate/tensor-proto.js';
import type { GraphNode } from '../../src/graph/node.js';
import { foldConstants } from '../../src/optimize/fold-constants.js';
import { floatNode, int32Type, type NodeLiteral, placeholder, typeAttr } from '../support/graph-def.js';
import { integers, optimized } from '../support/optimized.js';
import { lines } from '../support/stored.js';

const ofIntegers = (op: string, name: string, ...input: string[]): NodeLiteral => ({
  name,
  op,
  input,
  attr: { T: typeAttr(int32Type) },
});

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
  ['reads what is no constant', [placeholder('a', int32Type), ofIntegers('Neg', 'y', 'a')]],
])('one stays that %s', async (_, nodes) => {
  const { graph, changed } = await optimized(foldConstants, nodes);
  expect(graph.nodes.at(-1)?.op).not.toBe('Const');
  expect(changed).toEqual([]);
});
