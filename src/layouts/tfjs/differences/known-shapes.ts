/** What can be known of the shapes in a graph without computing it: enough to tell some inputs apart, no more. */
import { readAttribute, shapeSizes } from '../../../graph/attributes.js';
import { parseInput } from '../../../graph/edges.js';
import type { Graph } from '../../../graph/graph.js';
import type { GraphNode } from '../../../graph/node.js';
import type { TensorShapeProto } from '../../../proto/types.js';

/** Sizes, -1 for one that is open; undefined where not even their number is known. */
export type KnownShape = readonly number[] | undefined;

/** Their result has the shape of their first input. */
const likeFirst = new Set(
  (
    'Identity StopGradient Snapshot PlaceholderWithDefault Cast BiasAdd Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh ' +
    'Elu Erf Exp Expm1 Floor IsFinite IsInf IsNan LeakyRelu Log Log1p LogSoftmax LogicalNot Neg OnesLike Reciprocal Relu ' +
    'Relu6 Round Rsqrt Selu Sigmoid Sign Sin Sinh Softmax Softplus Sqrt Square Tan Tanh ZerosLike ClipByValue Cumsum ' +
    'Cumprod FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 LRN Reverse ReverseV2 MatrixBandPart'
  ).split(' '),
);

/** Of two inputs, which are broadcast. */
const likeBoth = new Set(
  (
    'Add AddV2 Sub Mul Div RealDiv DivNoNan FloorDiv FloorMod Mod Maximum Minimum Pow SquaredDifference Atan2 Equal ' +
    'NotEqual Greater GreaterEqual Less LessEqual LogicalAnd LogicalOr'
  ).split(' '),
);

/** Images in, images of as many channels out. */
const likeChannels = new Set(['AvgPool', 'MaxPool', 'ResizeBilinear', 'ResizeNearestNeighbor']);

/** A shape from far away is not worth a stack that overflows. */
const farthest = 500;

export class KnownShapes {
  readonly #known = new Map<string, KnownShape>();

  constructor(private readonly graph: Graph) {}

  /** @param input as it stands in a node. */
  of(input: string | undefined, distance = 0): KnownShape {
    if (input === undefined || distance > farthest) return undefined;
    const { node, port } = parseInput(input);
    const producer = port === 0 ? this.graph.byName.get(node) : undefined;
    if (!producer) return undefined;
    if (!this.#known.has(node)) {
      // In a loop, it comes to itself.
      this.#known.set(node, undefined);
      this.#known.set(node, this.#result(producer, distance + 1));
    }
    return this.#known.get(node);
  }

  #result(node: GraphNode, distance: number): KnownShape {
    const input = (index: number): KnownShape => this.of(node.inputs[index], distance);
    if (node.op === 'Placeholder') return sizesOf(readAttribute(node, 'shape')?.shape);
    if (node.op === 'Const')
      return node.attribute('value') && sizesOf(readAttribute(node, 'value')?.tensor?.tensor_shape);
    if (likeFirst.has(node.op)) return input(0);
    if (likeBoth.has(node.op)) return broadcast(input(0), input(1));
    if (node.op === 'Conv2D') return channels(input(1)?.[3]);
    if (likeChannels.has(node.op)) return channels(input(0)?.[3]);
    return undefined;
  }
}

function sizesOf(shape: TensorShapeProto | null | undefined): KnownShape {
  return !shape || shape.unknown_rank ? undefined : shapeSizes(shape);
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
