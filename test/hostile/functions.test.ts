// Functions that call each other more often, or deeper, than a graph of their size could say itself.
import { describe } from 'vitest';
import { call, type FunctionLiteral, funcsAttr, libraryOf, typesAttr } from '../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphDef,
  handleVariable,
  int32Type,
  type NodeLiteral,
  placeholder,
  readVariable,
  resource,
} from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { message } from '../support/write-bundle.mjs';
import { type Attack, freezing, withstands } from './attack.js';
import { type Functions, head } from './nodes.js';

const twice: FunctionLiteral = {
  inputs: { a: float },
  outputs: { r: float },
  nodes: [floatNode('AddV2', 's', 'a', 'a')],
  returns: { r: 's:z:0' },
};

/** Each calls the next so often. */
function tower(depth: number, calls: number): Functions {
  const level = (number: number): FunctionLiteral => {
    const nodes = Array.from({ length: calls }, (_, index) => call(`c${index}`, ['a'], `f${number + 1}`, [float]));
    const sums = nodes.map(({ name }, index) =>
      floatNode('AddV2', `s${index}`, index === 0 ? 'a' : `s${index - 1}:z:0`, `${name}:output:0`),
    );
    return {
      inputs: { a: float },
      outputs: { r: float },
      nodes: [...nodes, ...sums],
      returns: { r: `s${calls - 1}:z:0` },
    };
  };
  return Object.fromEntries([
    ...Array.from({ length: depth }, (_, number) => [`f${number}`, level(number)]),
    [`f${depth}`, twice],
  ]);
}

/** A call of `f0`. */
function calling(functions: Functions, ...way: string[]): Attack {
  return freezing(
    graphDef([...head, call('c', ['x'], 'f0', [float]), floatNode('AddV2', 'y', 'c', 'w/read')], {
      library: libraryOf(functions),
    }),
    ...way,
  );
}

/** Functions of one node, and a call of each, one after the other. */
function manyCalled(count: number, ...way: string[]): Attack {
  const functions = Object.fromEntries(Array.from({ length: count }, (_, index) => [`g${index}`, twice]));
  const calls = Object.keys(functions).map((name, index) =>
    call(`n${index}`, [index === 0 ? 'x' : `n${index - 1}`], name, [float]),
  );
  return freezing(
    graphDef([...head, ...calls, floatNode('AddV2', 'y', `n${count - 1}`, 'w/read')], {
      library: libraryOf(functions),
    }),
    ...way,
  );
}

/** A function whose results have one name, and a call of it. */
function manyResults(count: number, ...way: string[]): Attack {
  const results = Array.from({ length: count }, () => float);
  const output_arg = results.map((type) => ({ name: 'r', type }));
  const signature = { name: 'f', input_arg: [{ name: 'a', type: float }], output_arg };
  return freezing(
    graphDef([...head, call('c', ['x'], 'f', [float], results), floatNode('AddV2', 'y', 'c', 'w/read')], {
      library: { function: [{ signature, node_def: twice.nodes, ret: twice.returns }] },
    }),
    ...way,
  );
}

/** A call that hands over the same so often. */
function manyArguments(count: number, ...way: string[]): Attack {
  const numbers = Array.from({ length: count }, (_, index) => index);
  const f0: FunctionLiteral = {
    inputs: Object.fromEntries(numbers.map((number) => [`a${number}`, float])),
    outputs: { r: float },
    nodes: [floatNode('AddV2', 's', 'a0', `a${count - 1}`)],
    returns: { r: 's:z:0' },
  };
  const f = call(
    'c',
    numbers.map(() => 'x'),
    'f0',
    numbers.map(() => float),
  );
  return freezing(
    graphDef([...head, f, floatNode('AddV2', 'y', 'c', 'w/read')], { library: libraryOf({ f0 }) }),
    ...way,
  );
}

/** Each hands the next what it was handed, and once true and once false: 2^depth ways to be called. */
function truths(depth: number): Functions {
  const flags = (count: number): string[] => Array.from({ length: count }, (_, index) => `b${index}`);
  const typed = (names: readonly string[]): Record<string, number> =>
    Object.fromEntries(names.map((name) => [name, boolType]));
  const truth = (name: string, value: boolean): NodeLiteral => ({
    name,
    op: 'Const',
    attr: { dtype: { type: boolType }, value: { tensor: { dtype: boolType, tensor_shape: {}, bool_val: [value] } } },
  });
  const level = (number: number): FunctionLiteral => {
    const types = [float, ...flags(number + 1).map(() => boolType)];
    const to = (name: string, flag: string): NodeLiteral =>
      call(name, ['a', ...flags(number), `${flag}:output:0`], `f${number + 1}`, types);
    const nodes = [truth('yes', true), truth('no', false), to('c0', 'yes'), to('c1', 'no')];
    return {
      inputs: { a: float, ...typed(flags(number)) },
      outputs: { r: float },
      nodes: [...nodes, floatNode('AddV2', 's', 'c0:output:0', 'c1:output:0')],
      returns: { r: 's:z:0' },
    };
  };
  const choices = flags(depth).map(
    (flag, index): NodeLiteral => ({
      ...floatNode('SelectV2', `p${index}`, flag, 'a', index === 0 ? 'a' : `p${index - 1}:output:0`),
    }),
  );
  const leaf: FunctionLiteral = {
    inputs: { a: float, ...typed(flags(depth)) },
    outputs: { r: float },
    nodes: choices,
    returns: { r: `p${depth - 1}:output:0` },
  };
  return Object.fromEntries([
    ...Array.from({ length: depth }, (_, number) => [`f${number}`, level(number)]),
    [`f${depth}`, leaf],
  ]);
}

