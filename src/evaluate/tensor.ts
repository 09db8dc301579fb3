/** A tensor whose values are at hand. */
import { isUint8Array } from 'node:util/types';

export type Numbers =
  | Float32Array
  | Float64Array
  | Int32Array
  | Uint8Array
  | Int16Array
  | Int8Array
  | BigInt64Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

interface NumbersType {
  readonly BYTES_PER_ELEMENT: number;
  new (buffer: ArrayBuffer, offset: number, length: number): Numbers;
}

/** What holds the elements of a type; types that are missing can be moved about, but not computed with. */
const arrays: Readonly<Record<number, NumbersType>> = {
  1: Float32Array,
  2: Float64Array,
  3: Int32Array,
  4: Uint8Array,
  5: Int16Array,
  6: Int8Array,
  9: BigInt64Array,
  10: Uint8Array,
  17: Uint16Array,
  22: Uint32Array,
  23: BigUint64Array,
};

/** Of a string, besides its bytes. */
export const stringSize = 8;

export class Tensor {
  constructor(
    /** DataType number. */
    readonly dtype: number,
    readonly shape: readonly number[],
    /** In the order of C: the elements' bytes, little-endian; or, of strings, the elements. */
    readonly elements: Uint8Array | readonly Uint8Array[],
  ) {}

  get elementCount(): number {
    return countOf(this.shape);
  }

  /** Of all elements together. */
  get byteLength(): number {
    if (isUint8Array(this.elements)) return this.elements.length;
    return this.elements.reduce((sum, { length }) => sum + length, 0);
  }

  /** The bytes that it takes: an empty string takes some too. */
  get memory(): number {
    return isUint8Array(this.elements) ? this.elements.length : this.byteLength + stringSize * this.elements.length;
  }

  withShape(shape: readonly number[]): Tensor {
    return new Tensor(this.dtype, shape, this.elements);
  }

  /** Undefined for a type that cannot be computed with. */
  numbers(): Numbers | undefined {
    return isUint8Array(this.elements) ? numbersOf(this.dtype, this.elements) : undefined;
  }
}

/** The bytes as elements of a type. */
export function numbersOf(dtype: number, bytes: Uint8Array): Numbers | undefined {
  const array = arrays[dtype];
  if (!array) return undefined;
  // An array of numbers must begin at a multiple of their size. A Buffer's slice would begin where it does.
  const aligned = bytes.byteOffset % array.BYTES_PER_ELEMENT === 0 ? bytes : new Uint8Array(bytes);
  return new array(aligned.buffer as ArrayBuffer, aligned.byteOffset, aligned.length / array.BYTES_PER_ELEMENT);
}

export function countOf(shape: readonly number[]): number {
  return shape.reduce((count, size) => count * size, 1);
}
