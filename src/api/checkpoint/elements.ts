/** The elements of a tensor as JavaScript has them. */
import { getHeapStatistics } from 'node:v8';
import { PermafrostError } from '../../errors.js';
import type { StoredTensor } from '../../graph/stored-tensor.js';
import { PayloadEncoding } from '../../native.js';
import { DataType, dataTypeName } from '../../proto/data-types.js';

export type NumberArray =
  | Float32Array
  | Float64Array
  | Int8Array
  | Int16Array
  | Int32Array
  | BigInt64Array
  | Uint8Array
  | Uint16Array
  | Uint32Array
  | BigUint64Array;

/**
 * Elements in row-major order. Types that JavaScript has no array for are what stands in memory: float16 and bfloat16 as the
 * 16 bits, floats below that as bytes, complex numbers as real and imaginary part in turn, bools as 0 and 1, integers below
 * eight bits as a byte each, quantised ones as the integers that they are. A string is an array of bytes.
 */
export type TensorElements = NumberArray | Uint8Array[];

interface ArrayType {
  new (length: number): NumberArray;
  readonly BYTES_PER_ELEMENT: number;
}

const arrays: readonly (readonly [ArrayType, readonly (keyof typeof DataType)[]])[] = [
  [Int8Array, ['int2', 'int4', 'int8', 'qint8']],
  [Int16Array, ['int16', 'qint16']],
  [Int32Array, ['int32', 'qint32']],
  [BigInt64Array, ['int64']],
  [Uint8Array, ['bool', 'uint2', 'uint4', 'uint8', 'quint8']],
  [Uint8Array, ['float4_e2m1fn', 'float8_e4m3b11fnuz', 'float8_e4m3fn', 'float8_e4m3fnuz']],
  [Uint8Array, ['float8_e5m2', 'float8_e5m2fnuz']],
  [Uint16Array, ['uint16', 'quint16', 'float16', 'bfloat16']],
  [Uint32Array, ['uint32']],
  [BigUint64Array, ['uint64']],
  [Float32Array, ['float32', 'complex64']],
  [Float64Array, ['float64', 'complex128']],
];
const arrayByType: ReadonlyMap<number, ArrayType> = new Map(
  arrays.flatMap(([array, names]) => names.map((name): [number, ArrayType] => [DataType[name], array])),
);

/** Node 20 has no longer ones. */
const longestArray = 2 ** 32;

/**
 * How the core gives a tensor's elements.
 * @throws PermafrostError UNSUPPORTED for resources and variants.
 */
export function elementEncoding({ key, dtype }: StoredTensor): PayloadEncoding {
  if (dtype === DataType.string) return PayloadEncoding.strings;
  if (dtype === DataType.bool) return PayloadEncoding.bool;
  if (arrayByType.has(dtype)) return PayloadEncoding.raw;
  throw new PermafrostError(
    'UNSUPPORTED',
    `The tensor '${key}' has type ${dataTypeName(dtype)}, which nothing but the code of TensorFlow that wrote it can read.`,
  );
}

/** Bytes of one element, which is not of strings. */
export function bytesOfElement(dtype: number): number {
  const { BYTES_PER_ELEMENT } = arrayByType.get(dtype) as ArrayType;
  return dtype === DataType.complex64 || dtype === DataType.complex128 ? 2 * BYTES_PER_ELEMENT : BYTES_PER_ELEMENT;
}

/**
 * Room for so many elements of a tensor, which is none of strings.
 * @throws PermafrostError INVALID_ARGUMENT where no array is so long, OUT_OF_MEMORY
 */
export function arrayFor({ key, dtype }: StoredTensor, count: number): NumberArray {
  const size = bytesOfElement(dtype);
  if (count * size > longestArray) {
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `${count} elements of the tensor '${key}' take ${count * size} bytes, and an array holds ${longestArray}. ` +
        `Read windows of it (start, and a count of at most ${longestArray / size}), or stream it.`,
    );
  }
  const Type = arrayByType.get(dtype) as ArrayType;
  try {
    return new Type((count * size) / Type.BYTES_PER_ELEMENT);
  } catch (error) {
    throw new PermafrostError(
      'OUT_OF_MEMORY',
      `There is no memory for ${count * size} bytes of the tensor '${key}'. Read smaller windows of it, or stream it.`,
      { cause: error },
    );
  }
}

/** What the engine takes for an array of bytes: V8 keeps up to 64 of them in the object itself. Measured with Node 20. */
const bytesOfString = 260;

/**
 * The engine ends the process when it has no memory left for objects, so so many must not be begun with.
 * @throws PermafrostError OUT_OF_MEMORY
 */
export function refuseStrings({ key }: StoredTensor, count: number): void {
  const { heap_size_limit: limit, used_heap_size: used } = getHeapStatistics();
  if (count * bytesOfString <= limit - used) return;
  throw new PermafrostError(
    'OUT_OF_MEMORY',
    `${count} strings of the tensor '${key}' take ${count * bytesOfString} bytes of the engine's memory for objects, of which ` +
      `${limit - used} are left. Read windows of it (start, count), or stream it; or give Node more (--max-old-space-size).`,
  );
}

const emptyString = new Uint8Array(0);

/**
 * Room for one string. All that are empty share theirs: they have nothing to write to, and a million of them fits into a file of
 * a megabyte.
 * @throws PermafrostError OUT_OF_MEMORY
 */
export function newElement(key: string, length: number): Uint8Array {
  if (length === 0) return emptyString;
  try {
    return new Uint8Array(length);
  } catch (error) {
    throw new PermafrostError(
      'OUT_OF_MEMORY',
      `There is no memory for ${length} bytes of a string of the tensor '${key}'.`,
      {
        cause: error,
      },
    );
  }
}
