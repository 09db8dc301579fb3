// What is computed of constants: by initialisers, by what decides between training and inference, and by folding.
import { describe } from 'vitest';
import {
  boolType,
  float,
  floatNode,
  graphDef,
  int32Type,
  int64Type,
  type NodeLiteral,
  stringType,
} from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { type Attack, freezing, withstands } from './attack.js';
import { constant, head, node, repeated } from './nodes.js';

const names = (name: string, count: number): string[] => repeated(count, (at) => `${name}${at}`);

const uint8 = 4;

/** `value` is assigned to a variable. */
function assigned(...nodes: readonly NodeLiteral[]): Attack {
  const assign = [floatNode('Assign', 'assign', 'w', 'value'), node('NoOp', 'init', '^assign')];
  return freezing(graphDef([...smallNodes, ...nodes, ...assign]), '--initializers', 'init');
}

/** So many of a node that asks for all of others, packed. */
function asked(count: number, op: string, inputs: readonly string[], ...nodes: readonly NodeLiteral[]): Attack {
  const asking = names('a', count).map((name) => node(op, name, ...inputs));
  return assigned(...nodes, ...asking, node('Pack', 'value', ...names('a', count)));
}

const axis = constant('axis', int32Type, { int_val: [0] }, 1);

describe('initialisers', () => {
  withstands({
    'of 8,000,000 texts without a letter': [
      'VARIABLE_MISMATCH',
      () => assigned(constant('value', stringType, {}, 8_000_000)),
    ],
    'of 8,000,000 texts, a thousand times': [
      'UNSUPPORTED',
      () => {
        const letter = { string_val: [Buffer.from('a')] };
        const texts = names('s', 1_000).map((name) => constant(name, stringType, letter, 8_000_000));
        return assigned(axis, ...texts, node('ConcatV2', 'value', ...names('s', 1_000), 'axis'));
      },
    ],
    'that ask 8,000 times whether 60,000,000 things are true': [
      'UNSUPPORTED',
      () => asked(8_000, 'All', ['b', 'axis'], axis, constant('b', boolType, { bool_val: [true] }, 60_000_000)),
    ],
    'that count 8,000 times from the first of 16,000,000 numbers': [
      'UNSUPPORTED',
      () => {
        const one = constant('one', float, { float_val: [1] });
        return asked(8_000, 'Range', ['b', 'one', 'one'], one, constant('b', float, { float_val: [1] }, 16_000_000));
      },
    ],
    'that compare 4,000,000 large numbers 2,000 times': [
      'UNSUPPORTED',
      () => asked(2_000, 'Equal', ['b', 'b'], constant('b', int64Type, { int64_val: [1] }, 4_000_000)),
    ],
    'of a tensor of 16,000,000 dimensions': [
      'UNSUPPORTED',
      () => {
        const sizes = constant('sizes', int32Type, { int_val: [1] }, 16_000_000);
        return assigned(sizes, constant('one', float, { float_val: [1] }), node('Reshape', 'value', 'one', 'sizes'));
      },
    ],
    'of 50,000 tensors of 100,000 dimensions': [
      'UNSUPPORTED',
      () => {
        const one = constant('one', float, { float_val: [1] }, ...repeated(100_000, () => 1));
        return assigned(one, node('Pack', 'value', ...repeated(50_000, () => 'one')));
      },
    ],
    'of 100,000 tensors of 50,000,000 rows without a number': [
      'UNSUPPORTED',
      () => {
        const empty = constant('empty', uint8, {}, 50_000_000, 0);
        const ones = constant('ones', uint8, { int_val: [1] }, 50_000_000, 1);
        const last = constant('last', int32Type, { int_val: [1] });
        return assigned(
          ...[empty, ones, last],
          node('ConcatV2', 'value', ...repeated(100_000, () => 'empty'), 'ones', 'last'),
        );
      },
    ],
  });
});

describe('4,000 truths', () => {
  withstands({
    'about 16,000,000 numbers each': [
      undefined,
      () => {
        const truths = repeated(4_000, (at) => [
          ...[node('Fill', `f${at}`, 'size', 'two'), node('OnesLike', `o${at}`, `f${at}`)],
          ...[node('Equal', `e${at}`, `f${at}`, `o${at}`), node('All', `a${at}`, `e${at}`, 'axis')],
          node('LogicalAnd', `p${at}`, at === 0 ? 'always' : `p${at - 1}`, `a${at}`),
        ]).flat();
        const nodes = [
          ...[axis, constant('size', int32Type, { int_val: [16_000_000] }, 1)],
          ...[constant('two', float, { float_val: [2] }), constant('always', boolType, { bool_val: [true] })],
          ...[...truths, floatNode('Switch', 's', 'x', 'p3999'), floatNode('Merge', 'm', 's', 's:1')],
        ];
        return freezing(graphDef([...head, ...nodes, node('AddN', 'y', 'w/read', 'm')]), '--inference');
      },
    ],
  });
});

describe('folded are', () => {
  const folding = (...nodes: readonly NodeLiteral[]): Attack => freezing(graphDef([...head, ...nodes]), '--optimize');
  const numbers = (name: string): NodeLiteral => constant(name, uint8, { int_val: [1] }, 9_990);
  withstands({
    '8,500 products of 9,990 numbers, which are one': [
      undefined,
      () => {
        const products = repeated(8_500, (at) => [numbers(`c${at}`), node('Mul', `p${at}`, `c${at}`, `c${at}`)]);
        return folding(...products.flat(), node('AddN', 'y', 'x', 'w/read', ...names('p', 8_500)));
      },
    ],
    '20,000 products, one after the other': [
      undefined,
      () => {
        const products = repeated(20_000, (at) => node('Mul', `p${at}`, at === 0 ? 'c' : `p${at - 1}`, 'c'));
        return folding(numbers('c'), ...products, node('AddN', 'y', 'x', 'w/read', ...names('p', 20_000)));
      },
    ],
  });
});

describe('tables', () => {
  withstands({
    'that are filled with what is looked up in the next, 9,000 times': [
      undefined,
      () => {
        const tables = repeated(9_000, (at) => [
          ...[node('HashTableV2', `t${at}`), node('LookupTableFindV2', `f${at}`, `t${at}`, 'x', 'x')],
          node('InitializeTableV2', `i${at}`, `t${at}`, at === 8_999 ? 'x' : `f${at + 1}`, 'x'),
        ]);
        return freezing(graphDef([...head, ...tables.flat(), node('AddN', 'y', 'w/read', 'f0')]));
      },
    ],
  });
});
