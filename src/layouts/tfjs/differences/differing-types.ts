/** Types that TensorFlow.js has in another form, or not for this op. */
import { bfloat16, bool, type Difference, either, floats, text, typeIn, typeNotIn } from './difference.js';
import { boundsOf } from './known-bounds.js';

const complex: ReadonlySet<number> = new Set([8, 18]);
/** Integers of 8 and 16 bits, and those without a sign. */
const narrow: ReadonlySet<number> = new Set([4, 5, 6, 17, 22, 23]);
/** Of these the loader knows nothing at all. */
const unnamed: ReadonlySet<number> = new Set([5, bfloat16, 17, 22, 23]);
/** Integers of 8 bits. */
const byteRanges: Readonly<Record<number, readonly [number, number]>> = { 4: [0, 255], 6: [-128, 127] };

export const differingTypes: readonly Difference[] = [
  {
    ops: 'Add AddN AddV2 Cumprod Cumsum Mul Neg Pow Prod Square SquaredDifference Sub Sum BatchMatMul BatchMatMulV2 MatMul',
    by: "its type, in attribute 'T'",
    when: typeIn(narrow),
    instead: 'computes with 32 bits, and does not wrap around as TensorFlow does in this type',
  },
  {
    ops:
      'Add Equal Gather GatherV2 ListDiff MirrorPad NotEqual Pad PadV2 ReverseV2 Reverse ScatterNd Select SelectV2 ' +
      'SparseFillEmptyRows Split SplitV TensorScatterUpdate Transpose ZerosLike BroadcastTo OnesLike',
    by: 'its type, string',
    when: either(typeIn(new Set([text])), typeIn(new Set([text]), 'Tparams')),
    instead: 'has no strings for this op, on one of its backends at least',
  },
  {
    ops:
      'Acos Acosh Asin Asinh Atan Atanh BatchMatMul BatchMatMulV2 BroadcastTo ClipByValue Cos Cosh Cumprod Cumsum Div DivNoNan ' +
      'Einsum Equal EuclideanNorm Exp Expm1 Fill Gather GatherNd GatherV2 Log Log1p MatMul MatrixBandPart Mean Neg NotEqual ' +
      'Pad PadV2 Pow Prod RealDiv Reciprocal Rsqrt ScatterNd Select SelectV2 Sigmoid Sign Sin Sinh Slice Sqrt Square ' +
      'SquaredDifference StridedSlice Sum Tan Tanh TensorScatterUpdate Tile Transpose Where',
    by: 'its type, complex numbers',
    when: either(typeIn(complex), typeIn(complex, 'Tparams')),
    instead: 'has no complex numbers for this op',
  },
  {
    ops: 'Cast',
    by: "its type, in attribute 'DstT'",
    when: typeIn(unnamed, 'DstT'),
    instead: 'does not know the type and fails',
  },
  {
    ops: 'Cast',
    by: "its type, in attribute 'DstT'",
    when: (node) => {
      const [least, most] = byteRanges[node.type('DstT')] ?? [];
      if (least === undefined || most === undefined) return false;
      const bounds = node.type('SrcT') === bool ? [0, 1] : boundsOf(node.producer(0));
      const fits = bounds.every((bound) => bound >= least && bound <= most);
      return node.type('DstT') !== node.type('SrcT') && !fits;
    },
    instead: 'keeps numbers that do not fit into 8 bits as they are. Clip them to constants in front of the node',
  },
  { ops: 'Cast', by: 'its type, string', when: typeIn(new Set([text]), 'SrcT'), instead: 'fails on strings' },
  {
    ops: 'Conv2D DepthwiseConv2dNative DepthToSpace Conv3D EuclideanNorm',
    by: "its type, in attribute 'T'",
    when: typeNotIn(floats),
    instead: 'takes only floats here and fails',
  },
  {
    ops: 'Select SelectV2 Reverse SparseFillEmptyRows',
    by: 'its type, bool',
    when: typeIn(new Set([bool])),
    instead: 'takes each bool for four bytes on the WASM backend',
  },
  {
    ops: 'Where',
    by: "its type, in attribute 'T'",
    when: typeNotIn(new Set([bool])),
    instead: 'passes over numbers below 1 on the WASM backend',
  },
];
