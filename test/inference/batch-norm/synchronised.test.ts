// Batch normalisation over all replicas, as Keras writes it: of counts, sums and sums of squares that are all-reduced.
import { expect, it } from 'vitest';
import { typesAttr } from '../../support/functions.js';
import {
  float,
  floatNode,
  graphOf,
  identity,
  type NodeLiteral,
  placeholder,
  typeAttr,
} from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';
import { average, axes, mean, normalization, normalize, number, variables } from './graphs.js';

/** Of one replica, or without a strategy: the second tensor is that of the gradient. */
function alone(name: string, input: string): NodeLiteral[] {
  return [{ name, op: 'IdentityN', input: [input, input], attr: { T: typesAttr(float, float) } }];
}

/** Of several: flat, all-reduced, and in its shape again. */
function reduced(name: string, input: string): NodeLiteral[] {
  const split = { T: typeAttr(float), num_split: { i: 1 } };
  return [
    floatNode('Reshape', `${name}/flat`, input, 'flat'),
    floatNode('CollectiveReduceV2', `${name}/all`, `${name}/flat`, 'group', 'key', 'instance'),
    { name: `${name}/split`, op: 'SplitV', input: [`${name}/all`, 'sizes', 'axis'], attr: split },
    floatNode('Reshape', `${name}/shaped`, `${name}/split`, 'kept'),
    { name, op: 'IdentityN', input: [`${name}/shaped`, input], attr: { T: typesAttr(float, float) } },
  ];
}

/** Sums over the rows of `x`, of which `m` and `v` are mean and variance, squeezed `ms` and `vs`. */
function moments(allReduce: typeof alone): NodeLiteral[] {
  const sum = (name: string, input: string): NodeLiteral => ({ ...mean(name, input, 'axes', true), op: 'Sum' });
  const squeeze = (name: string, input: string): NodeLiteral => ({
    ...floatNode('Squeeze', name, input),
    attr: { T: typeAttr(float), squeeze_dims: { list: { i: [0] } } },
  });
  return [
    ...['axes', 'sizes', 'axis', 'group', 'key', 'instance', 'kept', 'flat'].map((name) => axes(name, 0)),
    floatNode('OnesLike', 'ones', 'x'),
    floatNode('Square', 'squares', 'x'),
    ...[sum('sum/x', 'x'), sum('sum/squares', 'squares'), sum('sum/ones', 'ones')],
    ...['x', 'squares', 'ones'].flatMap((of) => allReduce(`all/${of}`, `sum/${of}`)),
    floatNode('DivNoNan', 'm', 'all/x', 'all/ones'),
    floatNode('DivNoNan', 'mean_square', 'all/squares', 'all/ones'),
    floatNode('Square', 'square_mean', 'm'),
    floatNode('Sub', 'difference', 'mean_square', 'square_mean'),
    number('zero', 0),
    floatNode('Maximum', 'v', 'difference', 'zero'),
    ...[squeeze('ms', 'm'), squeeze('vs', 'v')],
  ];
}

const before = [placeholder('x'), ...variables('gamma', 'beta', 'mm', 'mv')];
const averages = [...average('mm', 'ms'), ...average('mv', 'vs')];
const output = { ...identity('y', 'sum'), input: ['sum', '^avg/mm', '^avg/mv'] };

/** That these stay as they are. */
function expectUntouched(nodes: readonly NodeLiteral[]): void {
  expect(normalize(nodes).lines).toEqual(lines(graphOf(nodes)));
}

it.each([
  ['one replica', alone],
  ['several', reduced],
] as const)('statistics of %s become the moving ones', (_, allReduce) => {
  const { nodes, changes } = normalize([
    ...before,
    ...moments(allReduce),
    ...averages,
    ...normalization('ms', 'vs'),
    output,
  ]);
  expect(nodes.get('ms')).toBe('ms = Identity(ms/moving_mean)');
  expect(nodes.get('vs')).toBe('vs = Identity(vs/moving_variance)');
  expect(nodes.get('ms/moving_mean')).toBe('ms/moving_mean = Identity(mm)');
  expect(nodes.get('vs/moving_variance')).toBe('vs/moving_variance = Identity(mv)');
  expect(nodes.get('y')).toBe('y = Identity(sum)');
  expect(changes.filter(({ isLeft }) => isLeft)).toEqual([]);
});

it('they stay where no averages are kept of them', () => {
  expectUntouched([...before, ...moments(alone), ...normalization('ms', 'vs'), identity('y', 'sum')]);
});

it('they stay where the sum of all replicas is a feature as well, whichever tensor it is read by, and it says so', () => {
  for (const read of ['all/x', 'all/x:1']) {
    const feature = floatNode('ConcatV2', 'y', 'sum', read);
    const nodes = [...before, ...moments(alone), ...averages, ...normalization('ms', 'vs'), feature];
    expectUntouched(nodes);
    expect(normalize(nodes).changes).toMatchObject([
      { node: 'sum/x', isLeft: true },
      { node: 'v', isLeft: true },
    ]);
  }
});

it('they stay where the average is that of the squares and not of the variance', () => {
  const kept = [...average('mm', 'ms'), ...average('mv', 'mean_square')];
  const nodes = [...before, ...moments(alone), ...kept, ...normalization('ms', 'vs'), identity('y', 'sum')];
  expectUntouched(nodes);
  expect(normalize(nodes).changes.map(({ node, isLeft }) => [node, isLeft])).toEqual([
    ['sum/x', true],
    ['sum/squares', true],
  ]);
});
