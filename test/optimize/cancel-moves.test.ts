import { expect, it } from 'vitest';
import { cancelMoves } from '../../src/optimize/cancel-moves.js';
import {
  float,
  floatNode,
  int32Type,
  type NodeLiteral,
  placeholder,
  shapeAttr,
  typeAttr,
} from '../support/graph-def.js';
import { integers, optimized } from '../support/optimized.js';
import { lines } from '../support/stored.js';

const there = integers('there', 0, 3, 1, 2);
const back = integers('back', 0, 2, 3, 1);
const axis = integers('axis', 1);
const x = { ...placeholder('x'), attr: { dtype: typeAttr(float), shape: shapeAttr(2, 3) } };

async function last(...nodes: NodeLiteral[]): Promise<string | undefined> {
  const { graph } = await optimized(cancelMoves, [x, there, back, axis, ...nodes]);
  return lines(graph).at(-1);
}

const y = (input: string): NodeLiteral => floatNode('Relu', 'y', input);
const squeeze = (name: string, input: string, ...dims: number[]): NodeLiteral => ({
  name,
  op: 'Squeeze',
  input: [input],
  attr: { T: typeAttr(float), squeeze_dims: { list: { i: dims } } },
});

it.each<[string, readonly NodeLiteral[]]>([
  [
    'a transpose that is taken back',
    [floatNode('Transpose', 'a', 'x', 'there'), floatNode('Transpose', 'b', 'a', 'back'), y('b')],
  ],
  [
    'what cancels once what is between it has',
    [
      floatNode('Transpose', 'd', 'c', 'back'),
      floatNode('Transpose', 'a', 'x', 'there'),
      floatNode('Transpose', 'b', 'a', 'back'),
      floatNode('Transpose', 'c', 'e', 'there'),
      floatNode('Transpose', 'e', 'b', 'same'),
      integers('same', 0, 1, 2, 3),
      y('d'),
    ],
  ],
  ['one that turns nothing', [integers('same', 0, 1, 2), floatNode('Transpose', 'a', 'x', 'same'), y('a')]],
  ['an axis that comes and goes', [floatNode('ExpandDims', 'a', 'x', 'axis'), squeeze('b', 'a', 1), y('b')]],
  [
    'a cast to the same type',
    [{ name: 'a', op: 'Cast', input: ['x'], attr: { SrcT: typeAttr(float), DstT: typeAttr(float) } }, y('a')],
  ],
  ['a reshape to the shape that is known', [integers('shape', 2, 3), floatNode('Reshape', 'a', 'x', 'shape'), y('a')]],
  [
    'a reshape that is taken back',
    [
      integers('flat', 1, 6),
      integers('shape', 2, 3),
      floatNode('Reshape', 'a', 'x', 'flat'),
      floatNode('Reshape', 'b', 'a', 'shape'),
      y('b'),
    ],
  ],
])('%s is passed by', async (_, nodes) => {
  expect(await last(...nodes)).toBe('y = Relu(x)');
});

it('of reshapes one after the other the last is left', async () => {
  const shapes = [integers('flat', 6, 1), integers('open', -1, 2)];
  const nodes = [
    floatNode('Reshape', 'a', 'x', 'flat'),
    floatNode('Reshape', 'b', 'a', 'open'),
    floatNode('Reshape', 'y', 'b', 'flat'),
  ];
  expect(await last(...shapes, ...nodes)).toBe('y = Reshape(x, flat)');
});

const identityPermutation: NodeLiteral = { ...integers('same', 0, 1), name: 'same' };

it.each<[string, readonly NodeLiteral[], string]>([
  [
    'a transpose that is not taken back',
    [floatNode('Transpose', 'a', 'x', 'there'), floatNode('Transpose', 'b', 'a', 'there'), y('b')],
    'y = Relu(b)',
  ],
  ['an output', [identityPermutation, floatNode('Transpose', 'y', 'x', 'same')], 'y = Transpose(x, same)'],
  [
    'what something waits for',
    [identityPermutation, floatNode('Transpose', 'a', 'x', 'same'), floatNode('AddV2', 'y', 'a', 'x', '^a')],
    'y = AddV2(a, x, ^a)',
  ],
  ['what waits itself', [identityPermutation, floatNode('Transpose', 'a', 'x', 'same', '^x'), y('a')], 'y = Relu(a)'],
  ['a permutation that is computed', [floatNode('Transpose', 'a', 'x', 'x'), y('a')], 'y = Relu(a)'],
  ['another axis', [floatNode('ExpandDims', 'a', 'x', 'axis'), squeeze('b', 'a', 0), y('b')], 'y = Relu(b)'],
  ['all axes of one', [floatNode('ExpandDims', 'a', 'x', 'axis'), squeeze('b', 'a'), y('b')], 'y = Relu(b)'],
  [
    'a cast to another type',
    [{ name: 'a', op: 'Cast', input: ['x'], attr: { SrcT: typeAttr(float), DstT: typeAttr(int32Type) } }, y('a')],
    'y = Relu(a)',
  ],
  [
    'a reshape to another shape',
    [integers('shape', 3, 2), floatNode('Reshape', 'a', 'x', 'shape'), y('a')],
    'y = Relu(a)',
  ],
  [
    'a reshape to an open shape',
    [integers('shape', -1, 3), floatNode('Reshape', 'a', 'x', 'shape'), y('a')],
    'y = Relu(a)',
  ],
])('%s stays', async (_, nodes, expected) => {
  expect(await last(...nodes)).toBe(expected);
});
