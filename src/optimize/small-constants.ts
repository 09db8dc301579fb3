/** The values of constants that are small enough to be looked at. */

import { isSmallLiteral, smallBytes } from '../evaluate/small-constant.js';
import type { Tensor } from '../evaluate/tensor.js';
import { readConstant } from '../evaluate/tensor-proto.js';
import type { GraphNode } from '../graph/node.js';
import { StoredTensor } from '../graph/stored-tensor.js';
import { elementSize } from '../proto/data-types.js';
import type { Optimizing } from './optimization.js';

/** Whether it is a constant in whatever branch is taken, and small. */
export function isSmallConstant(node: GraphNode): boolean {
  if (node.op !== 'Const' || node.inputs.length > 0) return false;
  const value = node.get('value');
  if (value instanceof StoredTensor) return elementSize(value.dtype) !== undefined && value.byteLength <= smallBytes;
  return isSmallLiteral(node);
}

/** What a small constant has of a file, which may say once what all of its elements are. */
export function bytesInFile(node: GraphNode): number {
  const value = node.get('value');
  return value instanceof StoredTensor ? value.byteLength : (node.attribute('value')?.length ?? 0);
}

/** Bytes of all elements together that stand in the graph once and count often. */
const mostRepeated = 2 ** 23;

/** @param nodes small constants; where they come to very much, not all have values. */
export async function readSmallConstants(
  nodes: readonly GraphNode[],
  { read }: Pick<Optimizing, 'read'>,
): Promise<Map<string, Tensor>> {
  const stored = new Map<string, StoredTensor>();
  const values = new Map<string, Tensor>();
  let room = mostRepeated;
  for (const node of nodes) {
    const value = node.get('value');
    const literal = value instanceof StoredTensor ? undefined : readConstant(node);
    if (value instanceof StoredTensor) stored.set(node.name, value);
    else if (literal) {
      const repeated = Math.max(0, literal.memory - bytesInFile(node));
      if (repeated > room) continue;
      room -= repeated;
      values.set(node.name, literal);
    }
  }
  const tensors = await read([...stored.values()]);
  for (const [name, tensor] of stored) values.set(name, tensors.get(tensor) as Tensor);
  return values;
}
