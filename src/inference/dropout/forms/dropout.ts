/** Dropout: data times a mask, scaled by 1 over what is kept, in any order. */
import { readType } from '../../../graph/attributes.js';
import { parseInput } from '../../../graph/edges.js';
import { selectOps } from '../../../graph/op-kinds/handing-on.js';
import { floatTypes } from '../../../proto/data-types.js';
import { type Amount, amountOf, describeAmount } from '../amount.js';
import { both, divisions, divisor, makesUp, multiplier, products, unscaled } from '../factor.js';
import type { Mask, Origin, RandomValue } from '../random-value.js';
import { splatOf } from '../splat.js';
import type { Form, Operation } from './form.js';
import { share } from './mask.js';

export const product: Form = (operation) => {
  const { node, inputs, values } = operation;
  const at = values[0]?.kind === 'mask' ? 0 : 1;
  const mask = values[at];
  if (!products.has(node.op) || mask?.kind !== 'mask' || values[1 - at]?.kind === 'mask') return undefined;
  if (!floatTypes.has(readType(node, 'T'))) return undefined;
  return applied(operation, mask, inputs[1 - at] as string);
};

/** Data where the mask is true, else zeros. */
export const selection: Form = (operation) => {
  const { scope, node, inputs, values } = operation;
  const [mask] = values;
  if (!selectOps.has(node.op) || mask?.kind !== 'mask') return undefined;
  const [, whereTrue = '', whereFalse = ''] = inputs;
  const areZeros = (input: string): boolean => splatOf(scope, input) === 0;
  if (areZeros(whereFalse)) return chosen(operation, mask, whereTrue);
  if (areZeros(whereTrue)) return chosen(operation, { ...mask, isReversed: !mask.isReversed }, whereFalse);
  const level = amountOf(scope, whereFalse);
  const keep = share(mask);
  if (!('constant' in level) || !('constant' in keep) || mask.factor !== unscaled) return undefined;
  const { origin, random } = mask;
  return { kind: 'filled', data: whereTrue, keep: keep.constant, level: level.constant, times: 1, origin, random };
};

/** What is chosen from may be one number, which makes another mask of the mask. */
function chosen(operation: Operation, mask: Mask & Origin, input: string): RandomValue | undefined {
  const value = applied(operation, mask, input);
  const times = value?.kind === 'masked' ? splatOf(operation.scope, input) : undefined;
  const factor = times === undefined ? undefined : both(mask.factor, { times });
  return factor ? { ...mask, factor } : value;
}

/** What is left to do when the mask was applied: the data may have been scaled before. */
function applied({ scope, noises }: Operation, mask: Mask & Origin, input: string): RandomValue | undefined {
  const { factor, isReversed, origin, random } = mask;
  const keep = share(mask);
  if (makesUp(keep, factor)) return noise(input, mask, keep);
  const { node: name, port } = parseInput(input);
  // The scale of another dropout right before this one is not its own.
  const node = port === 0 && !noises.has(name) ? scope.node(name) : undefined;
  const [left = '', right = ''] = node?.inputs ?? [];
  const ways = divisions.has(node?.op ?? '')
    ? [{ data: left, by: divisor(scope, right) }]
    : products.has(node?.op ?? '')
      ? [
          { data: left, by: multiplier(scope, right) },
          { data: right, by: multiplier(scope, left) },
        ]
      : [];
  for (const { data, by } of ways) {
    const all = by && both(factor, by);
    if (all && makesUp(keep, all)) return noise(data, mask, keep);
  }
  return { kind: 'masked', data: input, keep, factor, isReversed, origin, random };
}

/** Masked data that are scaled afterwards. */
export const scaledAfterwards: Form = ({ scope, node, inputs, values }) => {
  const at = values[0]?.kind === 'masked' ? 0 : 1;
  const masked = values[at];
  if (masked?.kind !== 'masked' || values[1 - at]) return undefined;
  const other = inputs[1 - at] as string;
  const isQuotient = divisions.has(node.op) && at === 0;
  const by = isQuotient ? divisor(scope, other) : products.has(node.op) ? multiplier(scope, other) : undefined;
  const factor = by && both(masked.factor, by);
  if (!factor) return undefined;
  return makesUp(masked.keep, factor) ? noise(masked.data, masked, masked.keep) : { ...masked, factor };
};

function noise(data: string, { origin, random }: Origin, keep: Amount): RandomValue {
  const reason = `dropout, with the mask '${origin}' that keeps ${describeAmount(keep)}, and scaled to make up for it`;
  return { kind: 'noise', data, rate: 'tensor' in keep ? keep.tensor : undefined, origin, random, reason };
}
