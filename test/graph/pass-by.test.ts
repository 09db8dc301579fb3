import { expect, it } from 'vitest';
import type { GraphNode } from '../../src/graph/node.js';
import { handedOnInTheEnd, heldNames, passBy } from '../../src/graph/pass-by.js';
import { handedOn } from '../../src/graph/plain-identity.js';
import {
  float,
  floatNode,
  floatRef,
  graphOf,
  identity,
  type NodeLiteral,
  placeholder,
  refVariable,
  resource,
  stringsAttr,
  typeAttr,
} from '../support/graph-def.js';

const nodeOf = (literal: NodeLiteral): GraphNode => graphOf([literal]).nodes[0] as GraphNode;

it('control edges and colocations hold nodes, and data does not', () => {
  const colocated = { ...floatNode('Neg', 'a', 'x'), attr: { T: typeAttr(float), _class: stringsAttr('loc:@b') } };
  expect([...heldNames(graphOf([colocated, floatNode('Neg', 'c', 'a:0', '^d')]).nodes)]).toEqual(['b', 'd']);
});

it('a chain ends where nothing is handed on any more, in whatever order it is written', () => {
  const given = new Map([
    ['c', 'b'],
    ['a', 'x:1'],
    ['b', 'a:0'],
    ['d', 'c:1'],
  ]);
  expect([...handedOnInTheEnd(given)]).toEqual([
    ['c', 'x:1'],
    ['a', 'x:1'],
    ['b', 'x:1'],
    // The second output of what hands its first one on is none of those.
    ['d', 'c:1'],
  ]);
});

it('a node reads the other tensor in the place of first outputs, and waits for what it waited for', () => {
  const instead = new Map([['a', 'x:2']]);
  const node = nodeOf(floatNode('AddN', 'y', 'a', 'a:0', 'a:1', 'b', '^a'));
  expect(passBy(node, instead).inputs).toEqual(['x:2', 'x:2', 'a:1', 'b', '^a']);
  const other = nodeOf(floatNode('Neg', 'y', 'b', '^a'));
  expect(passBy(other, instead)).toBe(other);
});

const referring = { ...floatNode('RefSwitch', 'r', 'w', 'p'), attr: { T: typeAttr(float) } };

it.each<[string, NodeLiteral, NodeLiteral, string | undefined]>([
  ['data', placeholder('x'), identity('y', 'x'), 'x'],
  ['a later output', placeholder('x'), identity('y', 'x:1'), 'x:1'],
  ['data once something is done', placeholder('x'), { ...identity('y', 'x'), input: ['x', '^x'] }, undefined],
  ['nothing but a control edge', placeholder('x'), { ...identity('y', 'x'), input: ['^x'] }, undefined],
  ['a snapshot of a variable', refVariable('x', float, 2), identity('y', 'x'), undefined],
  ['a snapshot of a reference', referring, identity('y', 'r'), undefined],
  ['the result of an assignment', floatNode('Assign', 'x', 'w', 'v'), identity('y', 'x'), undefined],
  ['a handle', placeholder('x', resource), identity('y', 'x', resource), undefined],
  ['nothing: another op', placeholder('x'), floatNode('Neg', 'y', 'x'), undefined],
  ['nothing: an Identity of references', placeholder('x', floatRef), floatNode('RefIdentity', 'y', 'x'), undefined],
])('an Identity hands on %s', (_, before, node, expected) => {
  expect(handedOn(nodeOf(node), graphOf([before]).byName)).toBe(expected);
});
