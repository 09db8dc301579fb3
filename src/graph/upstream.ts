import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';

/** Some of the nodes of a graph. */
export class NodeSet {
  readonly #isIn: Uint8Array;

  constructor(private readonly graph: Graph) {
    this.#isIn = new Uint8Array(graph.nodes.length);
  }

  has(name: string): boolean {
    return this.hasAt(this.graph.wiring.positionOf(name));
  }

  hasAt(position: number): boolean {
    return position >= 0 && this.#isIn[position] === 1;
  }

  addAt(position: number): void {
    this.#isIn[position] = 1;
  }

  /** In the graph's order. */
  nodes(): GraphNode[] {
    return this.graph.nodes.filter((_, position) => this.hasAt(position));
  }

  /** In their order. */
  positions(): number[] {
    const positions: number[] = [];
    this.#isIn.forEach((isIn, position) => {
      if (isIn === 1) positions.push(position);
    });
    return positions;
  }
}

/**
 * All nodes that some nodes need: themselves and everything before them, along data and control edges.
 * @param from names; those of no node count for nothing.
 * @param more positions of what else the node at a position needs.
 */
export function upstream(
  graph: Graph,
  from: Iterable<string>,
  more: (position: number) => readonly number[] = () => [],
): NodeSet {
  const { wiring } = graph;
  const found = new NodeSet(graph);
  const waiting = Array.from(from, (name) => wiring.positionOf(name));
  for (let position = waiting.pop(); position !== undefined; position = waiting.pop()) {
    if (position < 0 || found.hasAt(position)) continue;
    found.addAt(position);
    const end = wiring.firstInputs[position + 1] as number;
    for (let input = wiring.firstInputs[position] as number; input < end; input++) waiting.push(wiring.sourceOf(input));
    for (const other of more(position)) waiting.push(other);
  }
  return found;
}
