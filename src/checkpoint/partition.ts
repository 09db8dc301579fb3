/** Which part of a stored tensor a variable is, where a partitioner has cut it: each part is a variable of its own. */
import { PermafrostError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import type { Extent, StoredTensor } from '../graph/stored-tensor.js';
import { isVariable, variableShape } from '../graph/variables.js';

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

/** The name of the whole, where a variable is named like a part (`emb/part_0`). */
export function nameOfWhole(name: string): string | undefined {
  return /^(.+)\/part_\d+$/.exec(name)?.[1];
}

/**
 * The part that a variable's name and the shapes of its siblings say it is: `emb/part_0` and so on, one after the other
 * along one axis, together all of the stored tensor.
 * @returns undefined where they do not add up to it along exactly one axis.
 */
export function partByShapes(graph: Graph, variable: GraphNode, whole: StoredTensor): StoredTensor | undefined {
  const base = nameOfWhole(variable.name);
  const shapes: (readonly number[])[] = [];
  for (let part = graph.byName.get(`${base}/part_0`); part && isVariable(part); ) {
    const shape = variableShape(part);
    if (shape?.length !== whole.shape.length || shape.some((size) => size < 0)) return undefined;
    shapes.push(shape);
    part = graph.byName.get(`${base}/part_${shapes.length}`);
  }
  const axis = cutAxis(shapes, whole.shape);
  const number = Number(variable.name.slice(`${base}/part_`.length));
  const own = shapes[number];
  if (axis === undefined || !own) return undefined;
  const start = shapes.slice(0, number).reduce((sum, shape) => sum + (shape[axis] as number), 0);
  return whole.part(own.map((length, at) => ({ start: at === axis ? start : 0, length })));
}

/** The axis along which these shapes in a row make the full one; undefined where there is none. */
function cutAxis(shapes: readonly (readonly number[])[], full: readonly number[]): number | undefined {
  const isCut = (axis: number): boolean =>
    shapes.reduce((sum, shape) => sum + (shape[axis] as number), 0) === full[axis] &&
    shapes.every((shape) => shape.every((size, at) => at === axis || size === full[at]));
  const axes = [...full.keys()].filter(isCut);
  // A single part is the whole, whatever the axis.
  return axes.length === 1 || shapes.length === 1 ? axes[0] : undefined;
}

function extentOf(text: string, size: number | undefined): Extent | undefined {
  if (text === '-') return { start: 0, length: size ?? 0 };
  const [start, length, ...more] = text.split(',').map(wholeNumber);
  return start === undefined || length === undefined || more.length > 0 ? undefined : { start, length };
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
