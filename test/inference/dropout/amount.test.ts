import { expect, it } from 'vitest';
import { constantOf } from '../../../src/inference/dropout/amount.js';
import { graphOf, typeAttr } from '../../support/graph-def.js';

const float16 = 19;
const bfloat16 = 14;

/** Of a constant whose one element has these bits. */
function numberOf(dtype: number, bits: number): number | undefined {
  const tensor = { dtype, tensor_shape: {}, half_val: [bits] };
  const graph = graphOf([{ name: 'c', op: 'Const', attr: { dtype: typeAttr(dtype), value: { tensor } } }]);
  return constantOf(graph.nodes[0] as (typeof graph.nodes)[number]);
}

it('numbers of half precision, by the bits that IEEE 754 gives them', () => {
  expect(numberOf(float16, 0x3c00)).toBe(1);
  expect(numberOf(float16, 0xc000)).toBe(-2);
  expect(numberOf(float16, 0x3800)).toBe(0.5);
  expect(numberOf(float16, 0x0001)).toBe(2 ** -24);
  expect(numberOf(float16, 0x7c00)).toBe(Number.POSITIVE_INFINITY);
});

it('numbers of bfloat16 are the upper halves of float32', () => {
  expect(numberOf(bfloat16, 0x3f80)).toBe(1);
  expect(numberOf(bfloat16, 0xbf00)).toBe(-0.5);
  expect(numberOf(bfloat16, 0x4049)).toBe(3.140625);
});
