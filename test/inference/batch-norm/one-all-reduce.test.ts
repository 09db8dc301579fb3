// Batch normalisation over all replicas, as Horovod writes it: all statistics go through one all-reduce, as one tensor.
import { expect, it } from 'vitest';
import {
  float,
  floatNode,
  graphOf,
  identity,
  int32Type,
  type NodeLiteral,
  placeholder,
  typeAttr,
} from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';
import { average, axes, moments, normalization, normalize, number, variables } from './graphs.js';

const taken = [...['group', 'key', 'instance', 'begin', 'end', 'stride', 'axis'].map((name) => axes(name, 0))];
const before = [placeholder('x'), ...variables('gamma', 'beta', 'mm', 'mv'), ...moments(), ...taken];
const averages = [...average('mm', 'mean'), ...average('mv', 'variance')];
const output = { ...identity('y', 'sum'), input: ['sum', '^avg/mm', '^avg/mv'] };
const replicas = number('replicas', 2);

function reduced(input: string, op = 'CollectiveReduceV2'): NodeLiteral[] {
  return [
    floatNode(op, 'all', input, 'group', 'key', 'instance'),
    replicas,
    floatNode('RealDiv', 'shared', 'all', 'replicas'),
  ];
}

function pack(...parts: string[]): NodeLiteral {
  return { name: 'packed', op: 'Pack', input: parts, attr: { T: typeAttr(float), N: { i: parts.length } } };
}

function unpack(input: string): NodeLiteral {
  return { name: 'parts', op: 'Unpack', input: [input], attr: { T: typeAttr(float), num: { i: 2 } } };
}

/** Mean, and mean of the squares, of which `variance` is made. */
const squares = [floatNode('Square', 'squared', 'ms'), floatNode('AddV2', 'raw', 'vs', 'squared')];

function varianceOf(mean: string, raw: string): NodeLiteral[] {
  return [floatNode('Square', 'shared/squared', mean), floatNode('Sub', 'variance', raw, 'shared/squared')];
}

function slice(name: string): NodeLiteral {
  const attr = { T: typeAttr(float), Index: typeAttr(int32Type), shrink_axis_mask: { i: 1 } };
  return { name, op: 'StridedSlice', input: ['shared', 'begin', 'end', 'stride'], attr };
}

/** That these stay as they are. @returns the nodes that the report says so of. */
function untouched(nodes: readonly NodeLiteral[]): string[] {
  const outcome = normalize(nodes);
  expect(outcome.lines).toEqual(lines(graphOf(nodes)));
  expect(outcome.changes.every(({ isLeft }) => isLeft)).toBe(true);
  return outcome.changes.map(({ node }) => node);
}

it.each(['CollectiveReduceV2', 'HorovodAllreduce', 'CrossReplicaSum'])(
  'who reads a part of what %s gives reads the average',
  (op) => {
    const { nodes, changes } = normalize([
      ...before,
      ...squares,
      pack('ms', 'raw'),
      ...reduced('packed', op),
      unpack('shared'),
      ...varianceOf('parts', 'parts:1'),
      ...[...average('mm', 'parts'), ...average('mv', 'variance')],
      ...normalization('parts', 'variance'),
      output,
    ]);
    expect(nodes.get('parts/moving_mean')).toBe('parts/moving_mean = Identity(mm)');
    expect(nodes.get('offset')).toBe('offset = Mul(parts/moving_mean/own, s)');
    expect(nodes.get('parts/moving_mean/own')).toBe('parts/moving_mean/own = Identity(parts/moving_mean)');
    expect(nodes.get('variance')).toBe('variance = Identity(variance/moving_variance)');
    expect(nodes.get('y')).toBe('y = Identity(sum)');
    expect(changes.filter(({ isLeft }) => isLeft)).toEqual([]);
  },
);

it('the parts of one op are told apart, in whatever order they are', () => {
  const { nodes } = normalize([
    ...before,
    pack('vs', 'ms'),
    ...reduced('packed'),
    unpack('shared'),
    ...[...average('mm', 'parts:1'), ...average('mv', 'parts')],
    ...normalization('parts:1', 'parts'),
    output,
  ]);
  expect(nodes.get('offset')).toBe('offset = Mul(parts/moving_mean/own, s)');
  expect(nodes.get('parts/moving_mean')).toBe('parts/moving_mean = Identity(mm)');
  expect(nodes.get('add')).toBe('add = AddV2(parts/moving_variance/own, e)');
  expect(nodes.get('parts/moving_variance')).toBe('parts/moving_variance = Identity(mv)');
});

it('slices of a concatenation become the averages', () => {
  const { nodes } = normalize([
    ...before,
    ...squares,
    floatNode('ConcatV2', 'packed', 'ms', 'raw', 'axis'),
    ...reduced('packed'),
    ...[slice('mean'), slice('second'), ...varianceOf('mean', 'second')],
    ...[...averages, ...normalization('mean', 'variance'), output],
  ]);
  expect(nodes.get('mean')).toBe('mean = Identity(mean/moving_mean)');
  expect(nodes.get('variance')).toBe('variance = Identity(variance/moving_variance)');
});

it('they stay where a part is a feature as well, and it says so', () => {
  const nodes = [
    ...before,
    ...[pack('ms', 'vs'), ...reduced('packed'), unpack('shared')],
    ...[...average('mm', 'parts'), ...average('mv', 'parts:1')],
    ...[...normalization('parts', 'parts:1'), floatNode('ConcatV2', 'y', 'sum', 'parts', 'axis')],
  ];
  expect(untouched(nodes)).toEqual(['parts']);
});

it('a norm by its own batch is left, and the report says so, where averages are of what replicas share', () => {
  const shared = [pack('ms', 'vs'), ...reduced('packed'), unpack('shared')];
  const kept = [...average('mm', 'parts'), ...average('mv', 'parts:1')];
  expect(untouched([...before, ...shared, ...kept, ...normalization('ms', 'vs'), identity('y', 'sum')])).toEqual([
    'rsqrt',
  ]);
});

it('likewise where no op is known that makes the statistics, but averages are kept of them', () => {
  const products = [floatNode('MatMul', 'mean', 'x', 'x'), floatNode('MatMul', 'variance', 'x', 'x')];
  const nodes = [...before, ...products, ...averages, ...normalization('mean', 'variance'), identity('y', 'sum')];
  expect(untouched(nodes)).toEqual(['rsqrt']);
});

it('likewise where a variable that nothing needs is called like a moving variance', () => {
  const named = variables('norm/moving_variance');
  const nodes = [...before, ...normalization('ms', 'vs'), identity('y', 'sum')];
  expect(untouched([...nodes, ...named])).toEqual(['rsqrt']);
  expect(untouched(nodes)).toEqual([]);
});

it('a root of weights is none of a batch, whatever variables are called', () => {
  const weights = [
    ...variables('kernel', 'norm/moving_variance'),
    ...moments().map((node) => ({
      ...node,
      input: node.input?.map((each) => (each === 'x' ? 'kernel/read' : each)) ?? [],
    })),
  ];
  const own = [placeholder('x'), ...variables('gamma', 'beta'), ...weights];
  expect(untouched([...own, ...normalization('ms', 'vs'), identity('y', 'sum')])).toEqual([]);
});
