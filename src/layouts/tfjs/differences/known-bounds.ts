/** Between which numbers a tensor's are, as far as clipping in front of it tells. */
import type { NodeFacts } from './node-facts.js';

export type Bounds = readonly [least: number, most: number];

const open: Bounds = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** Bounds of the result, whatever goes in. */
const own: Readonly<Record<string, Bounds>> = {
  Abs: [0, Number.POSITIVE_INFINITY],
  Relu: [0, Number.POSITIVE_INFINITY],
  Relu6: [0, 6],
  Sigmoid: [0, 1],
  Softmax: [0, 1],
};

/** Move elements about, or round within bounds that are whole. */
const keeping = new Set(
  'Identity Round Floor Ceil Reshape Squeeze ExpandDims Transpose StridedSlice Slice MaxPool MaxPool3D ResizeNearestNeighbor'.split(
    ' ',
  ),
);

/** Longer ways to where a tensor is clipped are not gone. */
const farthest = 20;

export function boundsOf(node: NodeFacts | undefined, distance = 0): Bounds {
  if (!node || distance > farthest) return open;
  const input = (): Bounds => boundsOf(node.producer(0), distance + 1);
  if (keeping.has(node.op)) return input();
  if (node.op === 'ClipByValue') return [node.constant(1)?.[0] ?? open[0], node.constant(2)?.[0] ?? open[1]];
  if (node.op === 'Minimum' || node.op === 'Maximum') {
    const limits = node.constant(1);
    const [least, most] = input();
    if (limits?.length !== 1) return open;
    const [limit = 0] = limits;
    return node.op === 'Minimum'
      ? [Math.min(least, limit), Math.min(most, limit)]
      : [Math.max(least, limit), Math.max(most, limit)];
  }
  return own[node.op] ?? open;
}
