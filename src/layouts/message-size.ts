/** The limit of layouts that are one message: no protobuf reader takes a larger one. */
import { PermafrostError } from '../errors.js';
import type { StoredTensor } from '../graph/stored-tensor.js';

const maxSize = 0x7fff_ffff;

/** How many of the largest variables are listed. */
const listed = 5;

const weightsOutside =
  'Choose outputs that need fewer of them, or a layout with the weights outside of the graph: mmap, memmapped or tfjs.';

/**
 * @param advice what to do.
 * @throws PermafrostError OUTPUT_TOO_LARGE
 */
export function refuseLargeMessage(
  type: string,
  size: number,
  tensors: readonly StoredTensor[],
  advice: string = weightsOutside,
): void {
  if (size <= maxSize) return;
  const largest = [...tensors].sort((a, b) => b.byteLength - a.byteLength).slice(0, listed);
  const list = largest.map((tensor) => `'${tensor.key}' (${tensor.byteLength} bytes)`).join(', ');
  const named = list === '' ? '' : `The largest variables are ${list}. `;
  throw new PermafrostError(
    'OUTPUT_TOO_LARGE',
    `The frozen graph would be ${size} bytes, and no program can read a ${type} of more than ${maxSize} (2 GiB): ` +
      `nothing was written. ${named}${advice}`,
  );
}
