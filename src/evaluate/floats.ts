/** Floating numbers of any width as those of JavaScript, and back. */
import { isFloat32Array, isFloat64Array, isUint8Array } from 'node:util/types';
import { DataType, elementSize } from '../proto/data-types.js';
import { numbersOf, Tensor } from './tensor.js';

/** Undefined for a type that is none of float16, bfloat16, float32 and float64. */
export function floatsOf({ dtype, elements }: Tensor): Float64Array | undefined {
  if (!isUint8Array(elements)) return undefined;
  const halves = (): Uint16Array => numbersOf(DataType.uint16, elements) as Uint16Array;
  if (dtype === DataType.float16) return Float64Array.from(halves(), fromFloat16);
  if (dtype === DataType.bfloat16) return Float64Array.from(halves(), (upper) => floatOfBits(upper << 16));
  const numbers = numbersOf(dtype, elements);
  return isFloat32Array(numbers) || isFloat64Array(numbers) ? Float64Array.from(numbers) : undefined;
}

/** Rounded to the nearest, the even one of two. @param dtype one of those that `floatsOf` takes. */
export function floatTensor(dtype: number, shape: readonly number[], floats: Float64Array): Tensor {
  const bytes = new Uint8Array(floats.length * (elementSize(dtype) as number));
  if (dtype === DataType.float64) new Float64Array(bytes.buffer).set(floats);
  else if (dtype === DataType.float32) new Float32Array(bytes.buffer).set(floats);
  else {
    // From the float32 that is nearest, as NumPy does where it has float32.
    const toBits = dtype === DataType.float16 ? (value: number) => float16Bits(Math.fround(value)) : bfloat16Bits;
    const halves = new Uint16Array(bytes.buffer);
    floats.forEach((value, index) => {
      halves[index] = toBits(value);
    });
  }
  return new Tensor(dtype, shape, bytes);
}

const scratch = new DataView(new ArrayBuffer(4));

function floatOfBits(bits: number): number {
  scratch.setInt32(0, bits);
  return scratch.getFloat32(0);
}

function fromFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25));
}

/** The bits of the float16 that is nearest, the even one of two. */
export function float16Bits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (Number.isNaN(value)) return 0x7e00;
  if (size >= 65_520) return sign | 0x7c00;
  // The distance between neighbours: that of the smallest ones where the number is below all normal ones.
  const exponent = size < 2 ** -14 ? -14 : Math.floor(Math.log2(size));
  const steps = roundedToEven(size / 2 ** (exponent - 10));
  // What is rounded up to the next power of two carries into the exponent by itself.
  return sign | (size < 2 ** -14 ? steps : ((exponent + 14) << 10) + steps);
}

/** The bits of the bfloat16 that is nearest to the nearest float32, the even one of two. */
export function bfloat16Bits(value: number): number {
  if (Number.isNaN(value)) return 0x7fc0;
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  return ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16) & 0xffff;
}

function roundedToEven(value: number): number {
  const down = Math.floor(value);
  const rest = value - down;
  return rest > 0.5 || (rest === 0.5 && down % 2 === 1) ? down + 1 : down;
}
