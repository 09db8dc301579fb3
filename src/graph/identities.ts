import { graphNotation, type InputEdge, isControlInput, type Notation } from './edges.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';
import type { Wiring } from './wiring.js';

/** By graph: where the chains of Identities end that are not short, by the names of those in them. */
const ends = new WeakMap<Wiring, Map<string, InputEdge | undefined>>();

/** Hardly any chain is longer, and so many steps are gone again and again. */
const short = 8;

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
  const known = ends.get(wiring);
  const passed: string[] = [];
  let edge: InputEdge | undefined = parse(input);
  while (edge) {
    if (known?.has(edge.node)) {
      edge = known.get(edge.node);
      break;
    }
    const node = wiring.get(edge.node);
    const [next] = node?.inputs ?? [];
    const isIdentity = node?.op === 'Identity' || node?.op === 'RefIdentity';
    if (!isIdentity || next === undefined || isControlInput(next)) break;
    passed.push(edge.node);
    // A chain cannot be longer than the graph.
    edge = passed.length > nodes.length ? undefined : parse(next);
  }
  if (passed.length > short) remember(wiring, passed, edge);
  return edge;
}

function remember(wiring: Wiring, passed: readonly string[], end: InputEdge | undefined): void {
  const known = ends.get(wiring) ?? new Map<string, InputEdge | undefined>();
  ends.set(wiring, known);
  for (const name of passed) known.set(name, end);
}

/** The node of a graph and the port that an input comes from, past any Identity in between. */
export function throughIdentities(graph: Graph, input: string): { node: GraphNode; port: number } | undefined {
  const edge = pastIdentities(graph, input, graphNotation);
  const node = edge && graph.byName.get(edge.node);
  return node && { node, port: edge.port };
}
