import { expect, it } from 'vitest';
import { floatNode, graphOf, identity, type NodeLiteral, placeholder } from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';
import { average, moments, normalization, normalize, number, variables } from './graphs.js';

const before = [placeholder('x'), ...variables('gamma', 'beta', 'mm', 'mv'), ...moments()];
const averages = [...average('mm', 'ms'), ...average('mv', 'vs')];
const output = { ...identity('y', 'sum'), input: ['sum', '^avg/mm', '^avg/mv'] };

/** That these stay as they are. */
function expectUntouched(nodes: readonly NodeLiteral[]): void {
  expect(normalize(nodes).lines).toEqual(lines(graphOf(nodes)));
}

it('the tensor that the average is kept of becomes the average', () => {
  const { nodes, changes } = normalize([...before, ...averages, ...normalization('ms', 'vs'), output]);
  expect(nodes.get('ms')).toBe('ms = Identity(ms/moving_mean)');
  expect(nodes.get('vs')).toBe('vs = Identity(vs/moving_variance)');
  expect(nodes.get('ms/moving_mean')).toBe('ms/moving_mean = Identity(mm)');
  expect(nodes.get('vs/moving_variance')).toBe('vs/moving_variance = Identity(mv)');
  expect(nodes.get('y')).toBe('y = Identity(sum)');
  expect(changes.map(({ node }) => node)).toEqual(['m', 'avg/mm', 'avg/mv', 'y']);
});

it('a mean that kept its dimensions is an average that gets them', () => {
  const { nodes } = normalize([...before, ...averages, ...normalization('m', 'v'), output]);
  expect(nodes.get('m')).toBe('m = Identity(m/moving_mean/ExpandDims)');
  expect(nodes.get('m/moving_mean/ExpandDims')).toBe(
    'm/moving_mean/ExpandDims = ExpandDims(m/moving_mean, m/moving_mean/dim)',
  );
  expect(nodes.get('v')).toBe('v = Identity(v/moving_variance/ExpandDims)');
});

it('the formula of Keras, and a factor for the variance', () => {
  const blend = (variable: string, value: string): NodeLiteral[] => [
    number(`${variable}/keep`, 0.9),
    number(`${variable}/take`, 0.1),
    floatNode('Mul', `${variable}/kept`, `${variable}/read`, `${variable}/keep`),
    floatNode('Mul', `${variable}/taken`, value, `${variable}/take`),
    floatNode('AddV2', `${variable}/new`, `${variable}/kept`, `${variable}/taken`),
    floatNode('Assign', `avg/${variable}`, variable, `${variable}/new`),
  ];
  const bessel = [number('n', 1.01), floatNode('Mul', 'bessel', 'vs', 'n')];
  const { nodes } = normalize([
    ...before,
    ...bessel,
    ...blend('mm', 'ms'),
    ...blend('mv', 'bessel'),
    ...normalization('ms', 'vs'),
    output,
  ]);
  expect(nodes.get('ms')).toBe('ms = Identity(ms/moving_mean)');
  expect(nodes.get('vs')).toBe('vs = Identity(vs/moving_variance)');
});

it('of an average that is corrected for its start from zero, the corrected one counts', () => {
  const corrected = [
    ...variables('biased'),
    ...average('biased', 'ms'),
    number('factor', 0.5),
    floatNode('RealDiv', 'quotient', 'avg/biased', 'factor'),
    floatNode('Assign', 'avg/mm', 'mm', 'quotient'),
  ];
  const { nodes } = normalize([...before, ...corrected, ...average('mv', 'vs'), ...normalization('ms', 'vs'), output]);
  expect(nodes.get('ms/moving_mean')).toBe('ms/moving_mean = Identity(mm)');
});

it('normalisation of an instance or a layer, which keeps no averages, stays', () => {
  expectUntouched([...before, ...normalization('ms', 'vs'), identity('y', 'sum')]);
});

it('stays where one of the statistics alone has an average', () => {
  expectUntouched([...before, ...average('mm', 'ms'), ...normalization('ms', 'vs'), identity('y', 'sum')]);
});

it('stays where a moment is a feature as well, and says so', () => {
  const nodes = [...before, ...averages, ...normalization('ms', 'vs'), floatNode('ConcatV2', 'y', 'sum', 'ms')];
  expectUntouched(nodes);
  expect(normalize(nodes).changes).toMatchObject([
    { node: 'm', isLeft: true },
    { node: 'v', isLeft: true },
  ]);
});

it('stays where the moments are the output', () => {
  expectUntouched([...before, ...averages, floatNode('AddV2', 'y', 'ms', 'vs')]);
});

it('stays where a mean is taken from something else than what the variance divides', () => {
  const other = [number('e', 1), floatNode('AddV2', 'a', 'vs', 'e'), floatNode('Rsqrt', 'r', 'a')];
  const nodes = [floatNode('Sub', 'd', 'x', 'ms'), floatNode('Relu', 'relu', 'd'), floatNode('Mul', 'y', 'relu', 'r')];
  expectUntouched([...before, ...averages, ...other, ...nodes]);
});

it('an average of a weight is none of a batch', () => {
  const { nodes } = normalize([
    ...before,
    ...variables('shadow'),
    ...average('shadow', 'mm/read'),
    ...averages,
    ...normalization('ms', 'vs'),
    output,
  ]);
  expect(nodes.get('ms/moving_mean')).toBe('ms/moving_mean = Identity(mm)');
});
