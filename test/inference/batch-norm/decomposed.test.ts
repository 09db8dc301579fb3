import { expect, it } from 'vitest';
import { floatNode, graphOf, identity, type NodeLiteral, placeholder } from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';
import {
  average,
  axes,
  mean,
  moments,
  normalization,
  normalize,
  normalizedGraph,
  number,
  variables,
} from './graphs.js';

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

/** A graph with the names of all that is not a parameter prefixed, as of another tower. */
function tower(nodes: readonly NodeLiteral[]): NodeLiteral[] {
  const rename = (name: string): string => (/^(gamma|beta)/.test(name) ? name : `two/${name}`);
  return nodes.map((node) => ({ ...node, name: rename(node.name as string), input: (node.input ?? []).map(rename) }));
}

it('a tower without updates has the averages of the one that reads the same scale and offset', () => {
  const norm = normalization('ms', 'vs');
  const second = tower([placeholder('x'), ...moments(), ...norm]);
  const { nodes, changes } = normalize([...before, ...averages, ...norm, ...second, identity('y', 'two/sum')]);
  expect(nodes.get('two/ms')).toBe('two/ms = Identity(two/ms/moving_mean)');
  expect(nodes.get('two/ms/moving_mean')).toBe('two/ms/moving_mean = Identity(mm)');
  expect(nodes.get('two/vs/moving_variance')).toBe('two/vs/moving_variance = Identity(mv)');
  expect(changes).toEqual([expect.objectContaining({ node: 'two/m', isLeft: false })]);
  expect(changes[0]?.text).toContain("as 'm' with the same scale and offset");
});

it('a third one stays where two of the same scale and offset keep averages of their own', () => {
  const norm = normalization('ms', 'vs');
  const other = tower([placeholder('x'), ...moments(), ...norm]);
  const own = [...variables('nm', 'nv'), ...average('nm', 'two/ms'), ...average('nv', 'two/vs')];
  const third = tower(other).filter(({ name }) => !/^(gamma|beta)/.test(name as string));
  const nodes = [...before, ...averages, ...norm, ...other, ...own, ...third, identity('y', 'two/two/sum')];
  expectUntouched(nodes);
});

it('an average that is read as it was just updated is read as it is stored', () => {
  const { nodes, changes } = normalize([
    ...before,
    ...averages,
    floatNode('Sub', 'centered', 'x', 'avg/mm'),
    number('e', 0.001),
    floatNode('AddV2', 'sum', 'avg/mv', 'e'),
    floatNode('Rsqrt', 'rsqrt', 'sum'),
    floatNode('Mul', 'y', 'centered', 'rsqrt'),
  ]);
  expect(nodes.get('avg/mm')).toBe('avg/mm = Identity(mm)');
  expect(nodes.get('avg/mv')).toBe('avg/mv = Identity(mv)');
  const told = changes.filter(({ text }) => text.includes('read the moving average as it is stored'));
  expect(told.map(({ node }) => node)).toEqual(['avg/mm', 'avg/mv']);
});

it('state that a model keeps of each example stays, and a count of what it has seen', () => {
  const level = [axes('time', 1), mean('loud', 'x', 'time', false), ...average('mm', 'loud')];
  expectUntouched([placeholder('x'), ...variables('mm'), ...level, floatNode('Sub', 'y', 'x', 'avg/mm')]);
  const count = [number('one', 1), floatNode('AssignAdd', 'counted', 'mm', 'one')];
  expectUntouched([placeholder('x'), ...variables('mm'), ...count, floatNode('Sub', 'y', 'x', 'counted')]);
});

it('an average of gradients, which are sums over the batch too, goes on', () => {
  const gradient = { ...mean('gradient_tape/sum', 'x', 'axes', false), op: 'Sum' };
  const slot = [placeholder('x'), axes('axes', 0), gradient, ...variables('mm'), ...average('mm', 'gradient_tape/sum')];
  expectUntouched([...slot, floatNode('Sub', 'y', 'x', 'avg/mm')]);
});

