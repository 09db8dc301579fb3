/** Random numbers that are moved to another range or another mean: products, quotients and sums with numbers. */
import { amountOf } from '../amount.js';
import { divisions } from '../factor.js';
import type { Form, Operation } from './form.js';

const products: ReadonlySet<string> = new Set(['Mul']);
const sums: ReadonlySet<string> = new Set(['Add', 'AddV2']);

export const range: Form = (operation) => {
  const { node, values } = operation;
  const at = values.findIndex((value) => value?.kind === 'uniform' || value?.kind === 'normal');
  if (at < 0 || values.length !== 2 || values[1 - at]) return undefined;
  if (products.has(node.op)) return scaled(operation, at, false);
  if (divisions.has(node.op) && at === 0) return scaled(operation, at, true);
  if (node.op === 'Sub') return at === 0 ? lowered(operation) : mirrored(operation);
  return sums.has(node.op) ? moved(operation, at) : undefined;
};

function scaled({ scope, inputs, values }: Operation, at: number, isInverse: boolean): ReturnType<Form> {
  const by = amountOf(scope, inputs[1 - at] as string);
  const value = values[at];
  if (!('constant' in by) || by.constant <= 0) return undefined;
  const times = isInverse ? 1 / by.constant : by.constant;
  if (value?.kind === 'normal') return { ...value, mean: value.mean * times, deviation: value.deviation * times };
  if (value?.kind !== 'uniform' || value.shift) return undefined;
  return { ...value, low: value.low * times, high: value.high * times };
}

function moved({ scope, inputs, values }: Operation, at: number): ReturnType<Form> {
  const by = amountOf(scope, inputs[1 - at] as string);
  const value = values[at];
  if (value?.kind === 'normal') return 'constant' in by ? { ...value, mean: value.mean + by.constant } : undefined;
  if (value?.kind !== 'uniform' || value.shift) return undefined;
  if ('constant' in by) return { ...value, low: value.low + by.constant, high: value.high + by.constant };
  return value.low === 0 && value.high === 1 ? { ...value, shift: by } : undefined;
}

/** Random numbers less a number. */
function lowered({ scope, inputs, values: [value] }: Operation): ReturnType<Form> {
  const by = amountOf(scope, inputs[1] as string);
  if (!('constant' in by)) return undefined;
  if (value?.kind === 'normal') return { ...value, mean: value.mean - by.constant };
  if (value?.kind !== 'uniform' || value.shift) return undefined;
  return { ...value, low: value.low - by.constant, high: value.high - by.constant };
}

/** A number less random numbers. */
function mirrored({ scope, inputs, values: [, value] }: Operation): ReturnType<Form> {
  const from = amountOf(scope, inputs[0] as string);
  if (!('constant' in from)) return undefined;
  if (value?.kind === 'normal') return { ...value, mean: from.constant - value.mean };
  if (value?.kind !== 'uniform' || value.shift) return undefined;
  return { ...value, low: from.constant - value.high, high: from.constant - value.low };
}
