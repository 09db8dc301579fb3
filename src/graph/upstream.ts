import { isControlInput, parseInput } from './edges.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';

/** A graph, or the body of a function. */
type NodesWithWiring = Pick<Graph, 'nodes' | 'wiring'>;

/** Some of the nodes of a graph. */
export class NodeSet {
  readonly #isIn: Uint8Array;

  constructor(private readonly graph: NodesWithWiring) {
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
 * Some nodes, and all that can be reached from them.
 * @param from positions; negative ones are of no node and count for nothing.
 * @param next visits where one can go from the node at a position.
 */
export function reach(
  graph: NodesWithWiring,
  from: Iterable<number>,
  next: (position: number, visit: (position: number) => void) => void,
): NodeSet {
  const found = new NodeSet(graph);
  const waiting = [...from];
  const visit = (position: number): void => void waiting.push(position);
  for (let position = waiting.pop(); position !== undefined; position = waiting.pop()) {
    if (position < 0 || found.hasAt(position)) continue;
    found.addAt(position);
    next(position, visit);
  }
  return found;
}

/**
 * All nodes that some nodes need: themselves and everything before them, along data and control edges.
 * @param from names; those of no node count for nothing.
 * @param more positions of what else the node at a position needs.
 */
export function upstream(
  graph: NodesWithWiring,
  from: Iterable<string>,
  more: (position: number) => readonly number[] = () => [],
): NodeSet {
  const { wiring } = graph;
  const start = Array.from(from, (name) => wiring.positionOf(name));
  return reach(graph, start, (position, visit) => {
    const end = wiring.firstInputs[position + 1] as number;
    for (let input = wiring.firstInputs[position] as number; input < end; input++) visit(wiring.sourceOf(input));
    for (const other of more(position)) visit(other);
  });
}

/** All nodes that need some nodes, by the positions of those: themselves and everything behind them. */
export function downstream(graph: NodesWithWiring, from: Iterable<number>): NodeSet {
  const { wiring } = graph;
  return reach(graph, from, (position, visit) => wiring.forEachReader(wiring.numbers[position] as number, visit));
}

/**
 * The nodes whose tensors some nodes are computed from, and those nodes.
 * @param from names.
 * @param inputsOf the inputs of a node that count.
 */
export function dataUpstream(
  graph: NodesWithWiring,
  from: Iterable<string>,
  inputsOf: (node: GraphNode) => readonly string[],
): NodeSet {
  const { nodes, wiring } = graph;
  const start = Array.from(from, (name) => wiring.positionOf(name));
  return reach(graph, start, (position, visit) => {
    for (const input of inputsOf(nodes[position] as GraphNode)) {
      if (!isControlInput(input)) visit(wiring.positionOf(parseInput(input).node));
    }
  });
}
