/** What hostile graphs are made of. */
import type { FunctionLiteral } from '../support/functions.js';
import { boolType, float, graphDef, type NodeLiteral, typeAttr } from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { type Attack, freezing } from './attack.js';

/** A library, by name. */
export type Functions = Readonly<Record<string, FunctionLiteral>>;

/** The small model without its output: the placeholder `x`, the variable `w` and `w/read`. */
export const head = smallNodes.slice(0, 3);

export function repeated<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}

/** Without attributes. */
export function node(op: string, name: string, ...input: string[]): NodeLiteral {
  return { name, op, input };
}

/** @param elements the field that has them; the last one stands for all that follow. */
export function constant(name: string, dtype: number, elements: object, ...sizes: readonly number[]): NodeLiteral {
  const tensor = { dtype, tensor_shape: { dim: sizes.map((size) => ({ size })) }, ...elements };
  return { name, op: 'Const', attr: { dtype: typeAttr(dtype), value: { tensor } } };
}

/** A predicate that says no. */
export const never: NodeLiteral = constant('never', boolType, { bool_val: [false] });

/** Gives its argument out under all of these names. */
export function handingOn(names: readonly string[]): FunctionLiteral {
  return {
    inputs: { a: float },
    outputs: Object.fromEntries(names.map((name) => [name, float])),
    nodes: [],
    returns: Object.fromEntries(names.map((name) => [name, 'a'])),
  };
}

/** The head and these nodes, made ready for inference. */
export function inference(nodes: readonly NodeLiteral[], more: object = {}): Attack {
  return freezing(graphDef([...head, ...nodes], more), '--inference');
}
