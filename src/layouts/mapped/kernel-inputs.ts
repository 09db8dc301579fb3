/**
 * What TensorFlow's CPU kernels do with the memory of an input. A kernel may write its output into an input that nothing
 * else holds (`OpKernelContext::forward_input`), which ends the process where that memory is a read-only mapping. This
 * says which kernels never do, as their sources of TensorFlow 2.21 have it (`tensorflow/core/kernels`); an op that is not
 * here is taken to write.
 */
import { readType } from '../../graph/attributes.js';
import { isControlInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';

/** Kernels that read these inputs, and whose outputs are memory of their own. */
const readers: ReadonlyMap<string, 'all' | readonly number[]> = new Map<string, 'all' | readonly number[]>([
  ...[
    ...['MatMul', 'BatchMatMul', 'BatchMatMulV2', 'BatchMatMulV3', 'SparseMatMul', 'SparseTensorDenseMatMul'],
    ...['Conv2D', 'Conv3D', 'DepthwiseConv2dNative', 'Conv2DBackpropInput', 'Conv3DBackpropInput'],
    ...['Conv3DBackpropInputV2', 'Dilation2D'],
    ...['Gather', 'GatherV2', 'GatherNd', 'SparseSegmentSum', 'SparseSegmentMean', 'SparseSegmentSqrtN'],
    ...['Shape', 'ShapeN', 'Size', 'Rank', 'ArgMax', 'ArgMin', 'Dequantize', 'InitializeTable', 'InitializeTableV2'],
  ].map((op): [string, 'all'] => [op, 'all']),
  ['BiasAdd', [1]],
  ['BiasAddV1', [1]],
  // The means and variances that come after scale and offset may be written to.
  ['FusedBatchNorm', [1, 2]],
  ['FusedBatchNormV2', [1, 2]],
  ['FusedBatchNormV3', [1, 2]],
  // Weights and biases; the states before them may be written to.
  ['LSTMBlockCell', [3, 4, 5, 6, 7]],
  ['BlockLSTM', [4, 5, 6, 7, 8]],
  ['BlockLSTMV2', [4, 5, 6, 7, 8]],
  ['GRUBlockCell', [2, 3, 4, 5]],
]);

/** Whether an input is one of those whose memory may be given out. */
type Passes = (input: number, node: GraphNode) => boolean;

const first: Passes = (input) => input === 0;
const all: Passes = () => true;

/** Kernels that write to no input, and may give out the memory of some as an output. The others say how: axes, shapes. */
const passers: ReadonlyMap<string, Passes> = new Map<string, Passes>([
  ...[
    ...['Identity', 'StopGradient', 'PreventGradient', 'CheckNumerics', 'EnsureShape', 'GuaranteeConst'],
    ...['PlaceholderWithDefault', 'Reshape', 'Squeeze', 'ExpandDims', 'Enter', 'Exit', 'Switch', 'NextIteration'],
    // A part that lies in one piece is not copied, nor is what stays as it was.
    ...['Slice', 'StridedSlice', 'SplitV', 'Unpack', 'Transpose', 'Tile', 'Pad', 'PadV2', 'MirrorPad', 'BroadcastTo'],
    ...['Sum', 'Mean', 'Prod', 'Max', 'Min', 'All', 'Any'],
  ].map((op): [string, Passes] => [op, first]),
  ...['IdentityN', 'Merge', 'Pack'].map((op): [string, Passes] => [op, all]),
  ['Split', (input) => input === 1],
  ['Concat', (input) => input > 0],
  ['ConcatV2', (input, node) => input < dataInputs(node) - 1],
  // Of one tensor, it may be no more than another shape.
  ['Einsum', (_, node) => dataInputs(node) === 1],
]);

/** What a node's kernel does with an input: reads it, hands it on, or may write to it. */
export type InputUse = 'reads' | 'passes' | 'writes';

export function kernelUse(node: GraphNode, input: number): InputUse {
  const { op } = node;
  const inputs = readers.get(op);
  if (inputs === 'all' || inputs?.includes(input)) return 'reads';
  if (op === 'Cast') return readType(node, 'SrcT') === readType(node, 'DstT') ? 'passes' : 'reads';
  const passes = passers.get(op);
  if (!passes) return 'writes';
  return passes(input, node) ? 'passes' : 'reads';
}

/** Control inputs come last. */
function dataInputs({ inputs }: GraphNode): number {
  return inputs.findLastIndex((each) => !isControlInput(each)) + 1;
}
