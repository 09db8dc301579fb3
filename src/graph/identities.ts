import { graphNotation, type InputEdge, isControlInput, type Notation } from './edges.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';
import type { Wiring } from './wiring.js';

/** Where chains of Identities come from, by the names of those: very many nodes may read one that is very long. */
const endsOfChains = new WeakMap<Wiring, Map<string, InputEdge | undefined>>();

/**
 * Where an input comes from, past any Identity in between.
 * @param graph or the body of a function, where that may be an argument.
 * @returns undefined where Identities go round in a circle, in a damaged file.
 */
export function pastIdentities(
  { wiring }: Pick<Graph, 'wiring'>,
  input: string,
  { parse }: Pick<Notation, 'parse'>,
): InputEdge | undefined {
  const known = endsOfChains.get(wiring);
  const passed: string[] = [];
  let edge: InputEdge | undefined = parse(input);
  while (edge) {
    if (known?.has(edge.node)) {
      edge = known.get(edge.node);
      break;
    }
    const next = handedOn(wiring.get(edge.node));
    if (next === undefined) break;
    passed.push(edge.node);
    // A chain cannot be longer than the graph.
    edge = passed.length <= wiring.nodes.length ? parse(next) : undefined;
  }
  if (passed.length > 1) {
    const ends = known ?? new Map<string, InputEdge | undefined>();
    for (const name of passed) ends.set(name, edge);
    endsOfChains.set(wiring, ends);
  }
  return edge;
}

function handedOn(node: GraphNode | undefined): string | undefined {
  if (node?.op !== 'Identity' && node?.op !== 'RefIdentity') return undefined;
  const [input] = node.inputs;
  return input === undefined || isControlInput(input) ? undefined : input;
}

/** The node of a graph and the port that an input comes from, past any Identity in between. */
export function throughIdentities(graph: Graph, input: string): { node: GraphNode; port: number } | undefined {
  const edge = pastIdentities(graph, input, graphNotation);
  const node = edge && graph.byName.get(edge.node);
  return node && { node, port: edge.port };
}
