import { expect, it } from 'vitest';
import { FreeNames, freeName } from '../../src/graph/free-name.js';

it('a name has a number behind it where it is taken, the first that is free', () => {
  expect(freeName('a', () => false)).toBe('a');
  expect(freeName('a', (name) => ['a', 'a_1', 'a_3'].includes(name))).toBe('a_2');
});

it('names that are given out are free once, whatever was wanted', () => {
  const names = new FreeNames((name) => ['a', 'a_2'].includes(name));
  expect(['a', 'a_1', 'a', 'b', 'a', 'b'].map((wanted) => names.take(wanted))).toEqual([
    ...['a_1', 'a_1_1', 'a_3', 'b', 'a_4', 'b_1'],
  ]);
});