/** One function of many nodes, called with so many variables, each of a shape of its own. */
function manyShapes(count: number): Attack {
  const nodes = Array.from({ length: 8_000 }, (_, index) =>
    floatNode('AddV2', `n${index}`, index === 0 ? 'r:value:0' : `n${index - 1}:z:0`, 'r:value:0'),
  );
  const f: FunctionLiteral = {
    inputs: { a: resource },
    outputs: { r: float },
    nodes: [readVariable('r', 'a'), ...nodes],
    returns: { r: 'n7999:z:0' },
  };
  const numbers = Array.from({ length: count }, (_, index) => index);
  const variables = numbers.flatMap((number) => [
    handleVariable(`v${number}`, float, number + 1),
    call(`c${number}`, [`v${number}`], 'f', [resource]),
  ]);
  const sum = floatNode('AddN', 'y', ...numbers.map((number) => `c${number}`));
  const tensors = numbers.map((number) => ({
    key: `v${number}`,
    dtype: float,
    shape: [number + 1],
    bytes: Buffer.alloc(4 * (number + 1)),
  }));
  return { ...freezing(graphDef([...variables, sum], { library: libraryOf({ f }) })), tensors };
}

describe('functions', () => {
  withstands({
    'that call each other 2^40 times': ['LIMIT_EXCEEDED', () => calling(tower(40, 2), '--inline')],
    'that come to a million nodes': ['LIMIT_EXCEEDED', () => calling(tower(17, 2), '--optimize')],
    'that come to 30,000 nodes': [undefined, () => calling(tower(12, 2), '--layout', 'tfjs')],
    'that call each other 2^40 times, and stay functions': [undefined, () => calling(tower(40, 2), '--inference')],
    '1,000 deep': ['LIMIT_EXCEEDED', () => calling(tower(1000, 1), '--inference')],
    '150 deep': [undefined, () => calling(tower(150, 3), '--inference')],
    'with a name that makes all names within them long': ['LIMIT_EXCEEDED', () => longNames()],
    'that are handed true and false in 2^18 ways': ['LIMIT_EXCEEDED', () => calling(truths(18), '--inference')],
    'that are handed values of 2,000 shapes': ['LIMIT_EXCEEDED', () => manyShapes(2_000)],
    'that call themselves': [
      'GRAPH_INVALID',
      () =>
        calling(
          { f0: { ...twice, nodes: [call('s', ['a'], 'f0', [float])], returns: { r: 's:output:0' } } },
          '--inline',
        ),
    ],
    'of a few bytes, 60,000 of them': [
      'LIMIT_EXCEEDED',
      () => {
        const functions = Array.from({ length: 60_000 }, (_, index) =>
          message(1, message(1, message(1, Buffer.from(index.toString(36))))),
        );
        return freezing(Buffer.concat([graphDef(smallNodes), message(2, Buffer.concat(functions))]));
      },
    ],
    'that are 100,000 branches of a Case': [
      'LIMIT_EXCEEDED',
      () => {
        const attr = {
          branches: funcsAttr(...Array.from({ length: 100_000 }, () => 'g')),
          Tin: typesAttr(float),
          Tout: typesAttr(float),
        };
        const node: NodeLiteral = { name: 'c', op: 'StatelessCase', input: ['i', 'x'], attr };
        return freezing(
          graphDef([...head, placeholder('i', int32Type), node, floatNode('AddV2', 'y', 'c', 'w/read')], {
            library: libraryOf({ g: twice }),
          }),
          '--inline',
        );
      },
    ],
    'of which 5,000 are called': [undefined, () => manyCalled(5_000, '--inference')],
    'of which 5,000 are called, on devices': [undefined, () => manyCalled(5_000, '--place', 'gpu:0,cpu')],
    'of 60,000 results, all of one name': [undefined, () => manyResults(60_000, '--inference')],
    'of 40,000 arguments': [undefined, () => manyArguments(40_000, '--inference')],
    'of 40,000 arguments, on devices': [undefined, () => manyArguments(40_000, '--place', 'gpu:0,cpu')],
  });
});

/** In each function stands a node of 2,400 letters, whose name begins all names of the next. */
function longNames(): Attack {
  const depth = 190;
  const long = 'n'.repeat(2_400);
  const level = (number: number): FunctionLiteral => ({
    ...twice,
    nodes: [call(long, ['a'], `f${number + 1}`, [float])],
    returns: { r: `${long}:output:0` },
  });
  const nodes = Array.from({ length: 200 }, (_, index) => floatNode('AddV2', `s${index}`, 'a', 'a'));
  const functions = [
    ...Array.from({ length: depth }, (_, number) => [`f${number}`, level(number)]),
    [`f${depth}`, { ...twice, nodes, returns: { r: 's0:z:0' } }],
  ];
  return calling(Object.fromEntries(functions), '--inline');
}
