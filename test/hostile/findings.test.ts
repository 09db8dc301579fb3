// Graphs of which thousands of findings have the same long thing to tell.
import { describe } from 'vitest';
import { call, type FunctionLiteral, libraryOf, typesAttr } from '../support/functions.js';
import {
  float,
  floatNode,
  graphDef,
  int32Type,
  intAttr,
  type NodeLiteral,
  textAttr,
  typeAttr,
} from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { message } from '../support/write-bundle.mjs';
import { type Attack, withstands } from './attack.js';
import { repeated } from './nodes.js';

function checked(nodes: readonly NodeLiteral[], functions: Readonly<Record<string, FunctionLiteral>> = {}): Attack {
  const graph = graphDef([...smallNodes, ...nodes], { library: libraryOf(functions) });
  return { files: { 'graph.pb': graph }, args: ['check', 'graph.pb', '--json'] };
}

const inputs = Object.fromEntries(repeated(20_000, (at) => [`a${at}`, float]));
const f: FunctionLiteral = { inputs, outputs: { r: float }, nodes: [], returns: { r: 'a0' } };

describe('thousands of findings that tell', () => {
  withstands({
    'the types of 20,000 arguments': [
      undefined,
      () =>
        checked(
          repeated(5_000, (at) => call(`c${at}`, [], 'f', [float])),
          { f },
        ),
    ],
    'the names of 20,000 arguments': [
      undefined,
      () =>
        checked(
          repeated(15_000, (at) => ({ name: `c${at}`, op: 'f' })),
          { f },
        ),
    ],
    'the name of an argument, which has 400,000 characters': [
      undefined,
      () =>
        checked(
          repeated(12_000, (at) => ({ name: `c${at}`, op: 'f' })),
          { f: { ...f, inputs: { ['a'.repeat(400_000)]: float, b: float }, returns: {} } },
        ),
    ],
    'the name of a result, which has 400,000 characters': [
      undefined,
      () => {
        const results = { outputs: { ['r'.repeat(400_000)]: float, s: float }, returns: {} };
        const readers = repeated(9_000, (at) => floatNode('Neg', `n${at}`, 'c:q:0'));
        return checked([], {
          f: { ...f, ...results, inputs: { a: float } },
          g: { ...f, inputs: { a: float }, nodes: [{ name: 'c', op: 'f', input: ['a'] }, ...readers] },
        });
      },
    ],
    'the name of a function, which has 400,000 characters': [
      'LIMIT_EXCEEDED',
      () => {
        const nodes = repeated(12_000, (at) => floatNode('Neg', `n${at}`, 'q'));
        return checked([], { ['f'.repeat(400_000)]: { ...f, inputs: { a: float }, nodes } });
      },
    ],
    'the name of a loop, which has 400,000 characters': [
      undefined,
      () => {
        const attr = { T: typeAttr(float), frame_name: textAttr('f'.repeat(400_000)) };
        const enter = { name: 'e', op: 'Enter', input: ['x'], attr };
        return checked([enter, ...repeated(9_000, (at) => floatNode('AddV2', `n${at}`, 'x', 'e'))]);
      },
    ],
    'the longest name that a node may have, of 300,000 inputs that come from nowhere': [
      undefined,
      () => checked([{ name: 'n'.repeat(16_000), op: 'Neg', input: repeated(300_000, () => 'q') }]),
    ],
    'the longest name that a node may have': [
      undefined,
      () => {
        const attr = Object.fromEntries(repeated(6_000, (at) => [`b${at}`, intAttr(1)]));
        return checked([{ name: 'n'.repeat(16_000), op: 'Neg', input: ['x'], attr: { T: typeAttr(float), ...attr } }]);
      },
    ],
  });
});

describe('thousands of nodes that', () => {
  /** A function whose arguments and results have no names, and take two bytes each. */
  const nameless = (inputs: number, outputs: number): Buffer => {
    const args = [Buffer.alloc(2 * inputs, Buffer.from([0x12, 0])), Buffer.alloc(2 * outputs, Buffer.from([0x1a, 0]))];
    return message(2, message(1, message(1, Buffer.concat([message(1, Buffer.from('f')), ...args]))));
  };
  const calls = repeated(40_000, (at) => ({ name: `${at}`, op: 'f' }));
  const checkedWith = (library: Buffer, ...flags: string[]): Attack => ({
    files: { 'graph.pb': Buffer.concat([graphDef(calls), library]) },
    args: ['check', 'graph.pb', ...flags],
  });
  const body = (list: NodeLiteral, readers: readonly NodeLiteral[]): Attack =>
    checked([], { f: { inputs: { a: float }, outputs: {}, nodes: [list, ...readers], returns: {} } });
  const listOf = (type: number): NodeLiteral => ({
    name: 'c',
    op: 'IdentityN',
    input: ['a'],
    attr: { T: typesAttr(...repeated(10_000, () => type)) },
  });
  withstands({
    'call a function that is broken': [
      undefined,
      () => {
        const nodes = Array.from({ length: 30_000 }, () => message(3, Buffer.from([0x0a, 0])));
        const broken = Buffer.concat([
          message(1, message(1, Buffer.from('f'))),
          ...nodes,
          message(3, Buffer.from([0x0a, 9])),
        ]);
        return checkedWith(message(2, message(1, broken)));
      },
    ],
    'call a function of 60,000 arguments': [undefined, () => checkedWith(nameless(60_000, 1))],
    'call a function of 60,000 results, for NPUs': [
      undefined,
      () => checkedWith(nameless(1, 60_000), '--target', 'npu'),
    ],
    'take all of a list': [
      undefined,
      () =>
        body(
          listOf(float),
          repeated(14_000, (at) => floatNode('Neg', `n${at}`, 'c:output')),
        ),
    ],
    'take all of a list of another type': [
      undefined,
      () => {
        const attr = { N: intAttr(10_000), T: typeAttr(float) };
        return body(
          listOf(int32Type),
          repeated(13_000, (at) => ({ name: `n${at}`, op: 'AddN', input: ['c:output'], attr })),
        );
      },
    ],
    'are one, which takes all of a list 70,000 times': [
      undefined,
      () => body(listOf(float), [{ name: 'n', op: 'Neg', input: repeated(70_000, () => 'c:output') }]),
    ],
    'are one, with 90,000 branches that are one function': [
      undefined,
      () => {
        const branches = { list: { func: repeated(90_000, () => ({ name: 'f' })) } };
        const attr = { Tin: typesAttr(...repeated(20_000, () => float)), Tout: typesAttr(float), branches };
        return checked([{ name: 'c', op: 'Case', input: ['i', 'x'], attr }], { f });
      },
    ],
  });
});
