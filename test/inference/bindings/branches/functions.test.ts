import { expect, it } from 'vitest';
import type { GraphFunction } from '../../../../src/graph/function.js';
import type { Graph } from '../../../../src/graph/graph.js';
import { noInference } from '../../../../src/inference/inference-settings.js';
import { type Inference, toInference } from '../../../../src/inference/to-inference.js';
import { call, type FunctionLiteral, funcAttr, funcsAttr, libraryOf, typesAttr } from '../../../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphOf,
  handleVariable,
  int32Type,
  type NodeLiteral,
  placeholder,
  resource,
  typeAttr,
} from '../../../support/graph-def.js';
import { lines } from '../../../support/stored.js';

const unary = (op: string): FunctionLiteral => ({
  inputs: { v: float, unread: float },
  outputs: { r: float },
  nodes: [floatNode(op, 'n', 'v')],
  returns: { r: 'n:y:0' },
});
const choose = (name: string, predicate: string, ...input: string[]): NodeLiteral => ({
  name,
  op: 'StatelessIf',
  input: [predicate, ...input],
  attr: {
    Tcond: typeAttr(boolType),
    Tin: typesAttr(float, float),
    Tout: typesAttr(float),
    then_branch: funcAttr('on'),
    else_branch: funcAttr('off'),
  },
});
/** `choosing(x, p)` calls `on` or `off`. */
const choosing: FunctionLiteral = {
  inputs: { x: float, p: boolType },
  outputs: { r: float },
  nodes: [choose('choice', 'p', 'x', 'x')],
  returns: { r: 'choice:output:0' },
};
const library = libraryOf({ on: unary('Exp'), off: unary('Neg'), choosing });

function bound(nodes: readonly NodeLiteral[], bind: Record<string, boolean | number>, functions = library): Inference {
  const bindings = Object.entries(bind).map(([name, value]) => ({ name, value }));
  return toInference(graphOf(nodes, { library: functions }), ['y'], { ...noInference, rewrites: new Set(), bindings });
}

function called(
  graph: Graph,
  caller: { attribute: (name: string) => Uint8Array | undefined } | undefined,
): GraphFunction {
  const text = Buffer.from(caller?.attribute('f') ?? []).toString('latin1');
  const names = [...graph.library.byName.keys()].filter((name) => text.endsWith(name) || text.includes(`${name}\x12`));
  return graph.library.byName.get(names.sort((a, b) => b.length - a.length)[0] ?? '') as GraphFunction;
}

it('an If becomes a call of its branch, without what only the other branch took', () => {
  const nodes = [placeholder('x'), placeholder('p', boolType), floatNode('Sin', 'z', 'x'), choose('y', 'p', 'x', 'z')];
  const { graph } = bound(nodes, { p: true });
  expect(lines(graph).slice(-2)).toEqual(['y = Identity(y/then)', 'y/then = PartitionedCall(x)']);
  const branch = called(graph, graph.byName.get('y/then'));
  expect(branch.inputs.map(({ name }) => name)).toEqual(['v']);
  expect(branch.nodes.map(({ op }) => op)).toEqual(['Exp']);
  expect(graph.library.byName.get('on')?.inputs.length).toBe(2);
});

it.each([
  [-1, 'three'],
  [0, 'one'],
  [1, 'two'],
  [3, 'three'],
])('a Case of index %i takes the branch %s', (index, branch) => {
  const functions = libraryOf({ one: unary('Exp'), two: unary('Neg'), three: unary('Sin') });
  const choice: NodeLiteral = {
    name: 'y',
    op: 'Case',
    input: ['i', 'x', 'x'],
    attr: { Tin: typesAttr(float, float), Tout: typesAttr(float), branches: funcsAttr('one', 'two', 'three') },
  };
  const { graph, changes } = bound([placeholder('x'), placeholder('i', int32Type), choice], { i: index }, functions);
  expect(graph.nodes.at(-1)?.op).toBe('StatefulPartitionedCall');
  expect(graph.nodes.at(-1)?.inputs).toEqual(['x']);
  expect(changes.at(-1)?.text).toContain(`calls '${branch}'`);
});

it('a call that hands on what is bound gets a variant; other callers keep the function', () => {
  const nodes = [
    placeholder('x'),
    placeholder('p', boolType),
    placeholder('q', boolType),
    call('known', ['x', 'p'], 'choosing', [float, boolType]),
    call('unknown', ['x', 'q'], 'choosing', [float, boolType]),
    call('known_too', ['x', 'p'], 'choosing', [float, boolType]),
    { ...floatNode('AddN', 'y', 'known', 'unknown', 'known_too'), attr: { T: typeAttr(float), N: { i: 3 } } },
  ];
  const { graph, changes } = bound(nodes, { p: false });
  const variant = called(graph, graph.byName.get('known'));
  expect(variant).toBe(called(graph, graph.byName.get('known_too')));
  expect(variant.nodes.map(({ op, inputs }) => `${op}(${inputs})`)).toEqual([
    'Identity(choice/else:output:0)',
    'PartitionedCall(x)',
  ]);
  expect(lines(graph)).toContain('known = PartitionedCall(x)');
  expect(lines(graph)).toContain('unknown = PartitionedCall(x, q)');
  const original = graph.library.byName.get('choosing');
  expect(original?.nodes.map(({ op }) => op)).toEqual(['StatelessIf']);
  expect(changes.filter(({ node }) => node === 'choice').length).toBe(1);
});

