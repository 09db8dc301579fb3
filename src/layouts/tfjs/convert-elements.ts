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
  if (dtype === DataType.int8) return bytesOf(new Int32Array(numbersOf(DataType.int8, elements) as Int8Array));
  if (dtype === DataType.int64) return bytesOf(narrow(numbersOf(DataType.int64, elements) as BigInt64Array, node));
  return elements;
}

function bytesOf({ buffer }: Float32Array | Int32Array): Uint8Array {
  return new Uint8Array(buffer);
}

// Not `from` of the arrays, which makes a list of all values before it converts one.

function narrow(values: BigInt64Array, node: GraphNode): Int32Array {
  const narrowed = new Int32Array(values.length);
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as bigint;
    narrowed[at] = Number(value);
    if (narrowed[at] !== Number(value)) throw tooLarge(node, value, 'the integers of TensorFlow.js have 32 bits');
  }
  return narrowed;
}

function singles(values: Float64Array, node: GraphNode): Float32Array {
  const single = new Float32Array(values);
  const lost = single.findIndex((value, at) => !Number.isFinite(value) && Number.isFinite(values[at]));
  if (lost < 0) return single;
  throw tooLarge(node, values[lost] as number, 'the floats of TensorFlow.js have 32 bits, which end at 3.4e38');
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
  const joined = Buffer.alloc(elements.reduce((size, { length }) => size + 4 + length, 0));
  let at = 0;
  for (const element of elements) {
    at = joined.writeUInt32LE(element.length, at);
    joined.set(element, at);
    at += element.length;
  }
  return joined;
}
