// What each of thousands asks of all: placeholders, conditionals, norms and initialisers, and what is behind them.
import { describe } from 'vitest';
import { call, type FunctionLiteral, libraryOf, typesAttr } from '../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphDef,
  handleVariable,
  identity,
  int32Type,
  intAttr,
  type NodeLiteral,
  placeholder,
  readVariable,
  refVariable,
  resource,
  typeAttr,
} from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import type { TensorToWrite } from '../support/write-bundle.mjs';
import { type Attack, freezing, withstands } from './attack.js';
import { inference, never, node, repeated } from './nodes.js';

const sum = (...more: string[]): NodeLiteral => node('AddN', 'y', 'x', 'w/read', ...more);

/** Each takes the one before, so often. */
function chain(op: string, name: string, length: number, start: string): NodeLiteral[] {
  return repeated(length, (at) => node(op, `${name}${at}`, at === 0 ? start : `${name}${at - 1}`));
}

const nothing: FunctionLiteral = { inputs: { a: float }, outputs: { r: float }, nodes: [], returns: { r: 'a' } };

/** `all` calls each of so many functions. */
function manyFunctions(count: number): Record<string, FunctionLiteral> {
  const names = repeated(count, (at) => `f${at}`);
  const nodes = names.map((name, at) => call(`c${at}`, ['a'], name, [float]));
  return { ...Object.fromEntries(names.map((name) => [name, nothing])), all: { ...nothing, nodes } };
}

const stored = (key: string): TensorToWrite => ({ key, dtype: float, shape: [2], bytes: Buffer.alloc(8) });

const truths = (count: number): NodeLiteral[] => repeated(count, (at) => placeholder(`p${at}`, boolType));

describe('what may tell training from inference goes', () => {
  withstands({
    'to seven hundred nodes of which nothing comes': [
      undefined,
      () =>
        inference([
          ...truths(150),
          ...repeated(700, (at) => node('Pack', `q${at}`, ...repeated(150, (each) => `p${each}`))),
          node('AddN', 'e', ...repeated(700, (at) => `q${at}`)),
          ...chain('Identity', 'i', 900, 'e'),
          sum('^i899'),
        ]),
    ],
    'from thousands of placeholders to one branch': [
      undefined,
      () =>
        inference([
          ...truths(6_500),
          ...repeated(6_500, (at) => node('LogicalAnd', `o${at}`, at === 0 ? 'p0' : `o${at - 1}`, `p${at}`)),
          floatNode('Switch', 's', 'x', 'o6499'),
          ...chain('Neg', 'n', 5_000, 's:1'),
          floatNode('Merge', 'm', 's', 'n4999'),
          sum('m'),
        ]),
    ],
    'to Ifs that call thousands of functions': [
      undefined,
      () =>
        inference(
          [
            placeholder('p', boolType),
            ...repeated(4_000, (at): NodeLiteral => {
              const branches = { then_branch: { func: { name: 'all' } }, else_branch: { func: { name: 'all' } } };
              const types = { Tcond: typeAttr(boolType), Tin: typesAttr(float), Tout: typesAttr(float) };
              return { ...node('If', `i${at}`, 'p', 'x'), attr: { ...branches, ...types } };
            }),
            sum(...repeated(4_000, (at) => `i${at}`)),
          ],
          { library: libraryOf(manyFunctions(3_000)) },
        ),
    ],
    'twenty thousand times to one call': [
      undefined,
      () => {
        const numbers = repeated(20_000, (at) => at);
        const handing = call(
          'c',
          numbers.map(() => 'p'),
          'f',
          numbers.map(() => boolType),
          [boolType],
        );
        const f: FunctionLiteral = {
          inputs: Object.fromEntries(numbers.map((at) => [`a${at}`, boolType])),
          outputs: { r: boolType },
          nodes: [],
          returns: { r: 'a0' },
        };
        return inference([placeholder('p', boolType), handing, sum('^c')], { library: libraryOf({ f }) });
      },
    ],
  });
});

