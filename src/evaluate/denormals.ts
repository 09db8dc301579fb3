/**
 * Floats between 0 and the least normal one. TensorFlow has processors take them for 0, as what is given and as what comes
 * out; where there is no such switch, they are numbers. Halves are computed as float32, whose normal numbers theirs are.
 */
import { DataType } from '../proto/data-types.js';
import { floatsOf } from './floats.js';
import type { Tensor } from './tensor.js';

const leastNormal: Readonly<Record<number, number>> = {
  [DataType.bfloat16]: 2 ** -126,
  [DataType.float32]: 2 ** -126,
  [DataType.float64]: 2 ** -1022,
};

/** What is below it, whatever its sign, is denormal in that type; 0 for a type that TensorFlow has all numbers of. */
export function leastNormalOf(dtype: number): number {
  return leastNormal[dtype] ?? 0;
}

export function isDenormal(float: number, least: number): boolean {
  return float !== 0 && Math.abs(float) < least;
}

/** An op that is not computed where denormal numbers go in or come out: what they are depends on the processor. */
export function unlessDenormal<Rest extends readonly unknown[]>(
  op: (inputs: readonly Tensor[], ...rest: Rest) => Tensor | undefined,
): (inputs: readonly Tensor[], ...rest: Rest) => Tensor | undefined {
  return (inputs, ...rest) => {
    if (inputs.some(hasDenormals)) return undefined;
    const value = op(inputs, ...rest);
    return value && hasDenormals(value) ? undefined : value;
  };
}

function hasDenormals(value: Tensor): boolean {
  const least = leastNormalOf(value.dtype);
  const floats = least > 0 ? (value.numbers() ?? floatsOf(value)) : undefined;
  return floats?.some((float: number | bigint) => isDenormal(Number(float), least)) ?? false;
}
