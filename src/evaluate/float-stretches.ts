/** The elements of a constant as numbers, a stretch of them at a time: all at once would take eight bytes each. */
import { elementSize } from '../proto/data-types.js';
import { floatsOf } from './floats.js';
import { Tensor } from './tensor.js';
import type { RawContent } from './tensor-proto.js';

/** So many elements are held as numbers at a time. */
const stretch = 65_536;

/**
 * @param content elements of a floating type, back to back.
 * @param take gets their numbers, the bytes that they stand in, and the number of the first element.
 */
export function forEachFloatStretch(
  { dtype, elements }: RawContent,
  take: (floats: Float64Array, bytes: Uint8Array, first: number) => void,
): void {
  const size = elementSize(dtype) as number;
  for (let first = 0; first * size < elements.length; first += stretch) {
    const bytes = elements.subarray(first * size, (first + stretch) * size);
    take(floatsOf(new Tensor(dtype, [bytes.length / size], bytes)) as Float64Array, bytes, first);
  }
}
