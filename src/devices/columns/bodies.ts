/** The main graph and the bodies of its functions as one row of nodes: placement treats them alike. */
import { bodyNotation, graphNotation, type Notation } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import type { Wiring } from '../../graph/wiring.js';

export interface Body {
  /** Undefined for the main graph. */
  readonly function: string | undefined;
  readonly nodes: readonly GraphNode[];
  readonly wiring: Wiring;
  readonly notation: Notation;
  /** The number of its first node, where those of all bodies are counted. */
  readonly first: number;
}

/** The main graph comes first. */
export function bodiesOf(graph: Graph): Body[] {
  const bodies: Body[] = [
    { function: undefined, nodes: graph.nodes, wiring: graph.wiring, notation: graphNotation, first: 0 },
  ];
  let first = graph.nodes.length;
  for (const { name, nodes, wiring } of graph.library.functions) {
    bodies.push({ function: name, nodes, wiring, notation: bodyNotation, first });
    first += nodes.length;
  }
  return bodies;
}

/** A node by its number, and whose body it is in. */
export function nodeByNumber(
  bodies: readonly Body[],
  number: number,
): { readonly node: GraphNode; readonly body: Body } {
  let [low, high] = [0, bodies.length - 1];
  // A body without nodes begins where the next one does: the last that begins there has the node.
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((bodies[middle] as Body).first <= number) low = middle;
    else high = middle - 1;
  }
  const body = bodies[low] as Body;
  return { node: body.nodes[number - body.first] as GraphNode, body };
}