it('what a loop hands round as it is decides in its body; what changes does not', () => {
  const body: FunctionLiteral = {
    inputs: { x: float, p: boolType, q: boolType },
    outputs: { rx: float, rp: boolType, rq: boolType },
    nodes: [
      choose('by_p', 'p', 'x', 'x'),
      choose('by_q', 'q', 'by_p:output:0', 'x'),
      { name: 'not', op: 'LogicalNot', input: ['q'] },
      { name: 'same', op: 'Identity', input: ['p'], attr: { T: typeAttr(boolType) } },
    ],
    returns: { rx: 'by_q:output:0', rp: 'same:output:0', rq: 'not:y:0' },
  };
  const cond: FunctionLiteral = {
    inputs: { x: float, p: boolType, q: boolType },
    outputs: { r: boolType },
    nodes: [],
    returns: { r: 'q' },
  };
  const loop: NodeLiteral = {
    name: 'loop',
    op: 'StatelessWhile',
    input: ['x', 'p', 'p'],
    attr: { T: typesAttr(float, boolType, boolType), body: funcAttr('body'), cond: funcAttr('cond') },
  };
  const functions = libraryOf({ on: unary('Exp'), off: unary('Neg'), body, cond });
  const nodes = [placeholder('x'), placeholder('p', boolType), loop, floatNode('Neg', 'y', 'loop')];
  const { graph } = bound(nodes, { p: true }, functions);
  const variant = graph.library.byName.get('body_bound_1');
  expect(variant?.nodes.map(({ name, op }) => `${name} ${op}`)).toEqual([
    'by_p Identity',
    'by_q StatelessIf',
    'not LogicalNot',
    'same Identity',
    'by_p/then PartitionedCall',
  ]);
  expect(graph.library.byName.get('body')?.nodes[0]?.op).toBe('StatelessIf');
});

it('a variable that is bound decides where functions read it', () => {
  const reading: FunctionLiteral = {
    inputs: { x: float, h: resource },
    outputs: { r: float },
    nodes: [
      { name: 'p', op: 'ReadVariableOp', input: ['h'], attr: { dtype: typeAttr(boolType) } },
      choose('choice', 'p:value:0', 'x', 'x'),
    ],
    returns: { r: 'choice:output:0' },
  };
  const functions = libraryOf({ on: unary('Exp'), off: unary('Neg'), reading });
  const nodes = [
    placeholder('x'),
    handleVariable('is_training', boolType),
    call('y', ['x', 'is_training'], 'reading', [float, resource]),
  ];
  const { graph, values } = bound(nodes, { is_training: false }, functions);
  expect(lines(graph).at(-1)).toBe('y = PartitionedCall(x)');
  expect(values.get('is_training')?.elements).toEqual(new Uint8Array([0]));
});

const flagWrite = (handle: string): NodeLiteral => {
  return { name: 'write', op: 'AssignVariableOp', input: [handle, 't'], attr: { dtype: typeAttr(boolType) } };
};
const readAgain: NodeLiteral = {
  name: 'p',
  op: 'ReadVariableOp',
  input: ['again', '^write'],
  attr: { dtype: typeAttr(boolType) },
};

it('a variable that another of its handles is written by decides nothing', () => {
  const nodes = [
    placeholder('x'),
    placeholder('t', boolType),
    handleVariable('flag', boolType),
    { ...handleVariable('flag', boolType), name: 'again' },
    flagWrite('flag'),
    readAgain,
    choose('y', 'p', 'x', 'x'),
  ];
  expect(bound(nodes, { flag: false }).graph.byName.get('y')?.op).toBe('StatelessIf');
  const unwritten = nodes.map((node) => (node === readAgain ? { ...node, input: ['again'] } : node));
  expect(bound(unwritten, { flag: false }).graph.byName.get('y')?.op).toBe('Identity');
});

it('a variable that a function writes to decides nothing', () => {
  const writing: FunctionLiteral = {
    inputs: { h: resource, t: boolType },
    outputs: {},
    nodes: [flagWrite('h')],
    returns: {},
    controls: ['write'],
  };
  const calling: FunctionLiteral = {
    inputs: { h: resource, t: boolType },
    outputs: {},
    nodes: [call('inner', ['h', 't'], 'writing', [resource, boolType], [])],
    returns: {},
    controls: ['inner'],
  };
  const functions = libraryOf({ on: unary('Exp'), off: unary('Neg'), writing, calling });
  const nodes = [
    placeholder('x'),
    placeholder('t', boolType),
    handleVariable('flag', boolType),
    { ...handleVariable('flag', boolType), name: 'again' },
    call('write', ['flag', 't'], 'calling', [resource, boolType], []),
    readAgain,
    choose('y', 'p', 'x', 'x'),
  ];
  expect(bound(nodes, { flag: false }, functions).graph.byName.get('y')?.op).toBe('StatelessIf');
});

it('functions that call themselves come to an end', () => {
  const self: FunctionLiteral = {
    inputs: { x: float, p: boolType },
    outputs: { r: float },
    nodes: [call('again', ['x', 'p'], 'self', [float, boolType]), choose('choice', 'p', 'again:output:0', 'x')],
    returns: { r: 'choice:output:0' },
  };
  const functions = libraryOf({ on: unary('Exp'), off: unary('Neg'), self });
  const nodes = [placeholder('x'), placeholder('p', boolType), call('y', ['x', 'p'], 'self', [float, boolType])];
  expect(() => bound(nodes, { p: true }, functions)).not.toThrow();
});

it('a call is not named as the scope of other nodes is', () => {
  const nodes = [
    placeholder('x'),
    placeholder('p', boolType),
    choose('c', 'p', 'x', 'x'),
    floatNode('Neg', 'c/then/n', 'c'),
    floatNode('Exp', 'y', 'c/then/n'),
  ];
  expect(lines(bound(nodes, { p: true }).graph)).toContain('c = Identity(c/then_1)');
});
