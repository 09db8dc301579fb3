// A few bytes of a graph can ask for products of any size.
import { expect, it } from 'vitest';
import { ConstantValues } from '../../../src/optimize/batch-norm/constant-values.js';
import { constant } from '../../support/folding.js';
import { floatNode, graphOf, type NodeLiteral } from '../../support/graph-def.js';

async function valuesOf(nodes: readonly NodeLiteral[]): Promise<ConstantValues> {
  const values = new ConstantValues(graphOf(nodes));
  for (const { name } of nodes) expect(values.has(name)).toBe(true);
  await values.load(async () => new Map());
  return values;
}

it('a product of more elements than there are channels is not computed', async () => {
  const sides = [constant('a', [2000, 1], 2), constant('b', [1, 2000], 3), constant('c', [1, 500], 4)];
  const values = await valuesOf([...sides, floatNode('Mul', 'large', 'a', 'b'), floatNode('Mul', 'fits', 'a', 'c')]);
  expect(values.get('large')).toBeUndefined();
  expect(values.get('fits')?.shape).toEqual([2000, 500]);
});

it('nor is one for which there is no room beside those before it', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `product${index}`);
  const sides = [constant('a', [1000, 1], 2), constant('b', [1, 1000], 3)];
  const values = await valuesOf([...sides, ...names.map((name) => floatNode('Mul', name, 'a', 'b'))]);
  // 8 MB each, and 64 MiB for all.
  expect(names.map((name) => values.get(name) !== undefined)).toEqual([...Array(8).fill(true), false, false]);
  expect(values.get('product0')?.elementCount).toBe(1_000_000);
});

it('nor are elements filled in that one stands for', async () => {
  const names = Array.from({ length: 10 }, (_, index) => `repeated${index}`);
  const values = await valuesOf(names.map((name) => constant(name, [1_000_000], 2)));
  expect(names.map((name) => values.get(name) !== undefined)).toEqual([...Array(8).fill(true), false, false]);
});
