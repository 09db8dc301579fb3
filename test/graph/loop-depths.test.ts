import { expect, it } from 'vitest';
import { executionOrder } from '../../src/graph/execution-order.js';
import { loopDepths } from '../../src/graph/loop-depths.js';
import { graphOf } from '../support/graph-def.js';

const graph = graphOf([
  { name: 'a', op: 'Const' },
  { name: 'outer', op: 'Enter', input: ['a'] },
  { name: 'inner', op: 'RefEnter', input: ['outer'] },
  { name: 'merge', op: 'Merge', input: ['inner', 'next'] },
  { name: 'next', op: 'NextIteration', input: ['merge', '^inside'] },
  { name: 'inside', op: 'Const', input: ['^merge'] },
  { name: 'exit', op: 'Exit', input: ['merge'] },
  { name: 'end', op: 'Exit', input: ['exit'] },
  { name: 'y', op: 'Add', input: ['end', 'a'] },
]);

it('Enter leads into a loop, Exit out of it', () => {
  const depths = loopDepths(graph, executionOrder(graph));
  expect(Object.fromEntries(graph.nodes.map(({ name }, position) => [name, depths[position]]))).toEqual({
    a: 0,
    outer: 0,
    inner: 1,
    merge: 2,
    inside: 2,
    next: 2,
    exit: 2,
    end: 1,
    y: 0,
  });
});
