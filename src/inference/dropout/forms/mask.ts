/** Masks: uniform numbers that are compared with a rate, or rounded down after what is kept was added to them. */
import { type Amount, amountOf, complement, isNear, isSameAmount } from '../amount.js';
import { both, divisions, divisor, multiplier, unscaled } from '../factor.js';
import type { Uniform } from '../random-value.js';
import type { Form } from './form.js';

/** Whether the larger side makes it true, by op. A number that is equal to the rate hardly ever comes up. */
const comparisons: ReadonlyMap<string, 'left' | 'right'> = new Map([
  ['GreaterEqual', 'left'],
  ['Greater', 'left'],
  ['LessEqual', 'right'],
  ['Less', 'right'],
]);

export const compared: Form = ({ scope, node, inputs, values }) => {
  const larger = comparisons.get(node.op);
  const at = values[0] ? 0 : 1;
  const value = values[at];
  if (!larger || value?.kind !== 'uniform' || value.shift || values[1 - at]) return undefined;
  const dropped = shareBelow(value, amountOf(scope, inputs[1 - at] as string));
  if (!dropped) return undefined;
  const isTrueAbove = (larger === 'left') === (at === 0);
  const { random } = value;
  // What is true is kept until a form says otherwise.
  const keep = isTrueAbove ? complement(dropped) : dropped;
  return { kind: 'mask', keep, factor: unscaled, isReversed: false, origin: node.name, random };
};

/** How many of the numbers are below a limit. */
function shareBelow({ low, high }: Uniform, limit: Amount): Amount | undefined {
  if (!('constant' in limit)) return low === 0 && high === 1 ? limit : undefined;
  const share = (limit.constant - low) / (high - low);
  return share >= 0 && share <= 1 ? { constant: share } : undefined;
}

export const floored: Form = ({ node, values: [value] }) => {
  if (node.op !== 'Floor' || value?.kind !== 'uniform') return undefined;
  const { low, high, shift, random } = value;
  const isUnit = isNear(high - low, 1) && low >= 0 && low <= 1;
  const keep = shift ?? (isUnit ? { constant: low } : undefined);
  return keep && { kind: 'mask', keep, factor: unscaled, isReversed: false, origin: node.name, random };
};

/** 1 minus a mask, or not a mask. */
export const reversed: Form = ({ scope, node, inputs, values }) => {
  const [left, right] = values;
  if (node.op === 'LogicalNot' && left?.kind === 'mask') return { ...left, isReversed: !left.isReversed };
  if (node.op !== 'Sub' || left || right?.kind !== 'mask' || right.factor !== unscaled) return undefined;
  const isFromOne = isSameAmount(amountOf(scope, inputs[0] as string), { constant: 1 });
  return isFromOne ? { ...right, isReversed: !right.isReversed } : undefined;
};

/** A mask times a number: what scales the data may scale the mask. */
export const scaledMask: Form = ({ scope, node, inputs, values }) => {
  const at = values[0]?.kind === 'mask' ? 0 : 1;
  const mask = values[at];
  if (mask?.kind !== 'mask' || values[1 - at] || values.length !== 2) return undefined;
  const other = inputs[1 - at] as string;
  const isQuotient = divisions.has(node.op) && at === 0;
  const by = isQuotient ? divisor(scope, other) : node.op === 'Mul' ? multiplier(scope, other) : undefined;
  const factor = by && both(mask.factor, by);
  return factor && { ...mask, factor };
};
