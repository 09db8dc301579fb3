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
  const loose = new Map<GraphNode, readonly Colocation[]>();
  const kept = upstream(graph, outputs, (node) => {
    const names = colocatedNodes(node);
    if (names.length === 0) return nothing;
    const all = names.map((name) => ({ name, position: graph.wiring.positionOf(name) }));
    const isBound = ({ position }: Colocation): boolean => position >= 0 && binds(graph.nodes[position] as GraphNode);
    const bound = all.filter(isBound);
    if (bound.length < all.length) loose.set(node, all);
    return bound.map(({ position }) => position);
  });
  return graph.withNodes(kept.nodes().map((node) => withoutDangling(node, loose.get(node) ?? nothing, kept)));
}

/** A node that another is colocated with; the position is -1 where it is not in the graph. */
interface Colocation {
  readonly name: string;
  readonly position: number;
}

const nothing: readonly never[] = [];

function withoutDangling(node: GraphNode, others: readonly Colocation[], kept: NodeSet): GraphNode {
  const left = others.filter(({ position }) => kept.hasAt(position));
  if (left.length === others.length) return node;
  const names = left.map(({ name }) => name);
  return node.edit({ set: { _class: names.length === 0 ? undefined : colocationAttribute(names) } });
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
