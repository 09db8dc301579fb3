/** Dropout of Ascend's adapter for TensorFlow: one op makes a mask of bits, another applies and scales it. */
import { inputNode } from '../../../graph/edges.js';
import { maskOps } from '../../../graph/op-kinds/random.js';
import { sourceOf } from '../amount.js';
import type { Form } from './form.js';

export const ascendDropout: Form = ({ scope, node, inputs }) => {
  const [data, mask] = inputs;
  if (data === undefined || mask === undefined) return undefined;
  const origin = inputNode(sourceOf(scope, mask));
  const op = scope.node(origin)?.op ?? '';
  if (!maskOps.has(op) && op !== '_Arg') return undefined;
  return { kind: 'noise', data, origin, random: origin, reason: `dropout by ${node.op}, with the mask '${origin}'` };
};
