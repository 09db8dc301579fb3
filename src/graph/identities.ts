import { isControlInput, parseInput } from './edges.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';

/** The node and port that an input comes from, past any Identity in between. */
export function throughIdentities(graph: Graph, input: string): { node: GraphNode; port: number } | undefined {
  let { node: name, port } = parseInput(input);
  // A chain cannot be longer than the graph, whatever a damaged file says.
  for (let steps = 0; steps <= graph.nodes.length; steps++) {
    const node = graph.byName.get(name);
    if (!node) return undefined;
    const [next] = node.inputs;
    const isIdentity = node.op === 'Identity' || node.op === 'RefIdentity';
    if (!isIdentity || next === undefined || isControlInput(next)) return { node, port };
    ({ node: name, port } = parseInput(next));
  }
  return undefined;
}
