import { describe, expect, it } from 'vitest';
import { numbersOf } from '../../src/evaluate/tensor.js';

describe('numbersOf', () => {
  it('takes bytes that begin anywhere, those of a Buffer too', () => {
    const bytes = Buffer.concat([Buffer.alloc(1), Buffer.from(Float64Array.of(1.5, -2).buffer)]);
    expect(numbersOf(2, bytes.subarray(1))).toEqual(Float64Array.of(1.5, -2));
    expect(numbersOf(2, Uint8Array.from(bytes).subarray(1))).toEqual(Float64Array.of(1.5, -2));
  });
});
