import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { NodeSet } from '../../graph/upstream.js';

/**
 * The nodes whose tensors some nodes are computed from, and those nodes.
 * @param inputsOf the inputs of a node that count.
 */
export function dataUpstream(
  graph: Graph,
  from: Iterable<string>,
  inputsOf: (node: GraphNode) => readonly string[],
): NodeSet {
  const { wiring } = graph;
  const found = new NodeSet(graph);
  const waiting = Array.from(from, (name) => wiring.positionOf(name));
  for (let position = waiting.pop(); position !== undefined; position = waiting.pop()) {
    if (position < 0 || found.hasAt(position)) continue;
    found.addAt(position);
    for (const input of inputsOf(graph.nodes[position] as GraphNode)) {
      if (!isControlInput(input)) waiting.push(wiring.positionOf(parseInput(input).node));
    }
  }
  return found;
}
