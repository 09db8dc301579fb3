/** The numbers of constants that say something of a graph: axes, sizes, limits. */
import { isUint8Array } from 'node:util/types';
import { readSmallConstant } from '../../evaluate/small-constant.js';
import { countOf } from '../../evaluate/tensor.js';
import type { GraphNode } from '../../graph/node.js';
import { constantForm } from '../../graph/shape.js';

/** TensorFlow has no tensors of more dimensions, and so no more axes or sizes. */
export const mostDimensions = 254;

/** Very many may ask for those of one node. */
const known = new WeakMap<GraphNode, readonly number[] | undefined>();

/** Undefined of any other node, where they are stored in a checkpoint, and where there are more. */
export function constantNumbers(node: GraphNode | undefined): readonly number[] | undefined {
  if (node?.op !== 'Const') return undefined;
  if (!known.has(node)) known.set(node, readNumbers(node));
  return known.get(node);
}

function readNumbers(node: GraphNode): readonly number[] | undefined {
  const { shape = [] } = constantForm(node) ?? {};
  const value = countOf(shape) <= mostDimensions ? readSmallConstant(node) : undefined;
  if (!value || !isUint8Array(value.elements)) return undefined;
  const numbers: Iterable<number | bigint> = value.numbers() ?? [];
  return Array.from(numbers, Number);
}
