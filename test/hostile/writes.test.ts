// Writes to variables, and what runs after them: very many of one, one in another, or one after the other.
import { describe } from 'vitest';
import {
  boolType,
  float,
  floatNode,
  graphDef,
  handleVariable,
  type NodeLiteral,
  placeholder,
  readVariable,
  refVariable,
} from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import type { TensorToWrite } from '../support/write-bundle.mjs';
import { type Attack, freezing, withstands } from './attack.js';
import { node, repeated } from './nodes.js';

const head = [...smallNodes.slice(0, 3), placeholder('p', boolType)];

const stored = (key: string): TensorToWrite => ({ key, dtype: float, shape: [2], bytes: Buffer.alloc(8) });

/** What waits for all of these, and reads `w`. */
function written(nodes: readonly NodeLiteral[], ...waits: string[]): Attack {
  return freezing(graphDef([...head, ...nodes, node('AddN', 'y', 'x', 'w', ...waits.map((name) => `^${name}`))]));
}

const write = node('Assign', 'a', 'w', 'x');

describe('a variable goes', () => {
  /** Each takes the one before. */
  const chain = (count: number, op: string, from: string, port: string, ...more: string[]): NodeLiteral[] =>
    repeated(count, (at) => node(op, `s${at}`, at === 0 ? from : `s${at - 1}${port}`, ...more));
  /** Merges that take what goes on from the one before, by an end of a loop. */
  const merges = (count: number): NodeLiteral[] =>
    repeated(count, (at) => [
      node('RefNextIteration', `n${at + 1}`, `m${at}`),
      node('RefMerge', `m${at + 1}`, 'w', `n${at + 1}`),
    ]).flat();
  withstands({
    'into 18,000 conditionals, one in another': [
      undefined,
      () => written([write, ...chain(18_000, 'RefSwitch', 'w', ':1', 'p')], 'a', 's17999'),
    ],
    'into 18,000 loops, one in another': [
      undefined,
      () => written([write, ...chain(18_000, 'RefEnter', 'w', '')], 'a', 's17999'),
    ],
    'by its handle into 18,000 conditionals': [
      undefined,
      () => {
        const more = [handleVariable('v', float, 2), readVariable('r', 'v'), node('AssignVariableOp', 'b', 'v', 'x')];
        return {
          ...written([...more, ...chain(18_000, 'Switch', 'v', ':1', 'p')], 'b', 's17999', 'r'),
          tensors: [stored('w'), stored('v')],
        };
      },
    ],
    'out of 9,000 conditionals in as many ways': [
      undefined,
      () =>
        written(
          [
            write,
            ...chain(9_000, 'RefSwitch', 'w', ':1', 'p'),
            ...repeated(8_999, (at) => node('RefMerge', `m${at}`, `s${at}`, 's8999:1')),
          ],
          'a',
          'm8998',
        ),
    ],
    'to 10,000 that read what is written, in 3,000 conditionals': [
      'LIMIT_EXCEEDED',
      () => {
        const reads = repeated(10_000, (at) => floatNode('Neg', `u${at}`, 's2999:1', '^a'));
        return written(
          [write, ...chain(3_000, 'RefSwitch', 'w', ':1', 'p'), ...reads],
          ...reads.map(({ name }) => name),
        );
      },
    ],
    '280,000 times into one node': [
      undefined,
      () =>
        freezing(graphDef([...head, write, { ...node('AddN', 'y'), input: [...repeated(280_000, () => 'w'), '^a'] }])),
    ],
    'into 9,000 loops, each of which ends with what the one before gives, and the first with another': [
      'VARIABLE_NOT_FREEZABLE',
      () =>
        written(
          [write, node('NextIteration', 'n0', 'x'), node('RefMerge', 'm0', 'w', 'n0'), ...merges(9_000)],
          'a',
          'm9000',
        ),
    ],
  });
});

