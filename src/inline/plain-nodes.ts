/** The nodes that take the place of calls. */
import { intAttribute, typeAttribute, typesAttribute } from '../graph/attributes.js';
import { type Attribute, GraphNode } from '../graph/node.js';

/** A node whose attribute `T` is its type. */
export function typed(
  name: string,
  op: string,
  inputs: readonly string[],
  dtype: number,
  more: Readonly<Record<string, Attribute>> = {},
): GraphNode {
  return GraphNode.create(name, op, inputs, new Map([['T', typeAttribute(dtype)], ...Object.entries(more)]));
}

/** Gives out one of several inputs, whichever comes to life. */
export function merge(name: string, inputs: readonly string[], dtype: number): GraphNode {
  return typed(name, 'Merge', inputs, dtype, { N: intAttribute(inputs.length) });
}

export function noOp(name: string, controls: readonly string[]): GraphNode {
  return GraphNode.create(name, 'NoOp', controls, new Map());
}

/** A node that gives out what a call of that name gave out, and after all that the call did. */
export function handOn(
  name: string,
  outputs: readonly string[],
  types: readonly number[],
  controls: readonly string[],
): GraphNode {
  const inputs = [...outputs, ...new Set(controls)];
  if (outputs.length === 0) return noOp(name, inputs);
  if (outputs.length === 1) return typed(name, 'Identity', inputs, types[0] as number);
  return GraphNode.create(name, 'IdentityN', inputs, new Map([['T', typesAttribute(types)]]));
}
