import { expect, it } from 'vitest';
import { loopConstants } from '../../../src/layouts/tfjs/loop-constants.js';
import { floatNode, graphOf, type NodeLiteral, placeholder, textAttr, typeAttr } from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';

function enter(name: string, input: string, isConstant: boolean): NodeLiteral {
  const attr = { T: typeAttr(1), frame_name: textAttr('loop'), is_constant: { b: isConstant } };
  return { name, op: 'Enter', input: [input], attr };
}

const loopOf = (...constants: readonly string[]) =>
  graphOf([
    ...['x', ...new Set(constants)].map((name) => placeholder(name)),
    enter('first', 'x', false),
    enter('second', 'x', false),
    ...constants.map((name, index) => enter(`in_${index}`, name, true)),
    floatNode('Merge', 'begin', 'first', 'next'),
    floatNode('NextIteration', 'next', 'begin'),
  ]);
const changed = (...constants: readonly string[]): string[] =>
  lines(loopConstants(loopOf(...constants))).filter((line) => !/Placeholder|Merge|Next/.test(line));

it('a loop begins when there is the one constant that it takes', () => {
  expect(changed('a', 'a')).toEqual([
    'first = Enter(x, a)',
    'second = Enter(x, a)',
    'in_0 = Identity(a, ^begin)',
    'in_1 = Identity(a, ^begin)',
  ]);
});

it('of several constants one node waits for all, and each variable for that', () => {
  expect(changed('a', 'b')).toEqual([
    'first = Enter(x, in_0/arrived)',
    'second = Enter(x, in_0/arrived)',
    'in_0 = Identity(a, ^begin)',
    'in_1 = Identity(b, ^begin)',
    'in_0/arrived = Identity(a, b)',
  ]);
});
