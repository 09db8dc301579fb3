/**
 * Constants that say something of a graph: numbers, axes, shapes, predicates. Weights of a graph that was frozen before are
 * constants too, and are not read for this.
 */
import type { GraphNode } from '../graph/node.js';
import { constantForm } from '../graph/shape.js';
import { elementSize } from '../proto/data-types.js';
import { countOf, stringSize, type Tensor } from './tensor.js';
import { readConstant } from './tensor-proto.js';

/** Bytes of elements: sizes, axes and permutations have less, weights have more. */
export const smallBytes = 10_000;

/** Whether it is a constant whose value stands in the graph, and small. */
export function isSmallLiteral(node: GraphNode): boolean {
  if (node.op !== 'Const' || (node.attribute('value')?.length ?? 0) > 2 * smallBytes) return false;
  // A few bytes can say that a value is repeated very often.
  const form = constantForm(node);
  return form !== undefined && countOf(form.shape) * (elementSize(form.dtype) ?? stringSize) <= smallBytes;
}

/** @returns undefined where it is none, or of a type that is not known here. */
export function readSmallConstant(node: GraphNode): Tensor | undefined {
  return isSmallLiteral(node) ? readConstant(node) : undefined;
}
