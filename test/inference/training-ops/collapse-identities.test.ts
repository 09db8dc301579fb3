import { expect, it } from 'vitest';
import { inEveryScope } from '../../../src/inference/every-scope.js';
import { collapseIdentities } from '../../../src/inference/training-ops/collapse-identities.js';
import {
  float,
  floatNode,
  graphOf,
  identity,
  type NodeLiteral,
  placeholder,
  refVariable,
  stringsAttr,
} from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';

function collapsed(...nodes: NodeLiteral[]): string[] {
  return lines(inEveryScope(graphOf([placeholder('x'), ...nodes]), ['y'], collapseIdentities, []));
}

it('a chain is passed by at once, also where an input is written with its port', () => {
  const nodes = [identity('a', 'x'), identity('b', 'a:0'), identity('c', 'b'), floatNode('Neg', 'y', 'c:0')];
  expect(collapsed(...nodes).at(-1)).toBe('y = Neg(x)');
});

it('an output stays, and what it hands on is passed by', () => {
  expect(collapsed(identity('a', 'x'), identity('y', 'a')).at(-1)).toBe('y = Identity(x)');
});

const pivot = { name: 'one', op: 'Const', input: ['^a'] };

it.each<[string, readonly NodeLiteral[], string]>([
  ['is waited for', [identity('a', 'x'), pivot, floatNode('AddV2', 'y', 'a', 'one')], 'y = AddV2(a, one)'],
  ['waits itself', [{ ...identity('a', 'x'), input: ['x', '^x'] }, floatNode('Neg', 'y', 'a')], 'y = Neg(a)'],
  [
    'others are colocated with',
    [
      identity('a', 'x'),
      { ...floatNode('Neg', 'y', 'a'), attr: { T: { type: float }, _class: stringsAttr('loc:@a') } },
    ],
    'y = Neg(a)',
  ],
  ['reads a variable', [refVariable('w', float, 2), identity('a', 'w'), floatNode('Neg', 'y', 'a')], 'y = Neg(a)'],
])('one stays that %s', (_, nodes, expected) => {
  expect(collapsed(...nodes).at(-1)).toBe(expected);
});
