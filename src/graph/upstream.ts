import { inputNode } from './edges.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';

/**
 * The names of all nodes that some nodes need: themselves and everything before them, along data and control edges.
 * @param more what else a node needs, by name.
 */
export function upstream(
  graph: Graph,
  from: Iterable<string>,
  more: (node: GraphNode) => readonly string[] = () => [],
): Set<string> {
  const found = new Set<string>();
  const next = [...from];
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    const node = graph.byName.get(name);
    if (!node || found.has(name)) continue;
    found.add(name);
    for (const input of node.inputs) next.push(inputNode(input));
    for (const other of more(node)) next.push(other);
  }
  return found;
}
