/**
 * Ops of one float that TensorFlow may give other last bits for, by the instructions of its processor: `Rsqrt` begins with an
 * estimate on some. So they are for optimisations, and not for initialisers, whose numbers are those of TensorFlow.
 */
import { unlessDenormal } from '../evaluate/denormals.js';
import { floatsOf, floatTensor } from '../evaluate/floats.js';
import type { Op } from '../evaluate/ops.js';

/** Computed in float64 and rounded once. */
function eachFloat(of: (value: number) => number): Op {
  return unlessDenormal(([value]) => {
    const floats = value && floatsOf(value);
    return floats && floatTensor(value.dtype, value.shape, floats.map(of));
  });
}

export const floatOps: ReadonlyMap<string, Op> = new Map<string, Op>([
  ['Rsqrt', eachFloat((value) => 1 / Math.sqrt(value))],
  ['Sqrt', eachFloat(Math.sqrt)],
  ['Square', eachFloat((value) => value * value)],
  ['Neg', eachFloat((value) => -value)],
  ['Reciprocal', eachFloat((value) => 1 / value)],
]);
