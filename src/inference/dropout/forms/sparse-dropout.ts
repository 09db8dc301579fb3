/**
 * Dropout of a sparse tensor, by `sparse_retain`: the mask says which rows of indices and values are gathered, and what is
 * left of the values is scaled.
 */
import { readType } from '../../../graph/attributes.js';
import { inputNode } from '../../../graph/edges.js';
import type { GraphNode } from '../../../graph/node.js';
import { DataType } from '../../../proto/data-types.js';
import { amountOf, describeAmount, isSameAmount } from '../amount.js';
import { divisions, divisor, makesUp, multiplier, products, unscaled } from '../factor.js';
import type { Companion } from '../random-value.js';
import type { Form, Operation } from './form.js';
import { share } from './mask.js';

export const pickedRows: Form = ({ node, values: [mask] }) => {
  if (node.op !== 'Where' || mask?.kind !== 'mask' || mask.factor !== unscaled) return undefined;
  const { origin, random } = mask;
  return { kind: 'rows', keep: share(mask), origin, random };
};

export const picked: Form = ({ scope, node, inputs, values: [, rows] }) => {
  if (rows?.kind !== 'rows' || !gathersRows(scope, node)) return undefined;
  const [data = '', by = ''] = inputs;
  const { keep, origin, random } = rows;
  return { kind: 'picked', data, rows: inputNode(by), keep, origin, random };
};

const sparseScales: ReadonlyMap<string, typeof multiplier> = new Map([
  ['SparseDenseCwiseMul', multiplier],
  ['SparseDenseCwiseDiv', divisor],
]);

/** A sparse tensor times a number, or its values alone. */
export const pickedAndScaled: Form = (operation) => {
  const { scope, node, inputs, values } = operation;
  const sparse = sparseScales.get(node.op);
  const at = sparse || values[1]?.kind === 'picked' ? 1 : 0;
  const value = values[at];
  if (value?.kind !== 'picked') return undefined;
  const other = inputs[sparse ? 3 : 1 - at] as string;
  const isQuotient = divisions.has(node.op) && at === 0;
  const plain = isQuotient ? divisor : products.has(node.op) ? multiplier : undefined;
  const by = (sparse ?? plain)?.(scope, other);
  if (!by || !makesUp(value.keep, by)) return undefined;
  const { data, keep, origin, random } = value;
  const reason = `dropout of a sparse tensor, with the mask '${origin}' that keeps ${describeAmount(keep)}, and scaled to make up for it`;
  const rate = 'tensor' in keep ? keep.tensor : undefined;
  return { kind: 'noise', data, rate, origin, random, reason, companions: indicesOf(operation, value.rows) };
};

/** What else is gathered by the same rows, and is indices; values that are left would still need the mask. */
function indicesOf({ scope }: Operation, rows: string): Companion[] {
  const gathers = scope.readers(rows).map(({ node }) => node);
  const ofIndices = gathers.filter((node) => gathersRows(scope, node) && readType(node, 'Tparams') === DataType.int64);
  return ofIndices.map((node) => ({ node, data: node.inputs[0] as string }));
}

function gathersRows(scope: Operation['scope'], { op, inputs: [, , axis] }: GraphNode): boolean {
  return (
    op === 'Gather' || (op === 'GatherV2' && axis !== undefined && isSameAmount(amountOf(scope, axis), { constant: 0 }))
  );
}
