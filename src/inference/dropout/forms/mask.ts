/** Masks: uniform numbers that are compared with a rate, or rounded down after what is kept was added to them. */
import { readType } from '../../../graph/attributes.js';
import { inputNode } from '../../../graph/edges.js';
import { floatTypes } from '../../../proto/data-types.js';
import type { Scope } from '../../scope.js';
import { type Amount, amountOf, complement, isNear, isSameAmount, sourceOf } from '../amount.js';
import { both, divisions, divisor, multiplier, products, unscaled } from '../factor.js';
import type { Mask, Uniform } from '../random-value.js';
import { splatOf } from '../splat.js';
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
  const dropped = shareBelow(value, limitOf(scope, inputs[1 - at] as string));
  if (!dropped) return undefined;
  const isTrueAbove = (larger === 'left') === (at === 0);
  const { random } = value;
  // What is true is kept until a form says otherwise.
  const keep = isTrueAbove ? complement(dropped) : dropped;
  return { kind: 'mask', keep, factor: unscaled, isReversed: false, origin: node.name, random };
};

/** Limits may be given element by element, all the same. */
function limitOf(scope: Scope, input: string): Amount {
  const constant = splatOf(scope, input);
  if (constant !== undefined) return { constant };
  const source = sourceOf(scope, input);
  const node = scope.node(inputNode(source));
  return amountOf(scope, node?.op === 'Fill' ? (node.inputs[1] as string) : source);
}

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

/** Uniform numbers that become 0 or 1, and nothing else: up to the next number, or to the nearest one. */
export const rounded: Form = ({ node, values: [value] }) => {
  if (value?.kind !== 'uniform' || value.shift) return undefined;
  const step = steps.get(node.op);
  const { low, high, random } = value;
  if (step === undefined || low < step - 1 || low > step || high < step || high > step + 1) return undefined;
  const keep = { constant: (high - step) / (high - low) };
  return { kind: 'mask', keep, factor: unscaled, isReversed: false, origin: node.name, random };
};

/** Above which number they give 1. */
const steps: ReadonlyMap<string, number> = new Map([
  ['Ceil', 0],
  ['Round', 0.5],
  ['Rint', 0.5],
]);

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
  // Quotients of integers are rounded.
  if (!floatTypes.has(readType(node, 'T'))) return undefined;
  const other = inputs[1 - at] as string;
  const isQuotient = divisions.has(node.op) && at === 0;
  const by = isQuotient ? divisor(scope, other) : products.has(node.op) ? multiplier(scope, other) : undefined;
  const factor = by && both(mask.factor, by);
  return factor && { ...mask, factor };
};

/** How much is left of data that the mask is applied to. */
export function share({ keep, isReversed }: Mask): Amount {
  return isReversed ? complement(keep) : keep;
}
