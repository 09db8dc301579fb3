import { graphNotation, isControlInput } from '../../../graph/edges.js';
import type { GraphNode } from '../../../graph/node.js';
import { mergeOps } from '../../../graph/op-kinds/control-flow.js';
import type { Patience } from '../../../passes/writes/patience.js';
import type { Place } from './place.js';

/**
 * What runs where a Switch goes one way, up to where the ways meet again.
 * @param port the Switch's output on that way.
 * @param found gets the nodes; what is there was gone through.
 * @param patience how much may be gone through: nothing is, once it is over.
 */
export function addSwitched(
  place: Place,
  { name }: GraphNode,
  port: number,
  found: Set<GraphNode>,
  patience: Patience,
): void {
  const { graph } = place;
  const { wiring } = graph;
  const waiting: GraphNode[] = [];
  wiring.forEachReader(wiring.numberOf(name), (position, input) => {
    const reader = graph.nodes[position] as GraphNode;
    const text = reader.inputs[input] as string;
    if (!isControlInput(text) && graphNotation.parse(text).port === port) waiting.push(reader);
  });
  for (let node = waiting.pop(); node !== undefined && !patience.isOver; node = waiting.pop()) {
    patience.spend(1);
    if (found.has(node) || mergeOps.has(node.op) || !place.isNeeded(node.name)) continue;
    found.add(node);
    wiring.forEachReader(wiring.numberOf(node.name), (position) => waiting.push(graph.nodes[position] as GraphNode));
  }
}
