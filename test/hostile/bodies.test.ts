// Bodies of functions: what their nodes leave to the call, and what they read of each other.
import { describe } from 'vitest';
import { call, type FunctionLiteral, funcAttr, libraryOf, typesAttr } from '../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphDef,
  intAttr,
  type NodeLiteral,
  refVariable,
  textAttr,
  typeAttr,
} from '../support/graph-def.js';
import { type Attack, freezing, withstands } from './attack.js';
import { type Functions, handingOn, head, repeated } from './nodes.js';

/** Takes `a` and gives what is called so. */
const returning = (result: string, nodes: readonly NodeLiteral[]): FunctionLiteral => ({
  inputs: { a: float },
  outputs: { r: float },
  nodes,
  returns: { r: result },
});

/** The nodes, each of which reads that. */
const readers = (count: number, input: string): NodeLiteral[] =>
  repeated(count, (at) => ({ name: `n${at}`, op: 'Neg', input: [input] }));

function frozen(node: NodeLiteral, functions: Functions, ...way: string[]): Attack {
  const nodes = [...head, node, floatNode('AddV2', 'y', node.name, 'w/read')];
  return freezing(graphDef(nodes, { library: libraryOf(functions) }), ...way);
}

const calling = (functions: Functions, way: string): Attack => frozen(call('c', ['x'], 'f', [float]), functions, way);

/** Calls `f` with an attribute of 500,000 bytes. */
const callWith = (attribute: string): NodeLiteral => {
  const f = funcAttr('f', { [attribute]: textAttr('A'.repeat(500_000)) });
  return { ...call('c', ['x'], 'f', [float]), attr: { f, Tin: typesAttr(float), Tout: typesAttr(float) } };
};

describe('bodies in which stands', () => {
  const open = (at: number): NodeLiteral => ({
    ...floatNode('Neg', `n${at}`, at === 0 ? 'a' : `n${at - 1}:y:0`),
    attr: { T: typeAttr(float), _note: { placeholder: 'note' } },
  });
  const handing = (at: number): NodeLiteral => {
    const f = funcAttr('g', { note: { placeholder: 'note' } });
    const attr = { f, Tin: typesAttr(float), Tout: typesAttr(float) };
    return { name: `n${at}`, op: 'PartitionedCall', input: ['a'], attr };
  };
  withstands({
    '6,000 times what the call gives for an attribute': [
      'LIMIT_EXCEEDED',
      () => frozen(callWith('note'), { f: returning('n5999:y:0', repeated(6_000, open)) }, '--inline'),
    ],
    '4,000 times a call with that': [
      'LIMIT_EXCEEDED',
      () => {
        const functions = { f: returning('n3999:output:0', repeated(4_000, handing)), g: returning('a', []) };
        return frozen(callWith('note'), functions, '--inline');
      },
    ],
  });
});

describe('bodies in which very many nodes read', () => {
  const unpacked: NodeLiteral = {
    ...floatNode('Unpack', 'u', 'a'),
    attr: { T: typeAttr(float), num: intAttr(65_536) },
  };
  const reading = returning('n14999:y:0', [unpacked, ...readers(15_000, 'u:output:1')]);
  const wide = (): Functions => {
    const g = handingOn(repeated(12_000, (at) => `o${at}`));
    const nodes = [{ name: 'g', op: 'g', input: ['a'] }, ...readers(18_000, 'g:o11999:0')];
    return { f: returning('n17999:y:0', nodes), g };
  };
  withstands({
    'one of 65,536 outputs, made flat': [undefined, () => calling({ f: reading }, '--inline')],
    'one of 65,536 outputs, for inference': [undefined, () => calling({ f: reading }, '--inference')],
    'the last of 12,000 results, made flat': [undefined, () => calling(wide(), '--inline')],
  });
});

