/**
 * Where TensorFlow.js 4.22 computes something else than TensorFlow 2.21, or fails when it comes to it: op, condition, and
 * what it does instead. `npm run sweep:tfjs` holds the table against both. What needs a shape that the graph does not tell
 * is not here where TensorFlow.js fails by itself, nor what only overflow of 32 bits, tensors without elements, NaN or
 * rounding bring about.
 */
import { boundsOf } from './known-bounds.js';
import { isPlainPattern, isPlainText } from './plain-texts.js';
import type { NodeFacts } from './node-facts.js';

export interface Difference {
  /** Names of ops, with spaces between them. */
  readonly ops: string;
  /** What of the node makes the difference, as a person says it: an attribute, a type, an input, an output. */
  readonly by: string;
  readonly when: (node: NodeFacts) => boolean;
  /** Follows "TensorFlow.js 4.22.0". */
  readonly instead: string;
}

type Condition = Difference['when'];

/** DataType numbers. */
const [float32, float64, text, bool, bfloat16, half] = [1, 2, 7, 10, 14, 19];
const floats = new Set([float32, float64, bfloat16, half]);
const complex = new Set([8, 18]);
/** Integers of 8 and 16 bits, and those without a sign. */
const narrow = new Set([4, 5, 6, 17, 22, 23]);
/** Integers of 8 bits. */
const byteRanges: Readonly<Record<number, readonly [number, number]>> = { 4: [0, 255], 6: [-128, 127] };
/** Of these the loader knows nothing at all. */
const unnamed = new Set([5, 14, 17, 22, 23]);

const always: Condition = () => true;
const typeIn =
  (types: ReadonlySet<number>, attribute = 'T'): Condition =>
  (node) =>
    types.has(node.type(attribute));
const typeNotIn =
  (types: ReadonlySet<number>, attribute = 'T'): Condition =>
  (node) =>
    !types.has(node.type(attribute));
const isSet =
  (attribute: string): Condition =>
  (node) =>
    node.flag(attribute);
const outputAfter =
  (last: number): Condition =>
  (node) =>
    Array.from(node.outputs).some((output) => output > last);
/** In the first or the last place, or whatever `places` says. */
const anyBut =
  (usual: number, attribute: string, places: (index: number, length: number) => boolean = () => true): Condition =>
  (node) =>
    node.ints(attribute).some((value, index, { length }) => places(index, length) && value !== usual);
const outside = (index: number, length: number): boolean => index === 0 || index === length - 1;
const either =
  (...conditions: readonly Condition[]): Condition =>
  (node) =>
    conditions.some((each) => each(node));

const spectralLength =
  (input: number, lengthOf: (last: number) => number): Condition =>
  (node) => {
    const last = node.shape(0)?.at(-1) ?? -1;
    return last < 0 || node.constant(input)?.[0] !== lengthOf(last);
  };

