/** Ops that move elements about, of any type. */

import { isUint8Array } from 'node:util/types';
import { mostDimensions } from '../graph/shape.js';
import { limits } from '../limits.js';
import { DataType, elementSize } from '../proto/data-types.js';
import { countOf, Tensor } from './tensor.js';
import { repeat } from './tensor-proto.js';

/** The elements of a tensor of int32 or int64: sizes and axes. */
export function integers(tensor: Tensor | undefined): number[] | undefined {
  const isInteger = tensor?.dtype === DataType.int32 || tensor?.dtype === DataType.int64;
  const numbers = isInteger ? tensor.numbers() : undefined;
  // More cannot be the sizes of anything.
  return numbers && numbers.length <= mostDimensions ? Array.from(numbers, Number) : undefined;
}

/** A tensor of one value. */
export function filled(shape: readonly number[], value: Tensor): Tensor | undefined {
  if (value.elementCount !== 1 || shape.some((size) => size < 0)) return undefined;
  const count = countOf(shape);
  if (!isUint8Array(value.elements)) {
    const [text] = value.elements;
    if (!text || count * (8 + text.length) > limits().computedBytes) return undefined;
    return new Tensor(
      value.dtype,
      shape,
      Array.from({ length: count }, () => text),
    );
  }
  const size = elementSize(value.dtype) as number;
  if (count * size > limits().computedBytes) return undefined;
  const bytes = new Uint8Array(count * size);
  // What is new is zero, and takes memory only once it is written to.
  if (count > 0 && value.elements.some((byte) => byte !== 0)) {
    bytes.set(value.elements);
    repeat(bytes, 0, size);
  }
  return new Tensor(value.dtype, shape, bytes);
}

/** @param shape may leave one size open as -1. */
export function reshaped(value: Tensor, shape: readonly number[]): Tensor | undefined {
  const known = countOf(shape.filter((size) => size !== -1));
  const open = shape.filter((size) => size === -1).length;
  const sizes = shape.map((size) => (size === -1 ? value.elementCount / known : size));
  const isRight = open <= 1 && sizes.every((size) => Number.isInteger(size) && size >= 0);
  return isRight && countOf(sizes) === value.elementCount ? value.withShape(sizes) : undefined;
}

/** @param axis counts from the end where it is negative. */
export function concatenate(parts: readonly Tensor[], axis: number): Tensor | undefined {
  const [first] = parts;
  if (!first) return undefined;
  const at = axis < 0 ? axis + first.shape.length : axis;
  const fits = ({ dtype, shape }: Tensor): boolean =>
    dtype === first.dtype &&
    shape.length === first.shape.length &&
    shape.every((size, index) => index === at || size === first.shape[index]);
  if (at < 0 || at >= first.shape.length || !parts.every(fits)) return undefined;
  const total = parts.reduce((sum, { shape }) => sum + (shape[at] as number), 0);
  const shape = first.shape.map((size, index) => (index === at ? total : size));
  const rows = countOf(shape.slice(0, at));
  const rowOf = ({ shape: sizes }: Tensor): number => countOf(sizes.slice(at));
  const elements = joinedRows(parts, rows, rowOf);
  return elements && new Tensor(first.dtype, shape, elements);
}

/** Row by row, each part's share after the other's. */
function joinedRows(
  parts: readonly Tensor[],
  rows: number,
  rowOf: (part: Tensor) => number,
): Tensor['elements'] | undefined {
  const total = parts.reduce((sum, { memory }) => sum + memory, 0);
  if (total > limits().computedBytes) return undefined;
  // Without elements, there may be more rows than anyone can count.
  const filled = parts.filter(({ elementCount }) => elementCount > 0);
  if (!isUint8Array(parts[0]?.elements)) return filled.length === 0 ? [] : joinedTexts(filled, rows, rowOf);
  const bytes = new Uint8Array(total);
  const size = elementSize(parts[0]?.dtype ?? 0) as number;
  let start = 0;
  for (const part of filled) {
    putRows(bytes, start, part.elements as Uint8Array, rowOf(part) * size, total / rows);
    start += rowOf(part) * size;
  }
  return bytes;
}

/** Puts one row after the other, each so many bytes behind the one before. */
function putRows(bytes: Uint8Array, start: number, elements: Uint8Array, size: number, distance: number): void {
  for (let from = 0, to = start; from < elements.length; from += size, to += distance) {
    // There may be as many rows as bytes.
    if (size > fewBytes) bytes.set(elements.subarray(from, from + size), to);
    else for (let at = 0; at < size; at++) bytes[to + at] = elements[from + at] as number;
  }
}

/** They are as soon copied one by one. */
const fewBytes = 64;

function joinedTexts(parts: readonly Tensor[], rows: number, rowOf: (part: Tensor) => number): Uint8Array[] {
  const texts: Uint8Array[] = [];
  const sizes = parts.map(rowOf);
  for (let row = 0; row < rows; row++) {
    parts.forEach(({ elements }, part) => {
      const size = sizes[part] as number;
      for (let index = row * size; index < (row + 1) * size; index++) texts.push(elements[index] as Uint8Array);
    });
  }
  return texts;
}
