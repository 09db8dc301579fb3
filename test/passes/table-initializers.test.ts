import { expect, it } from 'vitest';
import { tableInitializers } from '../../src/passes/table-initializers.js';
import { graphOf, type NodeLiteral } from '../support/graph-def.js';

const table: NodeLiteral = { name: 'table', op: 'HashTableV2' };
const keys: NodeLiteral = { name: 'keys', op: 'Const' };
const find: NodeLiteral = { name: 'y', op: 'LookupTableFindV2', input: ['table', 'keys', 'keys'] };
const fill = (op: string, input = 'table'): NodeLiteral => ({ name: 'fill', op, input: [input, 'keys', 'keys'] });
const names = (nodes: NodeLiteral[], library: object = {}): string[] =>
  tableInitializers(graphOf(nodes, { library }), ['y']);

for (const op of ['InitializeTable', 'InitializeTableV2', 'InitializeTableFromTextFileV2', 'LookupTableImportV2']) {
  it(`${op} fills a table`, () => expect(names([table, keys, find, fill(op)])).toEqual(['fill']));
}

for (const op of [
  'HashTable',
  'MutableHashTableV2',
  'MutableDenseHashTableV2',
  'MutableHashTableOfTensors',
  'AnonymousHashTable',
]) {
  it(`${op} is a table`, () => {
    expect(names([{ ...table, op }, keys, find, fill('LookupTableImportV2')])).toEqual(['fill']);
  });
}

it('a table is known through identities', () => {
  const same = { name: 'same', op: 'Identity', input: ['table'] };
  expect(names([table, same, keys, find, fill('InitializeTableV2', 'same')])).toEqual(['fill']);
});

it('what reads a table, or adds to it, does not fill it', () => {
  expect(names([table, keys, find, fill('LookupTableInsertV2'), { ...find, name: 'z' }])).toEqual([]);
});

it('tables that the outputs do not need are left out', () => {
  const other = [{ ...table, name: 'other' }, fill('InitializeTableV2', 'other')];
  expect(names([table, keys, find, ...other])).toEqual([]);
});

it('what fills one table may look something up in another', () => {
  const first = [
    { ...table, name: 'first' },
    { ...fill('InitializeTableV2', 'first'), name: 'fill_first' },
  ];
  const look = { name: 'look', op: 'LookupTableFindV2', input: ['first', 'keys', 'keys'] };
  const second = { ...fill('InitializeTableV2'), input: ['table', 'keys', 'look'] };
  expect(names([table, keys, ...first, look, second, find])).toEqual(['fill_first', 'fill']);
});

const body = (name: string, ...nodes: NodeLiteral[]): object => ({
  signature: { name, input_arg: [{ name: 'words' }, { name: 'handle', type: 20 }] },
  node_def: nodes,
});
const call = (name: string, f: string): NodeLiteral => ({
  name,
  op: 'StatefulPartitionedCall',
  input: ['keys', 'table'],
  attr: { f: { func: { name: f } } },
});

it('a function may fill the table that it is handed, or hand it on', () => {
  const inner = body(
    'inner',
    { name: 'set', op: 'LookupTableImportV2', input: ['same:output:0', 'words', 'words'] },
    { name: 'same', op: 'Identity', input: ['handle'] },
  );
  const outer = body('outer', { ...call('call', 'inner'), input: ['words', 'handle'] });
  const reads = body('reads', { name: 'get', op: 'LookupTableFindV2', input: ['handle', 'words', 'words'] });
  const nodes = [table, keys, find, call('a', 'outer'), call('b', 'reads'), call('c', 'inner')];
  expect(names(nodes, { function: [outer, inner, reads] })).toEqual(['a', 'c']);
});

it('a function that restores a checkpoint does not count', () => {
  const restore = body(
    'restore',
    { name: 'read', op: 'RestoreV2', input: ['words', 'words', 'words'] },
    { name: 'set', op: 'LookupTableImportV2', input: ['handle', 'read:tensors:0', 'read:tensors:1'] },
  );
  expect(names([table, keys, find, call('a', 'restore')], { function: [restore] })).toEqual([]);
});

it('functions that call themselves, and identities in a ring, come to an end', () => {
  const ring = body(
    'ring',
    { ...call('again', 'ring'), input: ['words', 'a:output:0'] },
    { name: 'a', op: 'Identity', input: ['a:output:0'] },
  );
  expect(names([table, keys, find, call('x', 'ring')], { function: [ring] })).toEqual([]);
});
