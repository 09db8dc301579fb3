import { inputNode } from './edges.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';

/** Who waits for each node, by data or by control. */
export function dependents(graph: Graph): Map<string, GraphNode[]> {
  const found = new Map<string, GraphNode[]>();
  for (const node of graph.nodes) {
    for (const input of node.inputs) {
      const name = inputNode(input);
      const list = found.get(name);
      if (list) list.push(node);
      else found.set(name, [node]);
    }
  }
  return found;
}
