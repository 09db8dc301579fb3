import { expect, it } from 'vitest';
import { fillDefaults } from '../../src/passes/fill-defaults.js';
import { float, graphOf, placeholder } from '../support/graph-def.js';

function attributesOf(node: Parameters<typeof graphOf>[0][number]): Record<string, string> {
  const [filled] = fillDefaults(graphOf([node])).nodes;
  const entries = [...(filled?.attributes ?? [])].map(
    ([name, value]) => [name, Buffer.from(value as Uint8Array)] as const,
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, value.toString('hex')]));
}

it('attributes that are left out get their defaults', () => {
  // transpose_a, transpose_b, grad_a and grad_b of MatMul are false: AttrValue { b: false }
  expect(attributesOf({ name: 'y', op: 'MatMul', attr: { T: { type: float } } })).toEqual({
    T: '3001',
    transpose_a: '2800',
    transpose_b: '2800',
    grad_a: '2800',
    grad_b: '2800',
  });
});

it('those that are there stay as they are', () => {
  expect(attributesOf({ name: 'y', op: 'MatMul', attr: { transpose_a: { b: true } } })).toMatchObject({
    transpose_a: '2801',
    transpose_b: '2800',
  });
});

it('one without a value counts as left out', () => {
  expect(attributesOf({ name: 'y', op: 'MatMul', attr: { transpose_a: {} } })).toMatchObject({ transpose_a: '2800' });
});

it('attributes without defaults are not made up', () => {
  expect(attributesOf({ name: 'y', op: 'Mul' })).toEqual({});
});

it('a node that lacks nothing is the same node', () => {
  const graph = graphOf([{ ...placeholder('x'), attr: { dtype: { type: float }, shape: { shape: {} } } }]);
  expect(fillDefaults(graph).nodes[0]).toBe(graph.nodes[0]);
});

it.each(['MyCustomOp', 'constructor', '__proto__'])('an op that TensorFlow does not know stays as it is: %s', (op) => {
  const graph = graphOf([{ name: 'y', op, attr: { k: { i: 1 } } }]);
  expect(fillDefaults(graph).nodes[0]).toBe(graph.nodes[0]);
});