describe('what each of thousands of norms asks of a long row goes', () => {
  const row = 8_000;
  const axes: NodeLiteral = {
    name: 'axes',
    op: 'Const',
    attr: {
      dtype: typeAttr(int32Type),
      value: { tensor: { dtype: int32Type, tensor_shape: { dim: [{ size: 1 }] }, int_val: [0] } },
    },
  };
  withstands({
    'as to whether it is of data': [
      undefined,
      () => {
        const variance = refVariable('v/moving_variance', float, 2);
        const norms = repeated(6_000, (at) => [
          node('Mean', `m${at}`, `n${row - 1}`, 'axes'),
          node('Rsqrt', `r${at}`, `m${at}`),
        ]).flat();
        const roots = repeated(6_000, (at) => `r${at}`);
        const write = node('Assign', 'u', 'v/moving_variance', 'x');
        const nodes = [axes, variance, write, ...chain('Neg', 'n', row, 'x'), ...norms, sum(...roots)];
        return { ...inference(nodes), tensors: [stored('w'), stored('v/moving_variance')] };
      },
    ],
    'of the variables that its function is handed': [
      undefined,
      () => {
        const names = repeated(2_500, (at) => `v${at}/moving_variance`);
        const norms = repeated(3_000, (at) => [
          node('Mean', `m${at}`, 'a', 'axes:output:0'),
          node('Rsqrt', `r${at}`, `m${at}:output:0`),
        ]).flat();
        const f: FunctionLiteral = {
          inputs: { h: resource, a: float },
          outputs: { r: float },
          nodes: [readVariable('q', 'h'), axes, ...norms, node('AddN', 's', ...repeated(3_000, (at) => `r${at}:y:0`))],
          returns: { r: 's:sum:0' },
        };
        const calls = names.map((name, at) => call(`c${at}`, [name, 'x'], 'f', [resource, float]));
        const nodes = [
          ...names.map((name) => handleVariable(name, float, 2)),
          ...calls,
          sum(...calls.map(({ name }) => name)),
        ];
        const tensors = ['w', ...names].map(stored);
        return { ...inference(nodes, { library: libraryOf({ f }) }), tensors };
      },
    ],
    'as to which branch it is in': [
      undefined,
      () => {
        const norms = repeated(4_500, (at) => [
          node('Merge', `m${at}`, `n${row - 1}`, 's'),
          {
            ...node('FusedBatchNorm', `b${at}`, `m${at}`, 'w/read', 'w/read', 'mr', 'vr'),
            attr: { T: typeAttr(float), is_training: { b: true } },
          },
        ]).flat();
        const nodes = [
          placeholder('p', boolType),
          ...[refVariable('m', float, 2), refVariable('v', float, 2), identity('mr', 'm'), identity('vr', 'v')],
          floatNode('Switch', 's', 'x', 'p'),
          ...chain('Neg', 'n', row, 's:1'),
          ...norms,
          sum(...repeated(4_500, (at) => `b${at}`)),
        ];
        return { ...inference(nodes), tensors: [stored('w'), stored('m'), stored('v')] };
      },
    ],
  });
});

describe('initialisers', () => {
  const initialised = (nodes: readonly NodeLiteral[], runs: readonly string[], more: object = {}): Attack => {
    const init = node('NoOp', 'init', ...runs.map((name) => `^${name}`));
    return freezing(graphDef([...smallNodes, ...nodes, init], more), '--initializers', 'init');
  };
  const assigns = (count: number, target: string): [nodes: NodeLiteral[], names: string[]] => {
    const nodes = repeated(count, (at) => node('Assign', `a${at}`, target, 'x'));
    return [nodes, nodes.map(({ name }) => name)];
  };
  withstands({
    'of thousands of calls of thousands of functions': [
      undefined,
      () => {
        const calls = repeated(5_000, (at) => call(`k${at}`, ['x'], 'all', [float]));
        const names = calls.map(({ name }) => name);
        return initialised(calls, names, { library: libraryOf(manyFunctions(3_000)) });
      },
    ],
    'that assign what is behind thousands of Identities': [
      'UNSUPPORTED',
      () => {
        const [nodes, names] = assigns(11_000, 'i10999');
        return initialised([...chain('RefIdentity', 'i', 11_000, 'w'), ...nodes], names);
      },
    ],
    'that assign what is no variable': [
      undefined,
      () => {
        const [nodes, names] = assigns(17_000, 'n16999');
        return initialised([...chain('Neg', 'n', 17_000, 'x'), ...nodes], names);
      },
    ],
  });
});

