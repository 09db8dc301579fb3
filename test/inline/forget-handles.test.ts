import { expect, it } from 'vitest';
import { forgetHandles } from '../../src/inline/forget-handles.js';
import { typesAttr } from '../support/functions.js';
import {
  float,
  graphOf,
  handleVariable,
  int64Type,
  type NodeLiteral,
  placeholder,
  resource,
} from '../support/graph-def.js';
import { lines } from '../support/stored.js';

const handing = (input: readonly string[], ...types: number[]): NodeLiteral => {
  return { name: 'loop', op: 'IdentityN', input, attr: { T: typesAttr(...types) } };
};
const before = [placeholder('x'), handleVariable('v', float, 2)];

function handed(...nodes: NodeLiteral[]): string | undefined {
  return lines(forgetHandles(graphOf([...before, ...nodes])))[2];
}

it('a handle that nobody reads is not handed on, and what comes after it keeps its number', () => {
  const node = handing(['v', 'x', 'n', '^done'], resource, float, int64Type);
  const all = [
    node,
    { name: 'n', op: 'Custom' },
    { name: 'done', op: 'NoOp' },
    { name: 'y', op: 'Neg', input: ['loop:2'] },
  ];
  expect(handed(...all)).toBe('loop = IdentityN(x, x, n, ^done)');
});

it('a handle that is read is handed on', () => {
  const read = { name: 'y', op: 'ReadVariableOp', input: ['loop:1'] };
  expect(handed(handing(['x', 'v'], float, resource), read)).toBe('loop = IdentityN(x, v)');
});

it('handles alone are handed on', () => {
  expect(handed(handing(['v', 'v'], resource, resource))).toBe('loop = IdentityN(v, v)');
});
