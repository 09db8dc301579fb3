/**
 * Dropout for SELU (Klambauer et al. 2017, "Self-Normalizing Neural Networks"): what is dropped becomes a number, and a
 * linear function brings mean and variance back.
 */
import { amountOf, isNear } from '../amount.js';
import { divisions, unscaled } from '../factor.js';
import type { Form } from './form.js';

const sums: ReadonlySet<string> = new Set(['Add', 'AddV2']);

/** Masked data and, where they are dropped, a number. */
export const filled: Form = ({ node, values }) => {
  const at = values[0]?.kind === 'masked' ? 0 : 1;
  const masked = values[at];
  const rest = values[1 - at];
  if (!sums.has(node.op) || masked?.kind !== 'masked' || rest?.kind !== 'mask') return undefined;
  const isOfOneMask =
    rest.origin === masked.origin && rest.isReversed !== masked.isReversed && masked.factor === unscaled;
  const { keep, data, origin, random } = masked;
  if (!isOfOneMask || !('constant' in keep) || !('times' in rest.factor)) return undefined;
  return { kind: 'filled', data, keep: keep.constant, level: rest.factor.times, times: 1, origin, random };
};

export const filledAndScaled: Form = ({ scope, node, inputs, values }) => {
  const at = values[0]?.kind === 'filled' ? 0 : 1;
  const value = values[at];
  if (value?.kind !== 'filled' || values[1 - at]) return undefined;
  const by = amountOf(scope, inputs[1 - at] as string);
  if (!('constant' in by)) return undefined;
  if (node.op === 'Mul') return { ...value, times: value.times * by.constant };
  if (divisions.has(node.op) && at === 0) return { ...value, times: value.times / by.constant };
  const { data, origin, random, keep, level, times } = value;
  if (!sums.has(node.op) || level >= 0) return undefined;
  const rate = 1 - keep;
  const restored = (keep * (1 + rate * level ** 2)) ** -0.5;
  if (!isNear(times, restored) || !isNear(by.constant, -times * level * rate)) return undefined;
  const reason = `dropout for SELU, with the mask '${origin}' that keeps ${Number(keep.toPrecision(6))}`;
  return { kind: 'noise', data, origin, random, reason };
};
