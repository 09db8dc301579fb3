/**
 * Where TensorFlow.js 4.22 computes something else than TensorFlow 2.21, or fails when it comes to it: op, condition, and
 * what it does instead. `npm run sweep:tfjs` holds the table against both. Not in it is what only overflow of 32 bits, NaN,
 * tensors without elements or rounding bring about, nor what needs a shape that the graph does not tell (`shape-rules.ts`):
 * there TensorFlow.js fails, or gives other numbers.
 */
import { arithmetic } from './arithmetic.js';
import { arrays } from './arrays.js';
import type { Difference } from './difference.js';
import { differingTypes } from './differing-types.js';
import { images } from './images.js';
import { networks } from './networks.js';
import { textsAndFrequencies } from './texts-and-frequencies.js';

export const differences: readonly Difference[] = [
  ...differingTypes,
  ...arithmetic,
  ...arrays,
  ...networks,
  ...images,
  ...textsAndFrequencies,
];
