/** Dropout of Ascend's adapter for TensorFlow: one op makes a mask of bits, another applies and scales it. */
import { inputNode } from '../../../graph/edges.js';
import { sourceOf } from '../amount.js';
import type { Form } from './form.js';
import { maskOps } from './random-ops.js';

/** Of (x, mask, keep_prob); see `tf_adapter/ops` and `npu_bridge` in the repository Ascend/tensorflow. */
export const dropoutOps: readonly string[] = ['DropOutDoMask', 'DropOutDoMaskV3'];

export const ascendDropout: Form = ({ scope, node, inputs }) => {
  const [data, mask] = inputs;
  if (data === undefined || mask === undefined) return undefined;
  const origin = inputNode(sourceOf(scope, mask));
  const op = scope.node(origin)?.op ?? '';
  if (!maskOps.has(op) && op !== '_Arg') return undefined;
  return { kind: 'noise', data, origin, random: origin, reason: `dropout by ${node.op}, with the mask '${origin}'` };
};
