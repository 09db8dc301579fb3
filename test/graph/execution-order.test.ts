import { expect, it } from 'vitest';
import { executionOrder, placesIn } from '../../src/graph/execution-order.js';
import { graphOf, type NodeLiteral } from '../support/graph-def.js';

function orderOf(nodes: NodeLiteral[]): (string | undefined)[] {
  const graph = graphOf(nodes);
  return executionOrder(graph).map((position) => graph.nodes[position]?.name);
}

it('every node stands after all that it waits for, by data or by control', () => {
  const order = orderOf([
    { name: 'y', op: 'Add', input: ['a', 'b:1', '^c'] },
    { name: 'a', op: 'Neg', input: ['c'] },
    { name: 'c', op: 'Const' },
    { name: 'b', op: 'Split', input: ['a', 'c'] },
  ]);
  expect(order).toEqual(['c', 'a', 'b', 'y']);
});

it('the start of a loop stands before its end', () => {
  const order = orderOf([
    { name: 'next', op: 'NextIteration', input: ['merge'] },
    { name: 'merge', op: 'Merge', input: ['enter', 'next'] },
    { name: 'enter', op: 'Enter', input: ['c'] },
    { name: 'c', op: 'Const' },
  ]);
  expect(order).toEqual(['c', 'enter', 'merge', 'next']);
});

it('a chain may be longer than any stack', () => {
  const nodes = Array.from({ length: 50_000 }, (_, index) => ({
    name: `n${index}`,
    op: 'Neg',
    input: index === 49_999 ? [] : [`n${index + 1}`],
  }));
  expect(orderOf(nodes).indexOf('n0')).toBe(49_999);
});

it('the places are the order turned round', () => expect([...placesIn([2, 0, 1])]).toEqual([1, 2, 0]));
