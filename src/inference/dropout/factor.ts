/** What a mask or masked data are scaled by, and whether that makes up for what is dropped. */
import { inputNode } from '../../graph/edges.js';
import type { Scope } from '../scope.js';
import { type Amount, amountOf, isNear, isSameAmount, sourceOf } from './amount.js';

/** A number, or 1 over what a tensor says. */
export type Factor = { readonly times: number } | { readonly over: Amount };

export const unscaled: Factor = { times: 1 };

const reciprocals: ReadonlySet<string> = new Set(['Reciprocal', 'Inv']);
export const divisions: ReadonlySet<string> = new Set(['RealDiv', 'Div', 'DivNoNan']);
/** The second factor of MulNoNan is the one that may be zero. */
export const products: ReadonlySet<string> = new Set(['Mul', 'MulNoNan']);

/** What a product with this input is scaled by; undefined where that may be anything. */
export function multiplier(scope: Scope, input: string): Factor | undefined {
  const amount = amountOf(scope, input);
  if ('constant' in amount) return { times: amount.constant };
  const node = scope.node(inputNode(sourceOf(scope, input)));
  const [first = '', second = ''] = node?.inputs ?? [];
  const isInverse = node?.op === 'Pow' && isSameAmount(amountOf(scope, second), { constant: -1 });
  if (isInverse || reciprocals.has(node?.op ?? '')) return divisor(scope, first);
  const over = divisions.has(node?.op ?? '') && isSameAmount(amountOf(scope, first), { constant: 1 });
  return over ? divisor(scope, second) : undefined;
}

/** What a quotient by this input is scaled by. */
export function divisor(scope: Scope, input: string): Factor {
  const amount = amountOf(scope, input);
  return 'constant' in amount ? { times: 1 / amount.constant } : { over: amount };
}

/** @returns undefined for more than one thing can say. */
export function both(x: Factor, y: Factor): Factor | undefined {
  if (x === unscaled) return isOne(y) ? unscaled : y;
  if ('times' in x && 'times' in y) return { times: x.times * y.times };
  if ('times' in x) return x.times === 1 ? y : undefined;
  return 'times' in y && y.times === 1 ? x : undefined;
}

function isOne(factor: Factor): boolean {
  return 'times' in factor && factor.times === 1;
}

/** Whether the sum over many elements stays what it was when only this share of them is kept. */
export function makesUp(keep: Amount, factor: Factor): boolean {
  if ('over' in factor) return isSameAmount(keep, factor.over);
  if (!('constant' in keep)) return false;
  // Near 1 is not enough of what nobody scaled: the scale of a small rate may follow.
  return factor.times === 1 ? keep.constant === 1 : isNear(keep.constant * factor.times, 1);
}