export const differences: readonly Difference[] = [
  // Types.
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
    when: either(typeIn(complex), typeIn(complex, 'Tparams'), typeIn(complex, 'index_type')),
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
  // Arithmetic.
  { ops: 'Mod', by: 'the sign of its result', when: always, instead: "takes the divisor's sign, as FloorMod does" },
  {
    ops: 'Div',
    by: 'its type, of integers',
    when: typeNotIn(floats),
    instead: 'rounds towards minus infinity, and TensorFlow towards 0',
  },
  { ops: 'Mean', by: 'its type, of integers', when: typeNotIn(floats), instead: 'gives fractions, and TensorFlow integers' },
  { ops: 'BitwiseAnd', by: 'its inputs', when: always, instead: 'does not find them and fails' },
  {
    ops: 'ClipByValue',
    by: 'its type or its limits',
    when: (node) => !floats.has(node.type('T')) || [1, 2].some((limit) => node.constant(limit)?.length !== 1),
    instead: 'takes the first number of each limit, and on the WASM backend only floats',
  },
  {
    ops: 'EuclideanNorm',
    by: 'its axes, which are none',
    when: (node) => node.constant(1)?.length === 0,
    instead: 'fails without axes',
  },
  {
    ops: 'Cumprod Cumsum',
    by: 'its axis, which is negative or no constant',
    when: (node) => (node.constant(1)?.[0] ?? -1) < 0,
    instead: 'gives another shape for an axis that is counted from the end',
  },
  {
    ops: 'DenseBincount',
    by: "its attribute 'binary_output'",
    when: (node) => node.flag('binary_output') && node.shape(0)?.length !== 2,
    instead: 'counts all the same, unless the input is known to be a matrix',
  },
  {
    ops: 'BatchMatMulV2',
    by: 'the shapes of its inputs',
    when: (node) => repeatsWithin(node.shape(0), node.shape(1)) || repeatsWithin(node.shape(1), node.shape(0)),
    instead: 'takes the wrong matrices where a dimension behind the first is broadcast',
  },
  {
    ops: 'Einsum',
    by: "its attribute 'equation'",
    when: (node) => !isPlainEquation(node.text('equation')),
    instead:
      'takes no ellipsis, no letter twice in a term or in both cases, and in two terms sums over no letter of only one',
  },
  {
    ops: 'MatrixBandPart',
    by: "its input 'num_upper'",
    when: (node) => node.constant(1) === undefined || node.constant(1)?.[0] !== node.constant(2)?.[0],
    instead: "takes 'num_lower' in its place",
  },
  {
    ops: 'FakeQuantWithMinMaxVars',
    by: 'what it does',
    when: always,
    instead: 'hands the input on, and rounds nothing',
  },
  // Arrays.
  {
    ops: 'GatherV2',
    by: "its attribute 'batch_dims'",
    when: (node) => node.int('batch_dims') !== 0,
    instead: 'takes other elements on the WASM backend',
  },
  {
    ops: 'OneHot',
    by: "its attribute 'axis'",
    when: (node) => node.int('axis') !== -1,
    instead: 'computes OneHot along the last axis only',
  },
  {
    ops: 'OneHot',
    by: "its type, in attribute 'T'",
    when: typeNotIn(new Set([3, 9])),
    instead: 'has only integers for it on the WASM backend; floats of constants 1 and 0 are written as integers and a Cast',
  },
  {
    ops: 'Select',
    by: 'its condition, a vector',
    when: (node) => node.shape(0)?.length === 1 && node.shape(1)?.length !== 1,
    instead: 'chooses columns, and TensorFlow rows',
  },
  {
    ops: 'StridedSlice',
    by: "its attribute 'shrink_axis_mask' with strides",
    when: (node) => node.int('shrink_axis_mask') !== 0 && !node.constant(3)?.every((stride) => stride === 1),
    instead: 'then takes all strides for 1',
  },
  {
    ops: 'StridedSlice',
    by: "its attribute 'new_axis_mask' where 'begin' is negative",
    when: (node) => {
      const mask = node.int('new_axis_mask');
      return mask !== 0 && !node.constant(1)?.every((begin, axis) => begin >= 0 || ((mask >> axis) & 1) === 0);
    },
    instead: 'then takes nothing of the new axis',
  },
  {
    ops: 'TensorListConcatV2 TensorListPopBack TensorListSplit',
    by: 'its inputs and outputs',
    when: (node) => node.outputs.size > 0,
    instead: 'reads or gives others than TensorFlow, and fails',
  },
  // Networks.
  {
    ops: 'FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 AvgPool MaxPool AvgPool3D MaxPool3D BiasAdd Conv2DBackpropInput',
    by: "its attribute 'data_format'",
    when: (node) => !['NHWC', 'NDHWC'].includes(node.text('data_format')),
    instead: 'computes with the channels last, whatever it says',
  },
  {
    ops: 'FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3',
    by: "its attribute 'is_training'",
    when: isSet('is_training'),
    instead: 'uses the mean and variance that it is given, and not those of the batch',
  },
  {
    ops: 'FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3',
    by: 'an output after the first',
    when: outputAfter(0),
    instead: 'has no such output',
  },
  {
    ops: 'Conv2D Conv3D DepthwiseConv2dNative',
    by: "its attributes 'strides' and 'dilations', neither of them 1",
    when: (node) => anyBut(1, 'strides')(node) && anyBut(1, 'dilations')(node),
    instead: 'does one or the other, and fails',
  },
  {
    ops: 'Conv2D Conv3D',
    by: 'its filter, which has fewer channels than its input',
    when: (node) => {
      const [channels = -1, filter = -1] = [node.shape(0)?.at(-1), node.shape(1)?.at(-2)];
      return node.text('data_format').endsWith('C') && channels >= 0 && filter >= 0 && channels !== filter;
    },
    instead: 'has no convolution in groups, and fails',
  },
  {
    ops: 'Conv2DBackpropInput',
    by: 'its filter, which has fewer channels than its result',
    when: (node) => {
      const [channels = -1, filter = -1] = [node.constant(0)?.[3], node.shape(1)?.[2]];
      return channels >= 0 && filter >= 0 && channels !== filter;
    },
    instead: 'has no convolution in groups, and fails',
  },
  {
    ops: 'Conv3D',
    by: "its attributes 'padding' and 'strides'",
    when: (node) => node.text('padding') === 'SAME' && isBelow(node.shape(1)?.slice(0, 3), node.ints('strides')),
    instead: 'pads by less than nothing where a filter is smaller than the stride',
  },
  {
    ops: 'AvgPool3D MaxPool3D',
    by: "its attributes 'padding' and 'strides'",
    when: (node) => node.text('padding') === 'SAME' && isBelow(node.ints('ksize').slice(1, 4), node.ints('strides')),
    instead: 'pads by less than nothing where a window is smaller than the stride',
  },
  {
    ops: 'Conv2DBackpropInput',
    by: "its attribute 'dilations'",
    when: anyBut(1, 'dilations'),
    instead: 'computes it without dilation',
  },
  {
    ops: 'AvgPool MaxPool AvgPool3D MaxPool3D MaxPoolWithArgmax',
    by: "its attribute 'ksize' or 'strides'",
    when: either(anyBut(1, 'ksize', outside), anyBut(1, 'strides', outside)),
    instead: 'has windows in height and width only, none in batch and depth',
  },
  {
    ops: 'MaxPool',
    by: "its attribute 'padding', EXPLICIT",
    when: (node) => node.text('padding') === 'EXPLICIT',
    instead: 'has no paddings of its own for a pool, and fails',
  },
  {
    ops: 'MaxPoolWithArgmax Dilation2D MaxPool3D',
    by: 'a maximum that may be negative',
    when: (node) => node.op !== 'MaxPool3D' || boundsOf(node.producer(0))[0] < 0,
    instead: 'gives 0 for it on the WASM backend',
  },
  // Images.
  {
    ops: 'CropAndResize',
    by: "its attribute 'method', nearest",
    when: (node) => node.text('method') === 'nearest',
    instead: 'takes other neighbours on the WASM backend',
  },
  {
    ops: 'ImageProjectiveTransformV3',
    by: 'what it does',
    when: always,
    instead: 'takes other pixels at the edges',
  },
  {
    ops: 'NonMaxSuppressionV4',
    by: "its attribute 'pad_to_max_output_size'",
    when: isSet('pad_to_max_output_size'),
    instead: 'pads up to the number of boxes only',
  },
  {
    ops: 'NonMaxSuppressionV5',
    by: "its attribute 'pad_to_max_output_size' or its third output",
    when: either(isSet('pad_to_max_output_size'), outputAfter(1)),
    instead: 'has neither',
  },
  {
    ops: 'NonMaxSuppressionV5',
    by: "its input 'soft_nms_sigma', which is no constant 0",
    when: (node) => node.constant(5)?.[0] !== 0,
    instead: 'drops boxes that TensorFlow keeps with a lower score',
  },
  // Texts and frequencies.
  {
    ops: 'StaticRegexReplace',
    by: "its attributes 'pattern' and 'rewrite'",
    when: (node) => !isPlainPattern(node.text('pattern')) || !/^[^\\$]*$/.test(node.text('rewrite')) || !isPlainText(node.text('rewrite')),
    instead: "makes them lower case and reads them as JavaScript's; only plain letters, digits and classes mean the same",
  },
  {
    ops: 'StringNGrams',
    by: "its attributes 'separator', 'left_pad' and 'right_pad'",
    when: (node) => !['separator', 'left_pad', 'right_pad'].every((each) => isPlainText(node.text(each))),
    instead: 'makes them lower case, and knows no letters but those of English in them',
  },
  {
    ops: 'StringToHashBucketFast',
    by: "its attribute 'num_buckets'",
    when: (node) => node.int('num_buckets') > 2 ** 31,
    instead: 'has 32 bits for the number of a bucket',
  },
  {
    ops: 'RFFT',
    by: "its input 'fft_length'",
    when: spectralLength(1, (last) => last),
    instead: 'passes it over and takes the length of the last dimension, which is not known to be the same',
  },
  {
    ops: 'IRFFT',
    by: "its input 'fft_length'",
    when: either(
      (node) => (node.shape(0)?.length ?? 1) < 2,
      spectralLength(1, (last) => 2 * (last - 1)),
    ),
    instead: 'passes it over, takes the length that the last dimension makes, and makes a matrix of a vector',
  },
];

