/** What is computed of gradients, by way of variables too. */
import { addToList } from '../../add-to-list.js';
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { isOptimizer } from '../../graph/op-kinds/training.js';
import { type NodeSet, reach } from '../../graph/upstream.js';
import { isWriter } from '../../passes/writes/variable-writes.js';
import type { Scope } from '../scope.js';

/**
 * All that is computed of the nodes at some positions, also by way of a variable that is read after it was written to.
 * @param isReadBack whether what is written to a variable, by the name of its handle, counts once it is read.
 */
export function derivedFrom(
  { nodes, wiring }: Graph,
  from: readonly number[],
  isReadBack: (handle: string) => boolean = () => true,
): NodeSet {
  return reach({ nodes, wiring }, from, (position, visit) => {
    const source = nodes[position] as GraphNode;
    wiring.forEachReader(wiring.numberOf(source.name), (reader, input) => {
      const node = nodes[reader] as GraphNode;
      const isData = !isControlInput(node.inputs[input] as string);
      if (isData || (readsBack(node, source) && isReadBack(variableOf(source)))) visit(reader);
    });
  });
}

/** Whether a node reads, by the same handle, what another one wrote. */
function readsBack(node: GraphNode, write: GraphNode): boolean {
  return node.op === 'ReadVariableOp' && isWriter(write) && variableOf(write) === variableOf(node);
}

/** The name of the node whose handle or reference a node reads or writes through. */
export function variableOf({ inputs: [variable = ''] }: GraphNode): string {
  return parseInput(variable).node;
}

/** The needed writes to each variable, by its handle, but for those that are known for steps of optimisers by their op. */
export function writesByVariable({ needed }: Scope): ReadonlyMap<string, readonly GraphNode[]> {
  const writes = new Map<string, GraphNode[]>();
  for (const node of needed.nodes()) {
    if (!isWriter(node) || isOptimizer(node.op)) continue;
    addToList(writes, variableOf(node), node);
  }
  return writes;
}
