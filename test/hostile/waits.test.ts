// What nodes wait for, where some of it is for training alone.
import { describe } from 'vitest';
import { float, graphDef, handleVariable, type NodeLiteral } from '../support/graph-def.js';
import { type Attack, freezing, withstands } from './attack.js';
import { head, node, repeated } from './nodes.js';

function waiting(...nodes: readonly NodeLiteral[]): Attack {
  return freezing(graphDef([...head, node('ScalarSummary', 's', 'x', 'x'), ...nodes]), '--inference');
}

const names = (name: string, count: number): string[] => repeated(count, (at) => `${name}${at}`);

const sum = (...inputs: string[]): NodeLiteral => node('AddN', 'y', 'x', 'w/read', ...inputs);

/** Nodes of an op that nobody knows may leave anything behind, so all that waited for them must. */
const lasting = (count: number): NodeLiteral[] => names('l', count).map((name) => node('Lasting', name));

describe('written of gradients are', () => {
  const gradient = 'gradients/x_grad/Neg';
  const variable = { ...handleVariable('w', float, 2) };
  withstands({
    'variables of which each is read for the next': [
      undefined,
      () => {
        const states = repeated(4_000, (at) => [
          ...[{ ...variable, name: `v${at}` }, node('ReadVariableOp', `r${at}`, `v${at}`, `^a${at}`)],
          node('AssignVariableOp', `a${at}`, `v${at}`, `g${at}`),
          node('Add', `g${at}`, gradient, at === 3_999 ? 'x' : `r${at + 1}`),
        ]);
        return waiting(node('Neg', gradient, 'x'), ...states.flat(), sum('r0'));
      },
    ],
    'weights, with what comes of 12,000 nodes': [
      undefined,
      () => {
        const row = repeated(12_000, (at) => node('Neg', `n${at}`, at === 0 ? 'w/read' : `n${at - 1}`));
        const weights = repeated(3_800, (at) => [
          ...[{ ...variable, name: `v${at}` }, node('ReadVariableOp', `t${at}`, `v${at}`)],
          node('ReadVariableOp', `r${at}`, `v${at}`, `^a${at}`),
          node('AssignVariableOp', `a${at}`, `v${at}`, 'both'),
        ]);
        const nodes = [
          ...row,
          node('AddN', gradient, 'x', ...names('t', 3_800)),
          node('AddN', 'both', 'n11999', gradient),
        ];
        return waiting(...nodes, ...weights.flat(), sum(...names('r', 3_800)));
      },
    ],
  });
});

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
