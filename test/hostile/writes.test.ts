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
} from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import type { TensorToWrite } from '../support/write-bundle.mjs';
import { type Attack, freezing, withstands } from './attack.js';

const head = [...smallNodes.slice(0, 3), placeholder('p', boolType)];

const repeated = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, at) => make(at));

const node = (op: string, name: string, ...input: string[]): NodeLiteral => ({ name, op, input });

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
