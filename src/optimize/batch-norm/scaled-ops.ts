/** The ops whose outputs are sums of products with a weight: to scale a channel of one's output is to scale the weight's. */
import { readAttribute, readBytes } from '../../graph/attributes.js';
import type { GraphNode } from '../../graph/node.js';
import type { ChannelAxes } from '../../passes/weights/channels.js';

/** Where the channels of a tensor are. */
export interface ChannelLayout {
  readonly rank: number;
  readonly axis: number;
}

export interface ScaledOp {
  /** The weight's axes that the channels of the output are on. */
  readonly weightAxes: ChannelAxes;
  readonly output: ChannelLayout;
  /** Whether it is a convolution turned around, whose first input is the output's shape. */
  readonly isTurned: boolean;
}

/** All have their weight there. */
export const weightInput = 1;

const last = (rank: number): ChannelAxes => ({ batches: 0, start: rank - 1, end: rank });
const beforeLast = (rank: number): ChannelAxes => ({ batches: 0, start: rank - 2, end: rank - 1 });

type Rule = (node: GraphNode) => ScaledOp | undefined;

function convolution(rank: number, axesOf: (rank: number) => ChannelAxes, isTurned = false): Rule {
  return (node) => {
    const axis = channelAxis(node, rank);
    return axis === undefined ? undefined : { weightAxes: axesOf(rank), output: { rank, axis }, isTurned };
  };
}

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['Conv2D', convolution(4, last)],
  // Each input has outputs of its own.
  ['DepthwiseConv2dNative', convolution(4, (rank) => ({ batches: 0, start: rank - 2, end: rank }))],
  ['Conv3D', convolution(5, last)],
  ['Conv2DBackpropInput', convolution(4, beforeLast, true)],
  ['Conv3DBackpropInputV2', convolution(5, beforeLast, true)],
  [
    'MatMul',
    (node) => {
      const isTransposed = readAttribute(node, 'transpose_b')?.b ?? false;
      return { weightAxes: isTransposed ? beforeLast(2) : last(2), output: { rank: 2, axis: 1 }, isTurned: false };
    },
  ],
]);

/** Undefined for an op that is none of these, or with channels where none are looked for. */
export function scaledOp(node: GraphNode): ScaledOp | undefined {
  return rules.get(node.op)?.(node);
}

/** By the attribute `data_format`; undefined where it is none that TensorFlow has for tensors of that rank. */
export function channelAxis(node: GraphNode, rank: number): number | undefined {
  const bytes = readBytes(node, 'data_format');
  const format = bytes ? Buffer.from(bytes).toString() : 'NHWC';
  if (format === 'NHWC' || (format === 'NDHWC' && rank === 5)) return rank - 1;
  if (format === 'NCHW' || (format === 'NCDHW' && rank === 5)) return 1;
  return undefined;
}
