import { expect, it } from 'vitest';
import { Ports } from '../../src/check/ports.js';

const numbers = [-1, 0, 1, 2, 3, 4];

it('ports of one tensor each are told by their numbers', () => {
  const ports = new Ports([5, 6, 7].map((type) => ({ name: 'p', count: 1, types: [type] })));
  expect(numbers.map((number) => ports.typeAt(number))).toEqual([undefined, 5, 6, 7, undefined, undefined]);
  expect([ports.count, ports.types]).toEqual([3, [5, 6, 7]]);
});

it('lists are told by the tensors in them, and those of none are passed over', () => {
  const ports = new Ports([
    { name: 'none', count: 0, types: [1] },
    { name: 'alike', count: 2, types: [2] },
    { name: 'each', count: 2, types: [3, 4] },
  ]);
  expect(numbers.map((number) => ports.typeAt(number))).toEqual([undefined, 2, 2, 3, 4, undefined]);
  expect(ports.count).toBe(4);
});

it('of several ports of one name the first is found', () => {
  const ports = new Ports([1, 2].map((type) => ({ name: 'p', count: 1, types: [type] })));
  expect([ports.named('p')?.types, ports.named('q')]).toEqual([[1], undefined]);
});
