// What nodes wait for, where some of it is for training alone.
import { describe } from 'vitest';
import { graphDef, type NodeLiteral } from '../support/graph-def.js';
import { type Attack, freezing, withstands } from './attack.js';
import { head, node, repeated } from './nodes.js';

function waiting(...nodes: readonly NodeLiteral[]): Attack {
  return freezing(graphDef([...head, node('ScalarSummary', 's', 'x', 'x'), ...nodes]), '--inference');
}

const names = (name: string, count: number): string[] => repeated(count, (at) => `${name}${at}`);

const sum = (...inputs: string[]): NodeLiteral => node('AddN', 'y', 'x', 'w/read', ...inputs);

/** Nodes of an op that nobody knows may leave anything behind, so all that waited for them must. */
const lasting = (count: number): NodeLiteral[] => names('l', count).map((name) => node('Lasting', name));

describe('waited for is', () => {
  withstands({
    'one of 16,000 after the other, and a summary': [
      'LIMIT_EXCEEDED',
      () => {
        const groups = repeated(16_000, (at) => node('NoOp', `n${at}`, at === 0 ? '^s' : `^n${at - 1}`, `^l${at}`));
        return waiting(...lasting(16_000), ...groups, sum('^n15999'));
      },
    ],
    'a group of 9,000 and a summary, by 15,000 nodes': [
      'LIMIT_EXCEEDED',
      () => {
        const group = node('NoOp', 'n', '^s', ...names('^l', 9_000));
        const after = repeated(15_000, (at) => node('Lasting', `k${at}`, '^n'));
        return waiting(...lasting(9_000), group, ...after, sum(...names('k', 15_000)));
      },
    ],
    'the end of 12,000 loops, each of which ends with the start of the next': [
      undefined,
      () => {
        const loops = repeated(12_000, (at) => [
          node('Merge', `m${at}`, 'x', `i${at}`, ...(at === 11_999 ? ['^s'] : [])),
          node('NextIteration', `i${at}`, at === 11_999 ? 'x' : `m${at + 1}`),
        ]);
        return waiting(...loops.flat(), sum('^m0'));
      },
    ],
  });
});
