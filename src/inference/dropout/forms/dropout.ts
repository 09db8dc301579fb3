/** Dropout: data times a mask, scaled by 1 over what is kept, in any order. */
import { readConstant } from '../../../evaluate/tensor-proto.js';
import { parseInput } from '../../../graph/edges.js';
import { type Amount, amountOf, complement, describeAmount, isSameAmount } from '../amount.js';
import { both, divisions, divisor, makesUp, multiplier, unscaled } from '../factor.js';
import type { Mask, Origin, RandomValue } from '../random-value.js';
import type { Form, Operation } from './form.js';

export const product: Form = (operation) => {
  const { node, inputs, values } = operation;
  const at = values[0]?.kind === 'mask' ? 0 : 1;
  const mask = values[at];
  if (node.op !== 'Mul' || mask?.kind !== 'mask' || values[1 - at]?.kind === 'mask') return undefined;
  return applied(operation, mask, inputs[1 - at] as string);
};

const selections: ReadonlySet<string> = new Set(['Select', 'SelectV2']);

/** Data where the mask is true, else zeros. */
export const selection: Form = (operation) => {
  const { scope, node, inputs, values } = operation;
  const [mask] = values;
  if (!selections.has(node.op) || mask?.kind !== 'mask') return undefined;
  const [, whereTrue = '', whereFalse = ''] = inputs;
  const areZeros = (input: string): boolean => isZeros(operation, input);
  if (areZeros(whereFalse)) return applied(operation, mask, whereTrue);
  if (areZeros(whereTrue)) return applied(operation, { ...mask, isReversed: !mask.isReversed }, whereFalse);
  const level = amountOf(scope, whereFalse);
  const keep = share(mask);
  if (!('constant' in level) || !('constant' in keep) || mask.factor !== unscaled) return undefined;
  const { origin, random } = mask;
  return { kind: 'filled', data: whereTrue, keep: keep.constant, level: level.constant, times: 1, origin, random };
};

function isZeros({ scope }: Operation, input: string): boolean {
  if (isSameAmount(amountOf(scope, input), { constant: 0 })) return true;
  const node = scope.node(parseInput(input).node);
  if (node?.op === 'Fill') return isSameAmount(amountOf(scope, node.inputs[1] as string), { constant: 0 });
  if (node?.op !== 'Const') return node?.op === 'ZerosLike';
  const { elements } = readConstant(node) ?? {};
  return elements instanceof Uint8Array && elements.every((byte) => byte === 0);
}

/** How much is left of data that the mask is applied to. */
function share({ keep, isReversed }: Mask): Amount {
  return isReversed ? complement(keep) : keep;
}

/** What is left to do when the mask was applied: the data may have been scaled before. */
function applied({ scope }: Operation, mask: Mask & Origin, input: string): RandomValue | undefined {
  const { factor, isReversed, origin, random } = mask;
  const keep = share(mask);
  if (makesUp(keep, factor)) return noise(input, mask, keep);
  const { node: name, port } = parseInput(input);
  const node = port === 0 ? scope.node(name) : undefined;
  const [left = '', right = ''] = node?.inputs ?? [];
  const ways = divisions.has(node?.op ?? '')
    ? [{ data: left, by: divisor(scope, right) }]
    : node?.op === 'Mul'
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
  const by = isQuotient ? divisor(scope, other) : node.op === 'Mul' ? multiplier(scope, other) : undefined;
  const factor = by && both(masked.factor, by);
  if (!factor) return undefined;
  return makesUp(masked.keep, factor) ? noise(masked.data, masked, masked.keep) : { ...masked, factor };
};

function noise(data: string, { origin, random }: Origin, keep: Amount): RandomValue {
  const reason = `dropout, with the mask '${origin}' that keeps ${describeAmount(keep)}, and scaled to make up for it`;
  return { kind: 'noise', data, origin, random, reason };
}
