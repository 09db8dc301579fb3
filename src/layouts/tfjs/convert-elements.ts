/** The elements of a constant in the type that TensorFlow.js has for them. */
import { isUint8Array } from 'node:util/types';
import { PermafrostError } from '../../errors.js';
import { numbersOf, type Tensor } from '../../evaluate/tensor.js';
import type { GraphNode } from '../../graph/node.js';
import { DataType } from '../../proto/data-types.js';

/**
 * @throws PermafrostError UNSUPPORTED for an int64 that is no int32, and for a finite float64 that float32 has only infinity
 * for: another number in its place would go unseen.
 */
export function convertElements({ dtype, elements }: Tensor, node: GraphNode): Uint8Array {
  if (!isUint8Array(elements)) return joinStrings(elements);
  if (dtype === DataType.float64 || dtype === DataType.complex128)
    return bytesOf(singles(numbersOf(DataType.float64, elements) as Float64Array, node));
  if (dtype === DataType.int8) return bytesOf(Int32Array.from(numbersOf(DataType.int8, elements) as Int8Array));
  if (dtype === DataType.int64) return bytesOf(narrow(numbersOf(DataType.int64, elements) as BigInt64Array, node));
  return elements;
}

function bytesOf({ buffer }: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer);
}

function narrow(values: BigInt64Array, node: GraphNode): Int32Array {
  return Int32Array.from(values, (value) => {
    if (BigInt.asIntN(32, value) === value) return Number(value);
    throw tooLarge(node, value, 'the integers of TensorFlow.js have 32 bits');
  });
}

function singles(values: Float64Array, node: GraphNode): Float32Array {
  return Float32Array.from(values, (value) => {
    if (Number.isFinite(Math.fround(value)) || !Number.isFinite(value)) return value;
    throw tooLarge(node, value, 'the floats of TensorFlow.js have 32 bits, which end at 3.4e38');
  });
}

function tooLarge({ name }: GraphNode, value: number | bigint, limit: string): PermafrostError {
  return new PermafrostError(
    'UNSUPPORTED',
    `The constant '${name}' holds ${value}, and ${limit}. ` +
      'Use a smaller number in the model, choose outputs that do without it, or another layout.',
  );
}

/** Each string's length as uint32, then its bytes. */
export function joinStrings(elements: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(
    elements.flatMap((element) => {
      const length = Buffer.alloc(4);
      length.writeUInt32LE(element.length);
      return [length, element];
    }),
  );
}
