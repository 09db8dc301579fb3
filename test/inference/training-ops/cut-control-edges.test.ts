import { expect, it } from 'vitest';
import type { Graph } from '../../../src/graph/graph.js';
import { inEveryScope } from '../../../src/inference/every-scope.js';
import { cutControlEdges } from '../../../src/inference/training-ops/cut-control-edges.js';
import { call, libraryOf } from '../../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphOf,
  handleVariable,
  identity,
  type NodeLiteral,
  placeholder,
  readVariable,
  resource,
  typeAttr,
} from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';

function cut(nodes: readonly NodeLiteral[], more: object = {}): Graph {
  const graph = graphOf(nodes, more);
  return inEveryScope(graph, ['y'], cutControlEdges(graph, ['y']), []);
}

/** What the output waits for, given that it is told to wait for `waited`. */
function inputsOfOutput(...nodes: NodeLiteral[]): string | undefined {
  const y = { name: 'y', op: 'Identity', input: ['x', '^waited'], attr: { T: typeAttr(float) } };
  return lines(cut([placeholder('x'), ...nodes, y])).at(-1);
}

const alone = 'y = Identity(x)';
const waits = 'y = Identity(x, ^waited)';
const noOp = (name: string, ...input: string[]): NodeLiteral => ({ name, op: 'NoOp', input });

it.each([
  ['a check', { name: 'waited', op: 'Assert', input: ['x', 'x'] }],
  ['a time stamp of Ascend', { name: 'waited', op: 'LogTimeStamp' }],
  ['a status of Ascend', { name: 'waited', op: 'NpuAllocFloatStatus' }],
  ['a summary', { name: 'waited', op: 'HistogramSummary', input: ['x', 'x'] }],
  ['a message', { name: 'waited', op: 'PrintV2', input: ['x'] }],
  ['a saver', { name: 'waited', op: 'SaveV2', input: ['x', 'x', 'x'] }],
])('nothing waits for %s', (_, node) => {
  expect(inputsOfOutput(node)).toBe(alone);
});

it.each([
  ['an op that nobody knows', { name: 'waited', op: 'CustomCheck', input: ['x'] }],
  ['what fills a table', { name: 'waited', op: 'InitializeTableV2', input: ['x', 'x', 'x'] }],
  ['what writes a file', { name: 'waited', op: 'WriteFile', input: ['x', 'x'] }],
  ['plain arithmetic', floatNode('Neg', 'waited', 'x')],
])('everything waits for %s', (_, node) => {
  expect(inputsOfOutput(node)).toBe(waits);
});

it('what comes twice from one node comes twice still', () => {
  const check = { name: 'check', op: 'Assert', input: ['x', 'x'] };
  const square = { ...floatNode('Mul', 'y', 'x'), input: ['x', 'x', '^check'] };
  expect(lines(cut([placeholder('x'), check, square])).at(-1)).toBe('y = Mul(x, x)');
});

it('a group of them goes as a whole', () => {
  expect(inputsOfOutput({ name: 'c', op: 'Assert', input: ['x', 'x'] }, noOp('g', '^c'), noOp('waited', '^g'))).toBe(
    alone,
  );
});

it('of a group with other things, these are waited for', () => {
  const nodes = [
    { name: 'c', op: 'Assert', input: ['x', 'x'] },
    { name: 'custom', op: 'Custom', input: ['x'] },
    noOp('waited', '^c', '^custom'),
  ];
  expect(inputsOfOutput(...nodes)).toBe('y = Identity(x, ^custom)');
});

it('what a check itself waits for is waited for still', () => {
  const nodes = [
    { name: 'custom', op: 'Custom', input: ['x'] },
    { name: 'waited', op: 'Assert', input: ['x', 'custom'] },
  ];
  expect(inputsOfOutput(...nodes)).toBe('y = Identity(x, ^custom)');
});

it('what is computed of the labels of an iterator is not waited for', () => {
  const next = { name: 'next', op: 'IteratorGetNext', input: ['i'] };
  const iterator = { name: 'i', op: 'IteratorV2' };
  expect(inputsOfOutput(iterator, next, floatNode('Mean', 'waited', 'next:1', 'x'))).toBe(alone);
});

it('a step is counted for training, a write to what the output is computed from is not', () => {
  const count = { name: 'waited', op: 'AssignAddVariableOp', input: ['step', 'x'], attr: { dtype: typeAttr(float) } };
  expect(inputsOfOutput(handleVariable('step', float), count)).toBe(alone);
  const y = { name: 'y', op: 'AddV2', input: ['x', 'read', '^waited'], attr: { T: typeAttr(float) } };
  const graph = cut([placeholder('x'), handleVariable('step', float), count, readVariable('read', 'step'), y]);
  expect(lines(graph).at(-1)).toBe('y = AddV2(x, read, ^waited)');
});

it('an optimiser is for training, whatever it writes to', () => {
  const apply = { name: 'waited', op: 'ResourceApplyGradientDescent', input: ['w', 'x', 'x'] };
  const y = { name: 'y', op: 'AddV2', input: ['x', 'read', '^waited'], attr: { T: typeAttr(float) } };
  const graph = cut([placeholder('x'), handleVariable('w', float), apply, readVariable('read', 'w'), y]);
  expect(lines(graph).at(-1)).toBe('y = AddV2(x, read)');
});

