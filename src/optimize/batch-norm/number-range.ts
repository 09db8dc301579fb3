/** Which magnitudes numbers have in floating types, and which types a weight goes through. */
import { readType } from '../../graph/attributes.js';
import { DataType } from '../../proto/data-types.js';
import type { Weight } from './weights.js';

export interface NumberRange {
  /** The largest finite number. */
  readonly largest: number;
  /** What is smaller is no number to compute with any more. */
  readonly smallest: number;
}

/** DataType numbers. TensorFlow takes for 0 what is below the normal numbers, but for float16: it computes in float32. */
const ranges: ReadonlyMap<number, NumberRange> = new Map([
  // Of the smallest step, 2^-24, so many that 8 bits are left.
  [DataType.float16, { largest: 65_504, smallest: 2 ** -17 }],
  [DataType.bfloat16, { largest: (2 - 2 ** -7) * 2 ** 127, smallest: 2 ** -126 }],
  [DataType.float32, { largest: (2 - 2 ** -23) * 2 ** 127, smallest: 2 ** -126 }],
  [DataType.float64, { largest: Number.MAX_VALUE, smallest: 2 ** -1022 }],
]);

/** @param dtype a floating type's, or that of whole numbers with scales, which have the range of their own type. */
export function rangeOf(dtype: number): NumberRange {
  return ranges.get(dtype) ?? { largest: Number.POSITIVE_INFINITY, smallest: 0 };
}

/**
 * DataType numbers on the way from the file to the op.
 * @param storedAs what the constant is to be stored as, where that is another type than its own.
 */
export function typesOf({ dtype, path }: Weight, storedAs: number | undefined): number[] {
  const casts = path.filter(({ op }) => op === 'Cast').map((node) => readType(node, 'DstT'));
  return [dtype, ...casts, ...(storedAs === undefined ? [] : [storedAs])];
}
