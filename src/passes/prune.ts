/**
 * Keeps what the outputs need: everything upstream along data and control edges, in the graph's own order. Like
 * TensorFlow's `extract_sub_graph`, it also keeps the nodes that a kept node is colocated with (`_class`). A colocation
 * with a node that is not kept would make TensorFlow refuse the graph; it goes.
 */

import { PermafrostError } from '../errors.js';
import { colocatedNodes, colocatedPositions, colocationAttribute } from '../graph/colocations.js';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { isOptimizer, isSummary } from '../graph/op-kinds/training.js';
import { type NodeSet, upstream } from '../graph/upstream.js';
import { listNames, nearest } from '../nearest.js';

/**
 * @param outputs node names; `name:0` and `^name` are not taken here.
 * @param binds whether a colocation with this node keeps it.
 * @throws PermafrostError OUTPUT_NOT_FOUND
 */
export function prune(graph: Graph, outputs: readonly string[], binds: (node: GraphNode) => boolean): Graph {
  for (const output of outputs) if (!graph.byName.has(output)) throw outputNotFound(graph, output);
  const { nodes, wiring } = graph;
  const isBound = (position: number): boolean => position >= 0 && binds(nodes[position] as GraphNode);
  /** By position: what the node is colocated with, where that need not be kept. */
  const loose: (readonly number[] | undefined)[] = [];
  const kept = upstream(graph, outputs, (position) => {
    const others = colocatedPositions(nodes[position] as GraphNode, wiring);
    if (others.every(isBound)) return others;
    loose[position] = others;
    return others.filter(isBound);
  });
  const left = kept.positions().map((position) => {
    return withoutDangling(nodes[position] as GraphNode, loose[position] ?? [], kept);
  });
  return graph.withNodes(left);
}

/** @param others positions of the nodes that it is colocated with, in their order; -1 for one that is not in the graph. */
function withoutDangling(node: GraphNode, others: readonly number[], kept: NodeSet): GraphNode {
  if (others.every((position) => kept.hasAt(position))) return node;
  const names = colocatedNodes(node).filter((_, index) => kept.hasAt(others[index] as number));
  return node.edit({ set: { _class: names.length === 0 ? undefined : colocationAttribute(names) } });
}

/** Ops whose results nobody would call an output. */
const neverOutputs: ReadonlySet<string> = new Set(['Const', 'NoOp', 'Assert']);

function isNeverOutput(op: string): boolean {
  if (neverOutputs.has(op) || op.startsWith('Assign') || op.startsWith('Save')) return true;
  return isSummary(op) || op.includes('Initialize') || isOptimizer(op);
}

function outputNotFound(graph: Graph, output: string): PermafrostError {
  const near = nearest(output, graph.byName.keys());
  const consumed = new Set(graph.nodes.flatMap((node) => node.inputs.map(inputNode)));
  const isLikely = ({ name, op }: GraphNode): boolean => !consumed.has(name) && !isNeverOutput(op);
  const sinks = graph.nodes.filter(isLikely).map((node) => node.name);
  const likely = sinks.length === 0 ? 'none' : listNames(sinks, 10);
  const suggestion = near.length > 0 ? ` The nearest names are ${listNames(near)}.` : '';
  return new PermafrostError(
    'OUTPUT_NOT_FOUND',
    `There is no node '${output}' in the graph, so it cannot be an output.${suggestion} ` +
      `Likely outputs, consumed by nothing else: ${likely}.`,
  );
}
