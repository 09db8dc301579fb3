/** Images and boxes in them. */
import { always, type Difference, either, isSet, outputAfter } from './difference.js';

export const images: readonly Difference[] = [
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
];
