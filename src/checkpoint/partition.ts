/** Which part of a stored tensor a variable is, where a partitioner has cut it: each part is a variable of its own. */
import { PermafrostError } from '../errors.js';
import type { GraphNode } from '../graph/node.js';
import type { Extent, StoredTensor } from '../graph/stored-tensor.js';

/**
 * The slice of a Saver: the shape of the whole, then an extent or "-" for each dimension ("6 3 3,3:-").
 * @param slice as RestoreV2's `shape_and_slices` has it, not empty.
 * @throws PermafrostError GRAPH_INVALID where it is no such text, VARIABLE_MISMATCH where it does not fit the tensor.
 */
export function partOfSlice(variable: GraphNode, tensor: StoredTensor, slice: string): StoredTensor {
  const words = slice.split(' ');
  const extents = (words.pop() as string).split(':');
  const fullShape = words.map(wholeNumber);
  const region = extents.map((text, axis) => extentOf(text, fullShape[axis]));
  const isWhole = (value: unknown): boolean => value !== undefined;
  if (extents.length !== words.length || !fullShape.every(isWhole) || !region.every(isWhole)) {
    throw new PermafrostError(
      'GRAPH_INVALID',
      `The graph's Saver restores the variable '${variable.name}' from the part '${slice}' of '${tensor.key}', which is ` +
        'not the form of a slice (as in "6 3 3,3:0,3": a shape, then start and length for each dimension).',
    );
  }
  return partOf(variable, tensor, fullShape as number[], region as Extent[]);
}

/** @throws PermafrostError VARIABLE_MISMATCH where the part is none of the tensor. */
export function partOf(
  variable: GraphNode,
  tensor: StoredTensor,
  fullShape: readonly number[],
  region: readonly Extent[],
): StoredTensor {
  const sameShape = fullShape.length === tensor.shape.length && fullShape.every((size, i) => size === tensor.shape[i]);
  // In a slice, -1 is the whole dimension; a part that a variable is has numbers.
  const isWithin = ({ start, length }: Extent, axis: number): boolean =>
    start >= 0 && length >= 0 && start + length <= (tensor.shape[axis] ?? 0);
  if (sameShape && region.every(isWithin) && region.length === tensor.shape.length) return tensor.part(region);
  const text = region.map(({ start, length }) => `${start}..${start + length}`).join(', ');
  throw new PermafrostError(
    'VARIABLE_MISMATCH',
    `Variable '${variable.name}' is the part [${text}] of a variable of shape [${fullShape.join(', ')}], and the ` +
      `checkpoint's tensor '${tensor.key}' has the shape [${tensor.shape.join(', ')}]. ` +
      'The graph and the checkpoint are not of the same model, or not of the same version of it.',
  );
}

function extentOf(text: string, size: number | undefined): Extent | undefined {
  if (text === '-') return { start: 0, length: size ?? 0 };
  const [start, length, ...more] = text.split(',').map(wholeNumber);
  return start === undefined || length === undefined || more.length > 0 ? undefined : { start, length };
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
