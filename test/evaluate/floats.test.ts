import { expect, it } from 'vitest';
import { floatsOf, floatTensor } from '../../src/evaluate/floats.js';
import { Tensor } from '../../src/evaluate/tensor.js';
import { DataType } from '../../src/proto/data-types.js';
import { hex } from '../support/bytes.js';

/** Bits that NumPy gives for float16, and ml_dtypes for bfloat16. */
const halves: readonly (readonly [number, string, string])[] = [
  [0, '0000', '0000'],
  [-0, '0080', '0080'],
  [1, '003c', '803f'],
  [-2, '00c0', '00c0'],
  [1 / 3, '5535', 'ab3e'],
  [65504, 'ff7b', '8047'],
  [65519, 'ff7b', '8047'],
  [65520, '007c', '8047'],
  [2 ** -24, '0100', '8033'],
  [2 ** -25, '0000', '0033'],
  [1.5 * 2 ** -24, '0200', 'c033'],
  [2 ** -14, '0004', '8038'],
  [1023.5 * 2 ** -24, '0004', '8038'],
  [2049, '0068', '0045'],
  [2051, '0268', '0045'],
  [3e38, '007c', '627f'],
  [Number.POSITIVE_INFINITY, '007c', '807f'],
  [Number.NEGATIVE_INFINITY, '00fc', '80ff'],
  [Number.NaN, '007e', 'c07f'],
];

it.each(halves)('%d is rounded to the nearest, the even one of two', (value, float16, bfloat16) => {
  const floats = Float64Array.of(value);
  expect(floatTensor(DataType.float16, [1], floats).elements).toEqual(new Uint8Array(hex(float16)));
  expect(floatTensor(DataType.bfloat16, [1], floats).elements).toEqual(new Uint8Array(hex(bfloat16)));
});

it('every float16 and every bfloat16 is what it was rounded from', () => {
  const bits = Uint16Array.from({ length: 1 << 16 }, (_, index) => index);
  for (const dtype of [DataType.float16, DataType.bfloat16]) {
    const floats = floatsOf(new Tensor(dtype, [bits.length], new Uint8Array(bits.buffer))) as Float64Array;
    const back = new Uint16Array((floatTensor(dtype, [bits.length], floats).elements as Uint8Array).buffer);
    const differing = bits.filter((each, index) => !Number.isNaN(floats[index]) && back[index] !== each);
    expect([...differing]).toEqual([]);
  }
});

it('float32 is rounded once, float64 is as it is, and other types have no floats', () => {
  const third = Float64Array.of(1 / 3);
  expect(floatsOf(floatTensor(DataType.float32, [1], third))).toEqual(Float64Array.of(Math.fround(1 / 3)));
  expect(floatsOf(floatTensor(DataType.float64, [1], third))).toEqual(third);
  expect(floatsOf(new Tensor(DataType.int32, [1], new Uint8Array(4)))).toBeUndefined();
  expect(floatsOf(new Tensor(DataType.string, [1], [new Uint8Array(4)]))).toBeUndefined();
});
