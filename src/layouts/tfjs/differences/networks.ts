/** Convolutions, pools, normalisation. */
import { anyBut, type Difference, either, isSet, outputAfter } from './difference.js';
import { boundsOf } from './known-bounds.js';

/** Batch and depth. */
const outside = (index: number, length: number): boolean => index === 0 || index === length - 1;

export const networks: readonly Difference[] = [
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
];

/** @param strides with those of batch and depth around. */
function isBelow(sizes: readonly number[] | undefined, strides: readonly number[]): boolean {
  return !sizes || sizes.some((size, index) => size < (strides[index + 1] ?? 1));
}
