/** Ops that compute, of the types that JavaScript has arrays of: rounded and wrapped as TensorFlow does on a CPU. */

import { isBigInt64Array, isBigUint64Array, isFloat32Array, isFloat64Array } from 'node:util/types';
import { limits } from '../limits.js';
import { DataType, elementSize } from '../proto/data-types.js';
import { countOf, type Numbers, numbersOf, Tensor } from './tensor.js';

type Scalar = number | bigint;

/** A new tensor, each element from its number. An array rounds or wraps what is put into it. */
export function computed(
  dtype: number,
  shape: readonly number[],
  element: (index: number) => Scalar,
): Tensor | undefined {
  const count = countOf(shape);
  const size = elementSize(dtype);
  if (size === undefined || count * size > limits().computedBytes) return undefined;
  const bytes = new Uint8Array(count * size);
  const numbers = numbersOf(dtype, bytes);
  if (!numbers) return undefined;
  for (let index = 0; index < count; index++) numbers[index] = element(index) as never;
  return new Tensor(dtype, shape, bytes);
}

function isBig(numbers: Numbers): boolean {
  return isBigInt64Array(numbers) || isBigUint64Array(numbers);
}

export function ones(like: Tensor): Tensor | undefined {
  const numbers = like.numbers();
  return numbers && computed(like.dtype, like.shape, () => (isBig(numbers) ? 1n : 1));
}

/** @returns undefined where a number has no counterpart in the type that it is to have: processors do not agree. */
export function cast(value: Tensor, dtype: number): Tensor | undefined {
  if (dtype === value.dtype) return value;
  const from = value.numbers();
  const size = elementSize(dtype);
  const to = size === undefined ? undefined : numbersOf(dtype, new Uint8Array(size));
  if (!from || !to) return undefined;
  const isFloat = isFloat32Array(to) || isFloat64Array(to);
  const convert = (number: Scalar): Scalar => {
    if (dtype === DataType.bool) return Number(number) === 0 ? 0 : 1;
    if (isFloat) return Number(number);
    const whole = typeof number === 'bigint' ? number : BigInt(Math.trunc(number));
    return isBig(to) ? whole : Number(BigInt.asIntN(64, whole) & 0xffffffffn);
  };
  const comesFromFloat = isFloat32Array(from) || isFloat64Array(from);
  const fits = (number: Scalar): boolean => {
    if (isFloat || dtype === DataType.bool || !comesFromFloat) return true;
    if (!Number.isFinite(number)) return false;
    to[0] = convert(number) as never;
    return Number(to[0]) === Math.trunc(Number(number));
  };
  for (const number of from) if (!fits(number)) return undefined;
  return computed(dtype, value.shape, (index) => convert(from[index] as Scalar));
}

/** Of numbers of one type, in whose arithmetic TensorFlow counts the elements too. */
export function range(start: Tensor, limit: Tensor, delta: Tensor): Tensor | undefined {
  const [first, end, step] = [start, limit, delta].map((each) => each.numbers()?.[0]);
  if (first === undefined || end === undefined || step === undefined || Number(step) === 0) return undefined;
  const rounded = start.dtype === DataType.float32 ? Math.fround : (number: number): number => number;
  const count =
    typeof first === 'bigint'
      ? bigSteps((end as bigint) - first, step as bigint)
      : Math.max(0, Math.ceil(rounded(rounded((end as number) - first) / (step as number))));
  if (!Number.isFinite(count)) return undefined;
  return computed(start.dtype, [count], (index) => {
    if (typeof first === 'bigint') return first + BigInt(index) * (step as bigint);
    return first + rounded(index * (step as number));
  });
}

/** How many steps it takes to cover a distance, the last of which may go beyond. */
function bigSteps(distance: bigint, step: bigint): number {
  if (distance > 0n !== step > 0n) return 0;
  return Number(distance / step) + (distance % step === 0n ? 0 : 1);
}

type Operation = 'add' | 'subtract' | 'multiply' | 'divide';

/** Of two tensors of one type, stretched to one shape as NumPy does. */
export function arithmetic(operation: Operation): (inputs: readonly Tensor[]) => Tensor | undefined {
  return ([left, right]) => {
    const a = left?.numbers();
    const b = right?.numbers();
    if (!left || !right || !a || !b || left.dtype !== right.dtype || left.dtype === DataType.bool) return undefined;
    const shape = stretched(left.shape, right.shape);
    const isFloat = isFloat32Array(a) || isFloat64Array(a);
    if (!shape || (operation === 'divide' && !isFloat)) return undefined;
    const [leftAt, rightAt] = [places(left.shape, shape), places(right.shape, shape)];
    return computed(left.dtype, shape, (index) => {
      const [x, y] = [a[leftAt(index)] as Scalar, b[rightAt(index)] as Scalar];
      return typeof x === 'bigint' ? ofBig(operation, x, y as bigint) : ofNumbers(operation, x, y as number, isFloat);
    });
  };
}

function ofBig(operation: Operation, x: bigint, y: bigint): bigint {
  if (operation === 'add') return x + y;
  return operation === 'subtract' ? x - y : x * y;
}

/** A float32 that is computed in float64 and rounded is the one that float32 arithmetic gives. */
function ofNumbers(operation: Operation, x: number, y: number, isFloat: boolean): number {
  if (operation === 'add') return x + y;
  if (operation === 'subtract') return x - y;
  if (operation === 'divide') return x / y;
  return isFloat ? x * y : Math.imul(x, y);
}

export function stretched(a: readonly number[], b: readonly number[]): number[] | undefined {
  const rank = Math.max(a.length, b.length);
  const shape = Array.from({ length: rank }, (_, axis) => {
    const [x, y] = [a[axis - rank + a.length] ?? 1, b[axis - rank + b.length] ?? 1];
    return x === y || y === 1 ? x : x === 1 ? y : -1;
  });
  return shape.includes(-1) ? undefined : shape;
}

/** From an element's number in the stretched shape to its number in its own. */
export function places(shape: readonly number[], stretchedShape: readonly number[]): (index: number) => number {
  if (countOf(shape) === countOf(stretchedShape)) return (index) => index;
  if (countOf(shape) === 1) return () => 0;
  const axes: { size: number; readonly stride: number }[] = [];
  for (let axis = 1, stride = 1; axis <= shape.length; axis++) {
    const [own, all] = [shape.at(-axis) as number, stretchedShape.at(-axis) as number];
    const last = axes.at(-1);
    // Neighbours that are both stretched, or both not, are as good as one.
    if (last && last.stride > 0 === own > 1) last.size *= all;
    else if (all > 1) axes.push({ size: all, stride: own > 1 ? stride : 0 });
    stride *= own;
  }
  return (index) => {
    let [rest, place] = [index, 0];
    for (const { size, stride } of axes) {
      place += (rest % size) * stride;
      rest = Math.floor(rest / size);
    }
    return place;
  };
}
