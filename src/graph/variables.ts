/** The ops that hold a variable, and what their nodes say of it. */
import { readBytes, readType } from './attributes.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';
import { readShape } from './shape.js';

/** Of AutoReloadVariable, TensorFlow has no op; its placement knows the name, as that of a variable with a reference. */
const variableOps: ReadonlySet<string> = new Set(['Variable', 'VariableV2', 'AutoReloadVariable', 'VarHandleOp']);

export const handleOp = 'VarHandleOp';

export function isVariable(node: GraphNode): boolean {
  return variableOps.has(node.op);
}

export function variablesOf(graph: Graph): GraphNode[] {
  return graph.nodes.filter(isVariable);
}

/** The DataType number of the values that a variable holds. */
export function variableType(node: GraphNode): number {
  return readType(node, 'dtype');
}

/** The shape that a variable is declared with, -1 for a dimension left open; undefined where the rank is open too. */
export function variableShape(node: GraphNode): number[] | undefined {
  const sizes = readShape(node, 'shape');
  // The op `Variable` of the first versions wrote an unknown shape as that of a scalar.
  return node.op === 'Variable' && sizes?.length === 0 ? undefined : sizes;
}

/** What tells one variable from another at run time: several handles with one shared name are one variable. */
export function variableIdentity(node: GraphNode): string {
  const shared = readBytes(node, 'shared_name');
  return shared && shared.length > 0 ? Buffer.from(shared).toString('utf8') : node.name;
}
