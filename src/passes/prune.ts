/**
 * Keeps what the outputs need: everything upstream along data and control edges, in the graph's own order. Like
 * TensorFlow's `extract_sub_graph`, it also keeps the nodes that a kept node is colocated with (`_class`). A colocation
 * with a node that is not kept would make TensorFlow refuse the graph; it goes.
 */
import { PermafrostError } from '../errors.js';
import { colocatedNodes, colocationAttribute } from '../graph/colocations.js';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { type NodeSet, upstream } from '../graph/upstream.js';
import { listNames, nearest } from '../nearest.js';

/**
 * @param outputs node names; `name:0` and `^name` are not taken here.
 * @param binds whether a colocation with this node keeps it.
 * @throws PermafrostError OUTPUT_NOT_FOUND
 */
export function prune(graph: Graph, outputs: readonly string[], binds: (node: GraphNode) => boolean): Graph {
  for (const output of outputs) if (!graph.byName.has(output)) throw outputNotFound(graph, output);
  const isBound = (name: string): boolean => {
    const node = graph.byName.get(name);
    return node !== undefined && binds(node);
  };
  const colocations = new Map<GraphNode, readonly string[]>();
  const kept = upstream(graph, outputs, (node) => {
    const others = colocatedNodes(node);
    if (others.length > 0) colocations.set(node, others);
    return others.filter(isBound);
  });
  return graph.withNodes(kept.nodes().map((node) => withoutDangling(node, colocations.get(node) ?? [], kept)));
}

function withoutDangling(node: GraphNode, others: readonly string[], kept: NodeSet): GraphNode {
  const left = others.filter((other) => kept.has(other));
  if (left.length === others.length) return node;
  return node.edit({ set: { _class: left.length === 0 ? undefined : colocationAttribute(left) } });
}

/** Ops whose results nobody would call an output. */
const neverOutputs = /^(Const|NoOp|Assert|Assign.*|Save.*|.*Summary.*|.*Initialize.*|(Resource)?Apply.*)$/;

function outputNotFound(graph: Graph, output: string): PermafrostError {
  const near = nearest(output, graph.byName.keys());
  const consumed = new Set(graph.nodes.flatMap((node) => node.inputs.map(inputNode)));
  const isLikely = ({ name, op }: GraphNode): boolean => !consumed.has(name) && !neverOutputs.test(op);
  const sinks = graph.nodes.filter(isLikely).map((node) => node.name);
  const likely = sinks.length === 0 ? 'none' : listNames(sinks, 10);
  const suggestion = near.length > 0 ? ` The nearest names are ${listNames(near)}.` : '';
  return new PermafrostError(
    'OUTPUT_NOT_FOUND',
    `There is no node '${output}' in the graph, so it cannot be an output.${suggestion} ` +
      `Likely outputs, consumed by nothing else: ${likely}.`,
  );
}
