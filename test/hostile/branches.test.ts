// A Case whose branches are one function of very many arguments, and functions that are known to go one way.
import { describe } from 'vitest';
import { call, type FunctionLiteral, funcsAttr, libraryOf, typesAttr } from '../support/functions.js';
import {
  boolType,
  float,
  graphDef,
  handleVariable,
  int32Type,
  type NodeLiteral,
  placeholder,
  readVariable,
  resource,
  typeAttr,
} from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { type Attack, freezing, withstands } from './attack.js';
import { type Functions, handingOn, never, repeated } from './nodes.js';

function inference(nodes: readonly NodeLiteral[], functions: Functions, ...read: string[]): Attack {
  const y: NodeLiteral = { name: 'y', op: 'AddN', input: ['x', 'w/read', ...read] };
  const all = [...smallNodes.slice(0, 3), never, placeholder('i', int32Type), ...nodes, y];
  return freezing(graphDef(all, { library: libraryOf(functions) }), '--inference');
}

describe('branches that are one function, all of whose 15,000 arguments decide in it,', () => {
  const count = 15_000;
  const deciding: FunctionLiteral = {
    inputs: Object.fromEntries(repeated(count, (at) => [`a${at}`, boolType])),
    outputs: { r: boolType },
    nodes: [
      { name: 'p', op: 'Pack', input: repeated(count, (at) => `a${at}`) },
      { name: 's', op: 'Switch', input: ['a0', 'p:output:0'], attr: { T: typeAttr(boolType) } },
    ],
    returns: { r: 's:output_false:0' },
  };
  const choice = (index: string, argument: string): NodeLiteral => ({
    name: 'k',
    op: 'Case',
    input: [index, ...repeated(count, () => argument)],
    attr: {
      Tin: typesAttr(...repeated(count, () => boolType)),
      Tout: typesAttr(boolType),
      branches: funcsAttr(...repeated(10_000, () => 'deciding')),
    },
  });
  withstands({
    '10,000 of them, called with constants,': [undefined, () => inference([choice('i', 'never')], { deciding }, '^k')],
    '10,000 of them, in a function,': [
      undefined,
      () => {
        const around: FunctionLiteral = {
          inputs: { i: int32Type, a: boolType },
          outputs: { r: boolType },
          nodes: [choice('i', 'a')],
          returns: { r: 'k:output:0' },
        };
        return inference(
          [call('c', ['i', 'never'], 'around', [int32Type, boolType], [boolType])],
          { deciding, around },
          '^c',
        );
      },
    ],
  });
});

describe('branches that are one function, 10,000 of them,', () => {
  const many = (inputs: readonly string[], inType: number, results: number): NodeLiteral => ({
    name: 'k',
    op: 'Case',
    input: ['i', ...inputs],
    attr: {
      Tin: typesAttr(...inputs.map(() => inType)),
      Tout: typesAttr(...repeated(results, () => float)),
      branches: funcsAttr(...repeated(10_000, () => 'f')),
    },
  });
  withstands({
    'which take 15,000 variables,': [
      undefined,
      () => {
        const f: FunctionLiteral = {
          inputs: Object.fromEntries(repeated(15_000, (at) => [`a${at}`, resource])),
          outputs: { r: float },
          nodes: [readVariable('v', 'a0')],
          returns: { r: 'v:value:0' },
        };
        const handles = repeated(15_000, () => 'h');
        const attack = inference([handleVariable('h', float, 2), many(handles, resource, 1)], { f }, 'k');
        return {
          ...attack,
          tensors: ['w', 'h'].map((key) => ({ key, dtype: float, shape: [2], bytes: Buffer.alloc(8) })),
        };
      },
    ],
    'which give 12,000 results,': [
      undefined,
      () => {
        const names = repeated(12_000, (at) => `r${at}`);
        return inference([many(['x'], float, 12_000)], { f: handingOn(names) }, ...repeated(12_000, (at) => `k:${at}`));
      },
    ],
  });
});

describe('a function that is known to go one way, and reads all of its arguments,', () => {
  const last = 9_999;
  const branching: FunctionLiteral = {
    inputs: { a: float, b: boolType },
    outputs: { r: float, s: boolType },
    nodes: [
      ...repeated(last + 1, (at) => ({ name: `n${at}`, op: 'Neg', input: [at === 0 ? 'a' : `n${at - 1}:y:0`] })),
      { name: 'q', op: 'Switch', input: [`n${last}:y:0`, 'b'], attr: { T: typeAttr(float) } },
    ],
    returns: { r: 'q:output_false:0', s: 'b' },
  };
  withstands({
    'called 8,000 times,': [
      undefined,
      () => {
        const names = repeated(8_000, (at) => `c${at}`);
        const types = [float, boolType];
        const calls = names.map((name) => call(name, ['x', 'never'], 'branching', types, types));
        return inference(calls, { branching }, ...names);
      },
    ],
  });
});
