/**
 * What nothing but training makes of gradients: they themselves, and the writes that optimisers of Keras do with them, which
 * are no op of their own but `w -= rate * m / (sqrt(v) + e)` in single ops.
 */
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { isGradient, isOptimizer } from '../../graph/op-kinds/training.js';
import { dataUpstream, type NodeSet, reach } from '../../graph/upstream.js';
import { isWriter } from '../../passes/writes/variable-writes.js';
import type { Scope } from '../scope.js';

/** @returns names of needed nodes; none where outputs are computed from gradients, which are the model's own then. */
export function findSteps(scope: Scope): ReadonlySet<string> {
  const { graph, needed } = scope;
  const written = needed.nodes().filter(isWriter);
  if (written.length === 0) return new Set();
  const gradients = graph.nodes.flatMap((node, position) => (isGradient(node) ? position : []));
  const computed = dataUpstream(graph, scope.outputs, ({ inputs }) => inputs);
  if (gradients.some((position) => computed.hasAt(position))) return new Set();
  const derived = derivedFrom(scope, gradients);
  const isGone = ({ name, op }: GraphNode): boolean =>
    needed.has(name) && (derived.has(name) || isOptimizer(op)) && !computed.has(name) && op !== '_Retval';
  return new Set(graph.nodes.filter(isGone).map(({ name }) => name));
}

/** All that is computed of the nodes at some positions, also by way of a variable that is read after it was written to. */
function derivedFrom({ graph: { nodes, wiring } }: Scope, from: readonly number[]): NodeSet {
  return reach({ nodes, wiring }, from, (position, visit) => {
    const source = nodes[position] as GraphNode;
    wiring.forEachReader(wiring.numberOf(source.name), (reader, input) => {
      const node = nodes[reader] as GraphNode;
      if (!isControlInput(node.inputs[input] as string) || readsBack(node, source)) visit(reader);
    });
  });
}

/** Whether a node reads, by the same handle, what another one wrote. */
function readsBack({ op, inputs: [handle = ''] }: GraphNode, write: GraphNode): boolean {
  return (
    op === 'ReadVariableOp' && isWriter(write) && parseInput(write.inputs[0] ?? '').node === parseInput(handle).node
  );
}
