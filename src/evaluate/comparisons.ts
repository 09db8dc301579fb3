/** Ops that decide: comparisons, logic, and what chooses by them. */
import { isUint8Array } from 'node:util/types';
import { DataType } from '../proto/data-types.js';
import { computed, places, stretched } from './numbers.js';
import { countOf, Tensor } from './tensor.js';

type Comparison = (order: number) => boolean;

/** Of two tensors of one type, stretched to one shape. Nothing is above, below or equal to a NaN. */
export function comparison(holds: Comparison): (inputs: readonly Tensor[]) => Tensor | undefined {
  return ([left, right]) => {
    if (!left || !right || left.dtype !== right.dtype) return undefined;
    const shape = stretched(left.shape, right.shape);
    const [a, b] = [elementsOf(left), elementsOf(right)];
    if (!shape || !a || !b) return undefined;
    const [leftAt, rightAt] = [places(left.shape, shape), places(right.shape, shape)];
    return computed(DataType.bool, shape, (index) => Number(holds(order(a[leftAt(index)], b[rightAt(index)]))));
  };
}

type Element = number | bigint | Uint8Array | undefined;

function elementsOf(tensor: Tensor): ArrayLike<Element> | undefined {
  return isUint8Array(tensor.elements) ? tensor.numbers() : tensor.elements;
}

function order(x: Element, y: Element): number {
  if (isUint8Array(x) || isUint8Array(y)) return Buffer.compare(x as Uint8Array, y as Uint8Array);
  if (x === y) return 0;
  if (x === undefined || y === undefined || Number.isNaN(Number(x)) || Number.isNaN(Number(y))) return Number.NaN;
  return x < y ? -1 : 1;
}

/** Of tensors of bools. */
export function logic(of: (x: number, y: number) => number): (inputs: readonly Tensor[]) => Tensor | undefined {
  return ([left, right]) => {
    const isLogic = left?.dtype === DataType.bool && right?.dtype === DataType.bool;
    const shape = isLogic ? stretched(left.shape, right.shape) : undefined;
    const [a, b] = [left?.numbers(), right?.numbers()];
    if (!left || !right || !shape || !a || !b) return undefined;
    const [leftAt, rightAt] = [places(left.shape, shape), places(right.shape, shape)];
    return computed(DataType.bool, shape, (index) => of(Number(a[leftAt(index)]), Number(b[rightAt(index)])));
  };
}

export function logicalNot(value: Tensor): Tensor | undefined {
  const numbers = value.dtype === DataType.bool ? value.numbers() : undefined;
  return numbers && computed(DataType.bool, value.shape, (index) => 1 - Number(numbers[index]));
}

/** Whether every or some element is true; along some of the axes alone, several results would come of it. */
export function reduction(isEvery: boolean, value: Tensor, axes: Tensor): Tensor | undefined {
  const numbers = value.dtype === DataType.bool ? value.numbers() : undefined;
  if (!numbers || value.shape.length > 1 || axes.elementCount !== value.shape.length) return undefined;
  const isDecided = numbers.some((each: number | bigint) => (Number(each) === 1) !== isEvery);
  return new Tensor(DataType.bool, [], new Uint8Array([Number(isDecided !== isEvery)]));
}

/** One of two by a single bool. */
export function select([condition, yes, no]: readonly (Tensor | undefined)[]): Tensor | undefined {
  if (condition?.dtype !== DataType.bool || condition.shape.length !== 0) return undefined;
  const chosen = condition.numbers()?.[0] === 1 ? yes : no;
  const other = chosen === yes ? no : yes;
  // The other one may stretch it.
  return chosen && other && chosen.shape.join() === other.shape.join() ? chosen : undefined;
}

/** @param axes none: all of size 1. */
export function squeezed(value: Tensor, axes: readonly number[]): Tensor | undefined {
  const rank = value.shape.length;
  const dropped = new Set(axes.map((axis) => (axis < 0 ? axis + rank : axis)));
  const isDropped = (size: number, axis: number): boolean => (axes.length === 0 ? size === 1 : dropped.has(axis));
  const shape = value.shape.filter((size, axis) => !isDropped(size, axis));
  return countOf(shape) === value.elementCount ? value.withShape(shape) : undefined;
}

/**
 * What If, While and ToBool take for true: a single number that is not 0, a text that is not empty; of anything else,
 * that there is something in it. @returns undefined for types that they refuse.
 */
export function truth(value: Tensor): boolean | undefined {
  if (value.shape.length > 0) return value.elementCount > 0;
  if (!isUint8Array(value.elements)) return (value.elements[0]?.length ?? 0) > 0;
  const number = value.numbers()?.[0];
  return number === undefined ? undefined : Number(number) !== 0;
}