describe('writes are followed', () => {
  /** Nodes in a row, the first of which takes `from` and waits for these. */
  const row = (count: number, from: string, ...waits: string[]): NodeLiteral[] =>
    repeated(count, (at) => node('Identity', `c${at}`, ...(at === 0 ? [from, ...waits] : [`c${at - 1}`])));
  /** So many variables that are written to, so often, before a row of nodes, and read after it. */
  const before = (rowCount: number, variables: number, writes: number, start: string): Attack => {
    const names = repeated(variables, (at) => `v${at}`);
    const all = names.flatMap((name) => [
      refVariable(name, float, 2),
      ...repeated(writes, (at) =>
        node('Assign', `${name}a${at}`, name, 'x', ...(at === 0 ? [] : [`^${name}a${at - 1}`])),
      ),
      node('Identity', `${name}r`, name, `^c${rowCount - 1}`),
    ]);
    const last = names.map((name) => `^${name}a${writes - 1}`);
    const reads = names.map((name) => `${name}r`);
    const nodes = [node('NextIteration', 'n', 'x'), ...all, ...row(rowCount, start, ...last)];
    return {
      ...freezing(graphDef([...head, ...nodes, node('AddN', 'y', 'x', ...reads)])),
      tensors: ['w', ...names].map(stored),
    };
  };
  withstands({
    'of 3,000 variables, two each': [undefined, () => before(12_000, 3_000, 2, 'x')],
    'of 3,000 variables, where there is the end of a loop': [undefined, () => before(10_000, 3_000, 1, 'n')],
    'of 22,000 nodes, each after the one before and the first': [
      undefined,
      () => {
        const later = repeated(22_000, (at) =>
          node('Assign', `a${at}`, 'w', 'x', at === 0 ? '^a' : `^a${at - 1}`, '^a'),
        );
        return written([write, ...later], 'a21999');
      },
    ],
    'through 7,000 loops, each of which writes because the one before does': [
      'VARIABLE_NOT_FREEZABLE',
      () => {
        const loops = repeated(7_000, (at) => [
          node('NextIteration', `n${at + 1}`, `l${at}`),
          node('Merge', `l${at + 1}`, 'a1', `n${at + 1}`),
        ]).flat();
        const first = [
          write,
          node('Identity', 'a1', 'x', '^a'),
          node('Assign', 'b', 'w', 'x', '^l0'),
          node('NextIteration', 'n0', 'x', '^b'),
          node('Merge', 'l0', 'a1', 'n0'),
        ];
        return written([...first, ...loops], 'l7000');
      },
    ],
    'one joined after the other to 9,000 additions in no order': [
      'VARIABLE_NOT_FREEZABLE',
      () => {
        const additions = repeated(9_000, (at) => [
          node('AssignAdd', `a${at}`, 'w', 'x'),
          node('NoOp', `c${at}`, `^a${at}`, ...(at === 0 ? [] : [`^c${at - 1}`])),
        ]).flat();
        return written(additions, 'c8999');
      },
    ],
    'of 2,500 variables, three each, which come together in 8,000 nodes': [
      'VARIABLE_NOT_FREEZABLE',
      () => {
        const names = repeated(2_500, (at) => `v${at}`);
        const all = names.flatMap((name) => [
          refVariable(name, float, 2),
          ...repeated(3, (at) => node('AssignAdd', `${name}${'abc'[at]}`, name, 'x')),
        ]);
        const ends = repeated(3, (at) => node('NoOp', `${'abc'[at]}`, ...names.map((name) => `^${name}${'abc'[at]}`)));
        const joins = repeated(8_000, (at) =>
          node('NoOp', `j${at}`, '^a', '^b', '^c', ...(at === 0 ? [] : [`^j${at - 1}`])),
        );
        const reads = names.map((name) => node('Identity', `${name}r`, name, '^j7999'));
        return {
          ...freezing(
            graphDef([
              ...head,
              ...all,
              ...ends,
              ...joins,
              ...reads,
              node('AddN', 'y', 'x', ...reads.map(({ name }) => name)),
            ]),
          ),
          tensors: ['w', ...names].map(stored),
        };
      },
    ],
  });
});