describe('bodies that', () => {
  const calls = (count: number, f: (at: number) => string, input: string): NodeLiteral[] =>
    repeated(count, (at) => call(`c${at}`, [input], f(at), []));
  withstands({
    '3,500 calls go into, each of which calls 3,500': [
      'VARIABLE_NOT_IN_CHECKPOINT',
      () => {
        const inner = repeated(3_500, (at) => [`h${at}`, returning('a', [])] as const);
        const g = returning(
          'a',
          calls(3_500, (at) => `h${at}`, 'a'),
        );
        const nodes = [...head, ...calls(3_500, () => 'g', 'x'), refVariable('missing', float, 2)];
        const y = { name: 'y', op: 'AddN', input: ['w/read', 'missing', ...repeated(3_500, (at) => `c${at}`)] };
        return freezing(graphDef([...nodes, y], { library: libraryOf({ g, ...Object.fromEntries(inner) }) }));
      },
    ],
  });
});

describe('made flat, edges are', () => {
  const count = 9_000;
  const numbered = (name: string): string[] => repeated(count, (at) => `${name}${at}`);
  const floats = (names: readonly string[]): Record<string, number> =>
    Object.fromEntries(names.map((name) => [name, float]));
  const nothing = numbered('n').map((name) => ({ name, op: 'NoOp' }));
  const all = numbered('n').map((name) => `^${name}`);
  const never: NodeLiteral = {
    name: 'b',
    op: 'Const',
    attr: { dtype: typeAttr(boolType), value: { tensor: { dtype: boolType, tensor_shape: {}, bool_val: [false] } } },
  };
  const condition: FunctionLiteral = {
    inputs: floats(numbered('a')),
    outputs: { r: boolType },
    nodes: [never],
    returns: { r: 'b:output:0' },
  };
  const body: FunctionLiteral = {
    inputs: floats(numbered('a')),
    outputs: floats(numbered('r')),
    nodes: [],
    returns: Object.fromEntries(repeated(count, (at) => [`r${at}`, `a${at}`])),
  };
  const flat = (nodes: readonly NodeLiteral[], functions: Functions, read: readonly string[]): Attack => {
    const y: NodeLiteral = { name: 'y', op: 'AddN', input: ['x', 'w/read', ...read] };
    return freezing(graphDef([...head, ...nodes, y], { library: libraryOf(functions) }), '--inline');
  };
  const types = typesAttr(...repeated(count, () => float));
  const loop = (controls: readonly string[]): NodeLiteral => ({
    name: 'k',
    op: 'While',
    input: [...repeated(count, () => 'x'), ...controls],
    attr: { T: types, cond: funcAttr('condition'), body: funcAttr('body') },
  });
  const choice = (controls: readonly string[]): NodeLiteral => {
    const branches = { then_branch: funcAttr('condition'), else_branch: funcAttr('condition') };
    const attr = { Tcond: typeAttr(boolType), Tin: types, Tout: typesAttr(boolType), ...branches };
    return { name: 'k', op: 'If', input: ['b', ...repeated(count, () => 'x'), ...controls], attr };
  };
  withstands({
    'from 9,000 nodes to each of 9,000 variables of a loop, which': [
      'LIMIT_EXCEEDED',
      () => flat([...nothing, loop(all)], { condition, body }, ['k']),
    ],
    'from 9,000 nodes of its body to each of them, which': [
      'LIMIT_EXCEEDED',
      () => flat([loop([])], { condition, body: { ...body, nodes: nothing, controls: numbered('n') } }, ['k']),
    ],
    'from 9,000 nodes to each of 9,000 arguments of a branch, which': [
      'LIMIT_EXCEEDED',
      () => flat([never, ...nothing, choice(all)], { condition }, ['^k']),
    ],
    'to 9,000 results of each of 9,000 calls, which': [
      'LIMIT_EXCEEDED',
      () => {
        const calls = repeated(count, (at) => call(`c${at}`, [], 'results', []));
        const returns = Object.fromEntries(numbered('r').map((name) => [name, 'b:output:0']));
        return flat(calls, { results: { ...body, inputs: {}, nodes: [never], returns } }, numbered('c'));
      },
    ],
  });
});
