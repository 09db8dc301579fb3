/** Which ops write to a variable, and what the simple ones leave in it. */
import { isControlInput } from '../../graph/edges.js';
import { reachableFunctions } from '../../graph/function-references.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { referenceInputs } from '../../graph/reference-inputs.js';

/** Ops that write through every handle that they are given. */
const handleWriters =
  /^(Assign(Add|Sub)?VariableOp|Resource(Sparse)?Apply\w+|ResourceScatter\w+|ResourceCountUpTo|ResourceStridedSliceAssign|DestroyResourceOp)$/;

/** Ops that take references and write through none of them, or not as an update. */
const otherReferenceOps: ReadonlySet<string> = new Set(['RefSelect', 'DestroyTemporaryVariable']);

/** Whether the op writes to some variable. */
export function isWriter({ op }: GraphNode): boolean {
  return handleWriters.test(op) || (referenceInputs.has(op) && !otherReferenceOps.has(op));
}

/** Whether a function that the graph needs writes to something that it is handed. */
export function functionsWrite(graph: Graph): boolean {
  return [...reachableFunctions(graph)].some((name) => graph.library.byName.get(name)?.nodes.some(isWriter));
}

/** Whether the node writes to the variable that it takes as this input. */
export function writesThrough(node: GraphNode, input: number, kind: 'handle' | 'reference'): boolean {
  if (kind === 'handle') return handleWriters.test(node.op);
  return isWriter(node) && input < (referenceInputs.get(node.op) ?? 0);
}

/**
 * What a write leaves in its variable: its second input; what was there before and that, by an op; or one more than before.
 */
export type Update = 'replaced' | 'AddV2' | 'Sub' | 'counted';

const updates: ReadonlyMap<string, Update> = new Map([
  ['Assign', 'replaced'],
  ['AssignVariableOp', 'replaced'],
  ['AssignAdd', 'AddV2'],
  ['AssignAddVariableOp', 'AddV2'],
  ['AssignSub', 'Sub'],
  ['AssignSubVariableOp', 'Sub'],
  ['CountUpTo', 'counted'],
  ['ResourceCountUpTo', 'counted'],
]);

/** Undefined for a write whose result no simple op gives. */
export function updateOf(node: GraphNode): Update | undefined {
  const update = updates.get(node.op);
  const [, value] = node.inputs;
  return update === 'counted' || (value !== undefined && !isControlInput(value)) ? update : undefined;
}
