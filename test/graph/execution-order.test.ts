import { expect, it } from 'vitest';
import { executionOrder } from '../../src/graph/execution-order.js';
import { graphOf } from '../support/graph-def.js';

it('every node stands after all that it waits for, by data or by control', () => {
  const order = executionOrder(
    graphOf([
      { name: 'y', op: 'Add', input: ['a', 'b:1', '^c'] },
      { name: 'a', op: 'Neg', input: ['c'] },
      { name: 'c', op: 'Const' },
      { name: 'b', op: 'Split', input: ['a', 'c'] },
    ]),
  );
  expect([...order.keys()]).toEqual(['c', 'a', 'b', 'y']);
  expect([...order.values()]).toEqual([0, 1, 2, 3]);
});

it('the start of a loop stands before its end', () => {
  const order = executionOrder(
    graphOf([
      { name: 'next', op: 'NextIteration', input: ['merge'] },
      { name: 'merge', op: 'Merge', input: ['enter', 'next'] },
      { name: 'enter', op: 'Enter', input: ['c'] },
      { name: 'c', op: 'Const' },
    ]),
  );
  expect([...order.keys()]).toEqual(['c', 'enter', 'merge', 'next']);
});

it('a chain may be longer than any stack', () => {
  const nodes = Array.from({ length: 50_000 }, (_, index) => ({
    name: `n${index}`,
    op: 'Neg',
    input: index === 49_999 ? [] : [`n${index + 1}`],
  }));
  expect(executionOrder(graphOf(nodes)).get('n0')).toBe(49_999);
});
