/** What the shape of an op's first output is, as far as its inputs and attributes tell. */
import { countOf } from '../../../evaluate/tensor.js';
import type { KnownShape, NodeFacts } from './node-facts.js';

type ShapeRule = (node: NodeFacts) => KnownShape;

/** Their result has the shape of their first input. */
const likeFirst =
  'Identity StopGradient Snapshot Cast BiasAdd Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh Elu Erf Exp Expm1 Floor ' +
  'IsFinite IsInf IsNan LeakyRelu Log Log1p LogSoftmax LogicalNot Neg OnesLike Reciprocal Relu Relu6 Round Rsqrt Selu ' +
  'Sigmoid Sign Sin Sinh Softmax Softplus Sqrt Square Tan Tanh ZerosLike ClipByValue Cumsum Cumprod FusedBatchNorm ' +
  'FusedBatchNormV2 FusedBatchNormV3 LRN Reverse ReverseV2 MatrixBandPart';

/** Of two inputs, which are broadcast. */
const likeBoth =
  'Add AddV2 Sub Mul Div RealDiv DivNoNan FloorDiv FloorMod Mod Maximum Minimum Pow SquaredDifference Atan2 Equal NotEqual ' +
  'Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr';

/** Images in, images of as many channels out. */
const likeChannels = 'AvgPool MaxPool ResizeBilinear ResizeNearestNeighbor';

/** By op. Any other's shape is not known. */
export const shapeRules: ReadonlyMap<string, ShapeRule> = new Map([
  ...rules('Const', (node) => node.sizesOfValue),
  // The default is only one of those that it may have.
  ...rules('Placeholder PlaceholderWithDefault', (node) => node.sizes('shape')),
  ...rules(likeFirst, (node) => node.shape(0)),
  ...rules(likeBoth, (node) => broadcast(node.shape(0), node.shape(1))),
  ...rules('Conv2D', (node) => channels(node.shape(1)?.[3])),
  ...rules(likeChannels, (node) => channels(node.shape(0)?.[3])),
  ...rules('Reshape', reshaped),
  ...rules('Transpose', (node) => node.constant(1)?.map((axis) => node.shape(0)?.[axis] ?? -1)),
  ...rules('ExpandDims', expanded),
  ...rules('Squeeze', squeezed),
  ...rules('MatMul', (node) => product(node, [-1, -1], 'transpose_a', 'transpose_b')),
  ...rules('BatchMatMul BatchMatMulV2', (node) => product(node, undefined, 'adj_x', 'adj_y')),
]);

function rules(ops: string, rule: ShapeRule): [string, ShapeRule][] {
  return ops.split(' ').map((op) => [op, rule]);
}

function channels(count = -1): KnownShape {
  return [-1, -1, -1, count];
}

function broadcast(a: KnownShape, b: KnownShape): KnownShape {
  if (!a || !b) return undefined;
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, index) => {
    const [x = 1, y = 1] = [a[a.length - rank + index], b[b.length - rank + index]];
    if (x === 1) return y;
    return y === 1 || x === y ? x : Math.max(x, y);
  });
}

function reshaped(node: NodeFacts): KnownShape {
  const wanted = node.constant(1) ?? packed(node.producer(1));
  if (wanted?.filter((size) => size < 0).length !== 1) return wanted;
  const [input, others] = [node.shape(0), countOf(wanted.filter((size) => size >= 0))];
  if (!input || input.includes(-1) || others === 0) return wanted;
  return wanted.map((size) => (size < 0 ? countOf(input) / others : size));
}

/** Scalars, -1 for one that is no constant. */
function packed(node: NodeFacts | undefined): KnownShape {
  if (node?.op !== 'Pack' || node.isWide) return undefined;
  return Array.from({ length: node.inputs }, (_, input) => node.constant(input)?.[0] ?? -1);
}

function expanded(node: NodeFacts): KnownShape {
  const [shape, [axis] = []] = [node.shape(0), node.constant(1)];
  if (!shape || axis === undefined) return undefined;
  return shape.toSpliced(axis < 0 ? axis + shape.length + 1 : axis, 0, 1);
}

function squeezed(node: NodeFacts): KnownShape {
  const [shape, axes] = [node.shape(0), node.ints('squeeze_dims')];
  if (!shape || (axes.length === 0 && shape.includes(-1))) return undefined;
  const goes = new Set(axes.map((axis) => (axis < 0 ? axis + shape.length : axis)));
  return shape.filter((size, axis) => (axes.length === 0 ? size !== 1 : !goes.has(axis)));
}

/** @param open what is known of an input whose shape is not. */
function product(node: NodeFacts, open: KnownShape, firstTurned: string, secondTurned: string): KnownShape {
  const [a, b] = [node.shape(0) ?? open, node.shape(1) ?? open];
  const batch = broadcast(a?.slice(0, -2), b?.slice(0, -2));
  const rows = a?.at(node.flag(firstTurned) ? -1 : -2) ?? -1;
  const columns = b?.at(node.flag(secondTurned) ? -2 : -1) ?? -1;
  return batch && [...batch, rows, columns];
}
