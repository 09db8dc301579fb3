/** A constant as one number for each channel of the tensor that it is combined with. */

import { isFloat64Array } from 'node:util/types';
import type { Tensor } from '../../evaluate/tensor.js';
import { DataType } from '../../proto/data-types.js';
import type { ChannelLayout } from './scaled-ops.js';

/**
 * @param value as float64.
 * @param count how many channels there are.
 * @param isVector whether it must be a vector; else it is stretched as NumPy does.
 * @returns undefined where it is not the same for all elements of a channel, or would change the other's shape.
 */
export function channelNumbers(
  value: Tensor,
  { rank, axis }: ChannelLayout,
  count: number,
  isVector: boolean,
): Float64Array | undefined {
  const numbers = value.dtype === DataType.float64 ? value.numbers() : undefined;
  if (!isFloat64Array(numbers) || value.shape.length > rank) return undefined;
  if (isVector) return value.shape.length === 1 && numbers.length === count ? numbers : undefined;
  if (numbers.length === 1) return new Float64Array(count).fill(numbers[0] as number);
  const ownAxis = axis - rank + value.shape.length;
  const isAlong = value.shape.every((size, at) => size === (at === ownAxis ? count : 1));
  return isAlong ? numbers : undefined;
}