describe('an input of the training is taken', () => {
  withstands({
    'of an iterator that gives 40,000': [
      undefined,
      () => {
        const numbers = repeated(40_000, (at) => at);
        const shapes = { list: { shape: numbers.map(() => ({ unknown_rank: true })) } };
        const attr = { output_types: typesAttr(...numbers.map(() => float)), output_shapes: shapes };
        const next = { ...node('IteratorGetNext', 'next', 'iterator'), attr };
        return inference([node('Iterator', 'iterator'), next, sum(...numbers.map((at) => `next:${at}`))]);
      },
    ],
    '60,000 times by one node': [
      undefined,
      () => {
        const inputs = repeated(60_000, () => 'next');
        const taker = { ...node('AddN', 'y', ...inputs), attr: { N: intAttr(inputs.length), T: typeAttr(float) } };
        return inference([node('Iterator', 'iterator'), node('IteratorGetNext', 'next', 'iterator'), taker]);
      },
    ],
  });
});

describe('what is merged, where a Switch always goes one way, goes', () => {
  withstands({
    'from one node to 200,000 inputs of another': [
      undefined,
      () => {
        const input = repeated(200_000, () => 's');
        const attr = { N: intAttr(input.length), T: typeAttr(float) };
        return inference([
          never,
          floatNode('Switch', 's', 'x', 'never'),
          { ...node('Merge', 'm'), input, attr },
          sum('m'),
        ]);
      },
    ],
  });
});

describe('which results are read goes', () => {
  const T = typesAttr(float);
  const ends: FunctionLiteral = {
    inputs: { a: float },
    outputs: { r: boolType },
    nodes: [never],
    returns: { r: 'never:output:0' },
  };
  const long: FunctionLiteral = {
    inputs: { a: float },
    outputs: { r: float },
    nodes: repeated(9_000, (at) => node('Neg', `n${at}`, at === 0 ? 'a' : `n${at - 1}:y:0`)),
    returns: { r: 'n8999:y:0' },
  };
  /** Gives its results out as those of another, each as the one before it. */
  const turning = (called: string, count: number): FunctionLiteral => ({
    inputs: { a: float },
    outputs: Object.fromEntries(repeated(count, (at) => [`r${at}`, float])),
    nodes: [call('c', ['a'], called, [float], [...repeated(count, () => float)])],
    returns: Object.fromEntries(repeated(count, (at) => [`r${at}`, `c:output:${(at + 1) % count}`])),
  });
  withstands({
    'through 6,000 loops of one long body': [
      undefined,
      () => {
        const attr = { T, body: { func: { name: 'long' } }, cond: { func: { name: 'ends' } } };
        const loops = repeated(6_000, (at) => ({ name: `w${at}`, op: 'While', input: ['x'], attr }));
        const names = loops.map(({ name }) => name);
        return inference([...loops, sum(...names)], { library: libraryOf({ long, ends }) });
      },
    ],
    'through two functions that turn 9,000 results round and round': [
      undefined,
      () => {
        const library = libraryOf({ f: turning('g', 9_000), g: turning('f', 9_000) });
        return inference(
          [
            call(
              'c',
              ['x'],
              'f',
              [float],
              repeated(9_000, () => float),
            ),
            sum('c'),
          ],
          { library },
        );
      },
    ],
  });
});