/** Whether one that is broadcast has a dimension of 1 behind one that is not. */
function repeatsWithin(shape: readonly number[] | undefined, other: readonly number[] | undefined): boolean {
  if (!shape || !other) return false;
  const [own, others] = [shape.slice(0, -2), other.slice(0, -2)];
  const first = own.findIndex((size) => size !== 1);
  return own.some((size, index) => {
    const opposite = others[others.length - own.length + index] ?? 1;
    return first >= 0 && index > first && size === 1 && opposite !== 1;
  });
}

/** @param strides with those of batch and depth around. */
function isBelow(sizes: readonly number[] | undefined, strides: readonly number[]): boolean {
  return !sizes || sizes.some((size, index) => size < (strides[index + 1] ?? 1));
}

function isPlainEquation(equation: string): boolean {
  const [left = '', right = ''] = equation.replaceAll(' ', '').split('->');
  const terms = left.split(',');
  const letters = new Set(equation.match(/[a-z]/gi));
  if (equation.includes('.') || new Set(equation.toLowerCase().match(/[a-z]/g)).size !== letters.size) return false;
  if ([...terms, right].some((term) => new Set(term).size !== term.length)) return false;
  return terms.length < 2 || Array.from(letters).every((letter) => right.includes(letter) || terms.every((term) => term.includes(letter)));
}
