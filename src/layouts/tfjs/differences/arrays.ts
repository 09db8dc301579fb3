/** What moves elements about. */
import { type Difference, typeNotIn } from './difference.js';

export const arrays: readonly Difference[] = [
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
    instead:
      'has only integers for it on the WASM backend; floats of constants 1 and 0 are written as integers and a Cast',
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
    ops: 'TensorListConcatV2 TensorListPopBack TensorListSplit TensorArraySplitV3',
    by: 'its inputs and outputs',
    when: (node) => node.outputs.size > 0,
    instead: 'reads or gives others than TensorFlow, and fails',
  },
  {
    ops: 'TensorArrayConcatV3',
    by: 'its second output, the lengths',
    when: (node) => node.outputs.has(1),
    instead: 'has no such output',
  },
];
