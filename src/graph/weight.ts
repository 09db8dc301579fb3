/** How much memory nodes are good for when they are made again and again, as functions are that take the place of calls. */
import { beyond, limits } from '../limits.js';
import { reachableFunctions } from './function-references.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';

/** Bytes that a node takes however small it is in the file. */
export const leastWeight = 150;

const freeWeight = 8 * 2 ** 20;
const growth = 4;

/** Its bytes in the file, and what it takes besides. */
export function weightOf(node: GraphNode): number {
  const { read } = node;
  if (read) return leastWeight + read.end - read.start;
  let weight = leastWeight;
  for (const value of node.attributes.values()) if (value instanceof Uint8Array) weight += value.length;
  return weight;
}

export function weightOfAll(nodes: readonly GraphNode[]): number {
  return nodes.reduce((sum, node) => sum + weightOf(node), 0);
}

/** What copies of its functions may come to. */
export function mostExpanded(graph: Graph): number {
  const { expandedBytes } = limits();
  if (expandedBytes > 0) return expandedBytes;
  let weight = weightOfAll(graph.nodes);
  for (const name of reachableFunctions(graph)) weight += weightOfAll(graph.library.byName.get(name)?.nodes ?? []);
  return freeWeight + growth * weight;
}

/** Counts what is made of functions. */
export class Expanding {
  #most = 0;
  #weight = 0;

  /** @param how as in "as variants for the shapes that they are handed". */
  constructor(
    private readonly graph: Graph,
    private readonly how: string,
  ) {}

  /** @throws PermafrostError LIMIT_EXCEEDED where it is one too many. */
  add(nodes: readonly GraphNode[]): void {
    if (nodes.length === 0) return;
    if (this.#weight === 0) this.#most = mostExpanded(this.graph);
    this.#weight += weightOfAll(nodes);
    if (this.#weight <= this.#most) return;
    throw beyond('expandedBytes', `The functions of the graph come to more than ${this.#most} bytes ${this.how}`);
  }
}
