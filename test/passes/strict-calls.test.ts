import { expect, it } from 'vitest';
import { strictCalls } from '../../src/passes/strict-calls.js';
import { graphOf } from '../support/graph-def.js';
import { lines } from '../support/stored.js';

it('a call waits for all its arguments, in functions too; nothing else does', () => {
  const call = { name: 'call', op: 'StatefulPartitionedCall', input: ['a', 'b:1', '^c'] };
  const inner = { signature: { name: 'f' }, node_def: [{ ...call, input: ['x', 'n:output:0'] }] };
  const nodes = [...['a', 'b', 'c'].map((name) => ({ name, op: 'Custom' })), call];
  const graph = strictCalls(graphOf([...nodes, { ...call, name: 'd', op: 'Add' }], { library: { function: [inner] } }));
  expect(lines(graph).slice(3)).toEqual(['call = StatefulPartitionedCall(a, b:1, ^c, ^a, ^b)', 'd = Add(a, b:1, ^c)']);
  expect(graph.library.functions[0]?.nodes[0]?.inputs).toEqual(['x', 'n:output:0', '^x', '^n']);
});

it('a tensor that is several arguments stays each of them', () => {
  const nodes = [
    ...['a', 'b'].map((name) => ({ name, op: 'Custom' })),
    { name: 'loop', op: 'While', input: ['a', 'a', 'b'] },
  ];
  expect(lines(strictCalls(graphOf(nodes))).slice(2)).toEqual(['loop = While(a, a, b, ^a, ^b)']);
});
