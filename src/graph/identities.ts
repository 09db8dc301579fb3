import { graphNotation, type InputEdge, isControlInput, type Notation } from './edges.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';

/**
 * Where an input comes from, past any Identity in between.
 * @param graph or the body of a function, where that may be an argument.
 * @returns undefined where Identities go round in a circle, in a damaged file.
 */
export function pastIdentities(
  { nodes, wiring }: Pick<Graph, 'nodes' | 'wiring'>,
  input: string,
  { parse }: Notation,
): InputEdge | undefined {
  let edge = parse(input);
  // A chain cannot be longer than the graph.
  for (let steps = 0; steps <= nodes.length; steps++) {
    const node = wiring.get(edge.node);
    const [next] = node?.inputs ?? [];
    const isIdentity = node?.op === 'Identity' || node?.op === 'RefIdentity';
    if (!isIdentity || next === undefined || isControlInput(next)) return edge;
    edge = parse(next);
  }
  return undefined;
}

/** The node of a graph and the port that an input comes from, past any Identity in between. */
export function throughIdentities(graph: Graph, input: string): { node: GraphNode; port: number } | undefined {
  const edge = pastIdentities(graph, input, graphNotation);
  const node = edge && graph.byName.get(edge.node);
  return node && { node, port: edge.port };
}
