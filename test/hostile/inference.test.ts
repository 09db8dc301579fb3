// What each of thousands asks of all: placeholders, conditionals, norms and initialisers, and what is behind them.
import { describe } from 'vitest';
import { call, type FunctionLiteral, libraryOf, typesAttr } from '../support/functions.js';
import { boolType, float, floatNode, graphDef, type NodeLiteral, placeholder, typeAttr } from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { type Attack, freezing, withstands } from './attack.js';

const head = smallNodes.slice(0, 3);

const repeated = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

const node = (op: string, name: string, ...input: string[]): NodeLiteral => ({ name, op, input });

const sum = (...more: string[]): NodeLiteral => node('AddN', 'y', 'x', 'w/read', ...more);

/** Each takes the one before, so often. */
function chain(op: string, name: string, length: number, start: string): NodeLiteral[] {
  return repeated(length, (at) => node(op, `${name}${at}`, at === 0 ? start : `${name}${at - 1}`));
}

function inference(nodes: readonly NodeLiteral[], more: object = {}): Attack {
  return freezing(graphDef([...head, ...nodes], more), '--inference');
}

const nothing: FunctionLiteral = { inputs: { a: float }, outputs: { r: float }, nodes: [], returns: { r: 'a' } };

/** `all` calls each of so many functions. */
function manyFunctions(count: number): Record<string, FunctionLiteral> {
  const names = repeated(count, (at) => `f${at}`);
  const nodes = names.map((name, at) => call(`c${at}`, ['a'], name, [float]));
  return { ...Object.fromEntries(names.map((name) => [name, nothing])), all: { ...nothing, nodes } };
}

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