it('a mean that only centers is the average; one that a deviation divides is not', () => {
  const centered = [floatNode('Sub', 'c', 'x', 'ms'), floatNode('AddV2', 'y', 'c', 'beta/read')];
  const { nodes } = normalize([...before, ...average('mm', 'ms'), ...centered]);
  expect(nodes.get('ms')).toBe('ms = Identity(ms/moving_mean)');
  const divided = [floatNode('Sub', 'c', 'x', 'ms'), floatNode('Sqrt', 'root', 'gamma/read')];
  expectUntouched([...before, ...average('mm', 'ms'), ...divided, floatNode('RealDiv', 'y', 'c', 'root')]);
});

it('a deviation with a small number added, and one that is averaged itself', () => {
  const added = [floatNode('Sqrt', 'd', 'vs'), number('e', 0.001), floatNode('AddV2', 'de', 'd', 'e')];
  const c = floatNode('Sub', 'c', 'x', 'ms');
  const outside = normalize([...before, ...averages, ...added, c, floatNode('RealDiv', 'y', 'c', 'de')]);
  expect(outside.nodes.get('vs')).toBe('vs = Identity(vs/moving_variance)');
  const own = [...average('mm', 'ms'), floatNode('Sqrt', 'd', 'vs'), ...average('mv', 'd')];
  const averaged = normalize([...before, ...own, c, floatNode('RealDiv', 'y', 'c', 'd')]);
  expect(averaged.nodes.get('d')).toBe('d = Identity(d/moving_variance)');
  expect(averaged.nodes.get('ms')).toBe('ms = Identity(ms/moving_mean)');
});

it('an average that starts with the first statistic itself', () => {
  const first = [
    placeholder('first'),
    number('keep', 0.9),
    number('take', 0.1),
    floatNode('Mul', 'kept', 'mm/read', 'keep'),
    floatNode('Mul', 'taken', 'ms', 'take'),
    floatNode('AddV2', 'blend', 'kept', 'taken'),
    floatNode('SelectV2', 'new', 'first', 'ms', 'blend'),
    floatNode('Assign', 'avg/mm', 'mm', 'new'),
  ];
  const norm = normalization('ms', 'vs');
  const { nodes } = normalize([...before, ...first, ...average('mv', 'vs'), ...norm, identity('y', 'sum')]);
  expect(nodes.get('ms')).toBe('ms = Identity(ms/moving_mean)');
});

it('says of virtual batches that they stay', () => {
  const whole = (of: string): NodeLiteral => mean(`${of}/whole`, of, 'axes', false);
  const kept = [whole('m'), whole('v'), ...average('mm', 'm/whole'), ...average('mv', 'v/whole')];
  const nodes = [...before, ...kept, ...normalization('m', 'v'), identity('y', 'sum')];
  expectUntouched(nodes);
  const texts = normalize(nodes).changes.map(({ node, text, isLeft }) => [node, text.includes('virtual'), isLeft]);
  expect(texts).toEqual([
    ['m', true, true],
    ['v', true, true],
  ]);
});

it('is named by its mean, and says so of its variance', () => {
  const nodes = [...before, ...averages, ...normalization('ms', 'vs'), output];
  const choose = (name: string) => () => normalizedGraph(nodes, {}, { [name]: { mean: 'mm', variance: 'mv' } }, []);
  expect(choose('v')).toThrow(
    /'v', and cannot change that node: it is the variance that goes with 'm', whose name stands for both\. .*named are 'm'\.$/,
  );
  expect(lines(choose('m')().graph)).toContain('ms = Identity(ms/moving_mean)');
});

it('leaves a mean that only centers for whoever names it', () => {
  const centered = floatNode('Sub', 'y', 'x', 'ms');
  const nodes = [...before, ...average('mm', 'ms'), centered];
  const choose = (name: string) => () => normalizedGraph(nodes, {}, { [name]: { mean: 'mm', variance: 'mv' } }, []);
  expect(choose('elsewhere')).toThrow(/Those that can be named are 'm'\.$/);
});