it('a node that may not run still waits for the branch that it is in', () => {
  const nodes = [
    placeholder('x'),
    placeholder('p', boolType),
    { name: 's', op: 'Switch', input: ['x', 'p'], attr: { T: typeAttr(float) } },
    identity('pivot', 's:1'),
    { name: 'check', op: 'Assert', input: ['p', 'x', '^pivot'] },
    { name: 'one', op: 'Const', input: ['^check'], attr: { dtype: typeAttr(float) } },
    { name: 'y', op: 'Merge', input: ['s', 'one'], attr: { T: typeAttr(float), N: { i: 2 } } },
  ];
  expect(lines(cut(nodes)).at(-2)).toBe('one = Const(^pivot)');
});

it('a check that a branch guards goes with the branch', () => {
  const nodes = [
    placeholder('p', boolType),
    { name: 's', op: 'Switch', input: ['p', 'p'], attr: { T: typeAttr(boolType) } },
    { name: 'check', op: 'Assert', input: ['s', 'x'] },
    identity('failed', 's', boolType),
    { name: 'waited', op: 'Merge', input: ['failed', 's:1'], attr: { T: typeAttr(boolType), N: { i: 2 } } },
  ];
  nodes[3] = { ...(nodes[3] as NodeLiteral), input: ['s', '^check'] };
  expect(inputsOfOutput(...nodes)).toBe(alone);
});

it('functions are left alone by what they ran for training, and calls that do nothing else are not waited for', () => {
  const f = {
    inputs: { x: float, step: resource },
    outputs: { z: float },
    nodes: [
      { name: 'count', op: 'AssignAddVariableOp', input: ['step', 'x'], attr: { dtype: typeAttr(float) } },
      { name: 'custom', op: 'Custom', input: ['x'] },
      identity('i', 'x'),
    ],
    returns: { z: 'i:output:0' },
    controls: ['count', 'custom'],
  };
  const guard = {
    inputs: { x: float },
    outputs: { z: float },
    nodes: [{ name: 'check', op: 'Assert', input: ['x', 'x'] }, identity('i', 'x')],
    returns: { z: 'i:output:0' },
    controls: ['check'],
  };
  const nodes = [
    placeholder('x'),
    handleVariable('step', float),
    call('guarded', ['x'], 'guard', [float]),
    { ...call('y', ['x', 'step', '^guarded'], 'f', [float, resource]), op: 'StatefulPartitionedCall' },
  ];
  const graph = cut(nodes, { library: libraryOf({ f, guard }) });
  expect(lines(graph).at(-1)).toBe('y = StatefulPartitionedCall(x, step)');
  const [body] = graph.library.functions;
  expect([...(body?.controlReturns.values() ?? [])]).toEqual(['custom']);
  expect(body?.nodes.map(({ name }) => name)).toEqual(['custom', 'i']);
});

it('a function does not lose a write to what its callers read, nor one that such a write is computed from', () => {
  const write = (name: string, handle: string, ...more: string[]): NodeLiteral => {
    return { name, op: 'AssignVariableOp', input: [handle, ...more], attr: { dtype: typeAttr(float) } };
  };
  const remember = {
    inputs: { x: float, state: resource, step: resource, other: resource },
    outputs: { z: float },
    nodes: [
      write('forgotten', 'step', 'x'),
      write('first', 'other', 'x'),
      readVariable('read', 'other'),
      write('kept', 'state', 'read:value:0'),
      identity('i', 'x'),
    ],
    returns: { z: 'i:output:0' },
    controls: ['forgotten', 'first', 'kept'],
  };
  const types = [float, resource, resource, resource];
  const serve = {
    inputs: { x: float, state: resource, step: resource, other: resource },
    outputs: { z: float },
    nodes: [
      call('remembered', ['x', 'state', 'step', 'other'], 'remember', types),
      { ...readVariable('after', 'state'), input: ['state', '^remembered'] },
      floatNode('AddV2', 'sum', 'remembered:output:0', 'after:value:0'),
    ],
    returns: { z: 'sum:z:0' },
    controls: ['remembered'],
  };
  const nodes = [
    placeholder('x'),
    ...['state', 'step', 'other'].map((name) => handleVariable(name, float)),
    call('y', ['x', 'state', 'step', 'other'], 'serve', types),
  ];
  const [body] = cut(nodes, { library: libraryOf({ remember, serve }) }).library.functions;
  expect([...(body?.controlReturns.values() ?? [])]).toEqual(['first', 'kept']);
});

it('a count that decides which branch is taken goes on, though only control edges say so', () => {
  const count = { name: 'count', op: 'AssignAddVariableOp', input: ['step', 'x'], attr: { dtype: typeAttr(float) } };
  const one = (name: string, pivot: string): NodeLiteral => {
    return { name, op: 'Const', input: [`^${pivot}`], attr: { dtype: typeAttr(float) } };
  };
  const nodes = [
    placeholder('x'),
    handleVariable('step', float),
    count,
    { ...readVariable('read', 'step'), input: ['step', '^count'] },
    { name: 'p', op: 'Greater', input: ['read', 'x'], attr: { T: typeAttr(float) } },
    { name: 's', op: 'Switch', input: ['p', 'p'], attr: { T: typeAttr(boolType) } },
    identity('off', 's', boolType),
    identity('on', 's:1', boolType),
    one('a', 'off'),
    one('b', 'on'),
    { name: 'y', op: 'Merge', input: ['a', 'b'], attr: { T: typeAttr(float), N: { i: 2 } } },
  ];
  expect(lines(cut(nodes))).toContain('read = ReadVariableOp(step, ^count)');
});
