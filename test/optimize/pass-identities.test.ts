import { expect, it } from 'vitest';
import { passIdentities } from '../../src/optimize/pass-identities.js';
import {
  float,
  floatNode,
  graphOf,
  identity,
  type NodeLiteral,
  placeholder,
  stringsAttr,
  typeAttr,
} from '../support/graph-def.js';
import { alone, optimized } from '../support/optimized.js';
import { lines } from '../support/stored.js';

const chain = [placeholder('x'), identity('a', 'x'), identity('b', 'a:0')];

it('who reads an Identity reads what comes into the first of a chain, and that is what is told', async () => {
  const { graph } = await optimized(passIdentities, [...chain, floatNode('Neg', 'y', 'b')]);
  expect(lines(graph)).toEqual(['x = Placeholder()', 'y = Neg(x)']);
  const told: string[] = [];
  const report = (node: string, text: string): void => void told.push(`${node} ${text}`);
  const given = graphOf([...chain, floatNode('Neg', 'y', 'b')]);
  await passIdentities(given, { ...alone, report });
  expect(told).toEqual(['a is passed by: its readers read x', 'b is passed by: its readers read x']);
});

it.each<[string, readonly NodeLiteral[], string]>([
  ['is an output', [identity('y', 'a')], 'y = Identity(x)'],
  ['is waited for', [floatNode('AddV2', 'y', 'b', 'x', '^b')], 'y = AddV2(b, x, ^b)'],
  [
    'others are colocated with',
    [{ ...floatNode('Neg', 'y', 'b'), attr: { T: typeAttr(float), _class: stringsAttr('loc:@b') } }],
    'y = Neg(b)',
  ],
  ['waits itself', [{ ...identity('c', 'x'), input: ['x', '^x'] }, floatNode('Neg', 'y', 'c')], 'y = Neg(c)'],
])('one stays that %s', async (_, nodes, expected) => {
  const { graph } = await optimized(passIdentities, [...chain, ...nodes]);
  expect(lines(graph).at(-1)).toBe(expected);
});
