import { expect, it } from 'vitest';
import { freeControls } from '../../src/optimize/free-controls.js';
import { floatNode, identity, placeholder } from '../support/graph-def.js';
import { integers, optimized } from '../support/optimized.js';
import { lines } from '../support/stored.js';

const c = integers('c', 1);

it('nothing waits for a constant, for what hands it on, or for what waits for nothing else', async () => {
  const { graph, changed } = await optimized(freeControls, [
    placeholder('x'),
    c,
    identity('read', 'c', 3),
    { name: 'all', op: 'NoOp', input: ['^read', '^c'] },
    floatNode('Relu', 'y', 'x', '^all', '^read'),
  ]);
  expect(lines(graph)).toEqual(['x = Placeholder()', 'y = Relu(x)']);
  expect(changed).toEqual(['all', 'y']);
});

it('what waits for data, for a branch or for an effect goes on waiting', async () => {
  const nodes = [
    placeholder('x'),
    { ...c, input: ['^x'] },
    { name: 'print', op: 'Print', input: ['x'] },
    { name: 'group', op: 'NoOp', input: ['^print'] },
    floatNode('Relu', 'y', 'x', '^c', '^group'),
  ];
  const { graph, changed } = await optimized(freeControls, nodes);
  expect(lines(graph).at(-1)).toBe('y = Relu(x, ^c, ^group)');
  expect(changed).toEqual([]);
});
