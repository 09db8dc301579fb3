import { describe, expect, it } from 'vitest';
import { tensorLayout } from '../../src/check/tensor-layout.js';
import { hex } from '../support/bytes.js';

/** TensorProto: dtype = 1, tensor_shape = 2 { dim = 2 { size = 1 } }, tensor_content = 4, float_val = 5. */
const shape = '1208 1202 0803 1202 0802';

describe('the layout of a TensorProto', () => {
  it('has type, shape and the length of the bytes', () => {
    const { dtype, shape: sizes, contentLength } = tensorLayout(hex(`0801 ${shape} 2204 0000803f`));
    expect([dtype, sizes, contentLength]).toEqual([1, [3, 2], 4]);
  });
  it('refers to packed values and counts single ones', () => {
    const bytes = hex('0801 2a04 0000803f 2d 00000040 2d 00000040');
    const { payloads, single } = tensorLayout(bytes).values.get(5) ?? { payloads: [], single: 0 };
    expect([payloads.map((each) => each.length), single]).toEqual([[4], 2]);
    expect(payloads[0]?.buffer).toBe(bytes.buffer);
  });
  it('has sizes of 64 bits, negative ones too', () => {
    expect(tensorLayout(hex('120d 120b 08 ffffffffffffffffff01')).shape).toEqual([-1]);
  });
  it('has no shape where the rank is unknown', () => {
    expect(tensorLayout(hex('1202 1801')).shape).toBeUndefined();
  });
  it('of bytes that are none throws', () => {
    expect(() => tensorLayout(hex('22ff'))).toThrow(RangeError);
  });
});
