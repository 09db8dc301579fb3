import { describe, expect, it } from 'vitest';
import { checkInitializers } from '../../src/passes/check-initializers.js';
import { failure } from '../support/failure.js';
import { graphOf, handleVariable, type NodeLiteral, refVariable } from '../support/graph-def.js';

const tables: NodeLiteral[] = [
  { name: 'table', op: 'HashTableV2' },
  { name: 'keys', op: 'Const' },
  { name: 'fill', op: 'LookupTableImportV2', input: ['table', 'keys', 'keys'] },
  { name: 'init_all_tables', op: 'NoOp', input: ['^fill'] },
];

it('initialisers that fill tables are let pass', () => {
  expect(() => checkInitializers(graphOf(tables), ['init_all_tables', 'fill:0'])).not.toThrow();
});

it('none are none', () => expect(() => checkInitializers(graphOf(tables), [])).not.toThrow());

it('a name that is not there is told with the nearest', async () => {
  const error = await failure(() => checkInitializers(graphOf(tables), ['init_all_table']));
  expect([error.code, error.message]).toEqual([
    'INVALID_ARGUMENT',
    "There is no initialiser node 'init_all_table' in the graph. The nearest name is 'init_all_tables'.",
  ]);
});

describe('an initialiser that assigns a variable is refused', () => {
  const assigns: readonly [op: string, variable: NodeLiteral][] = [
    ['Assign', refVariable('v', 1, 2)],
    ['AssignAdd', refVariable('v', 1, 2)],
    ['AssignVariableOp', handleVariable('v', 1, 2)],
    ['AssignSubVariableOp', handleVariable('v', 1, 2)],
  ];
  for (const [op, variable] of assigns) {
    it(`by ${op}`, async () => {
      const nodes = [variable, { name: 'set', op, input: ['v', 'one'] }, { name: 'one', op: 'Const' }];
      const graph = graphOf([...nodes, { name: 'init', op: 'NoOp', input: ['^set'] }]);
      const error = await failure(() => checkInitializers(graph, ['init']));
      expect([error.code, error.message]).toEqual([
        'UNSUPPORTED',
        "The initialiser 'init' assigns the variable 'v', and this version cannot evaluate that: the constant would " +
          'not be what the checkpoint holds. Save a checkpoint after running it, or leave it out.',
      ]);
    });
  }
  it('through an Identity of the handle', async () => {
    const graph = graphOf([
      handleVariable('v', 1, 2),
      { name: 'same', op: 'Identity', input: ['v'] },
      { name: 'one', op: 'Const' },
      { name: 'set', op: 'AssignVariableOp', input: ['same', 'one'] },
    ]);
    expect((await failure(() => checkInitializers(graph, ['set']))).code).toBe('UNSUPPORTED');
  });
  it('by a scatter', async () => {
    const input = ['v', 'one', 'one'];
    const graph = graphOf([
      refVariable('v', 1, 2),
      { name: 'one', op: 'Const' },
      { name: 'set', op: 'ScatterUpdate', input },
    ]);
    expect((await failure(() => checkInitializers(graph, ['set']))).code).toBe('UNSUPPORTED');
  });
});

it('one that only reads variables is let pass', () => {
  const graph = graphOf([
    refVariable('v', 1, 2),
    { name: 'read', op: 'Identity', input: ['v'] },
    { name: 'table', op: 'HashTableV2' },
    { name: 'fill', op: 'LookupTableImportV2', input: ['table', 'read', 'read'] },
  ]);
  expect(() => checkInitializers(graph, ['fill'])).not.toThrow();
});
