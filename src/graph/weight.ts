/** How much memory nodes are good for when they are made again and again, as functions are that take the place of calls. */
import { isUint8Array } from 'node:util/types';
import { beyond, limits } from '../limits.js';
import { reachableFunctions } from './function-references.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';

/** Bytes that a node takes however small it is in the file. */
export const leastWeight = 150;

/** Bytes that a function takes besides its nodes, in round numbers. */
const functionWeight = 4_000;

const freeWeight = 8 * 2 ** 20;
const growth = 4;

/** Its bytes in the file, and what it takes besides. */
export function weightOf(node: GraphNode): number {
  const { read } = node;
  if (read) return leastWeight + read.end - read.start;
  let weight = leastWeight;
  for (const value of node.attributes.values()) if (isUint8Array(value)) weight += value.length;
  return weight;
}

function weightOfAll(nodes: readonly GraphNode[]): number {
  return nodes.reduce((sum, node) => sum + weightOf(node), 0);
}

/** What copies of the nodes of its functions may come to. */
export function mostExpanded(graph: Graph): number {
  return mostWith(graph, 0);
}

/** @param each what a function counts besides its nodes: that much more for each that there is, and no more to grow by. */
function mostWith(graph: Graph, each: number): number {
  const { expandedBytes } = limits();
  if (expandedBytes > 0) return expandedBytes;
  let weight = weightOfAll(graph.nodes);
  const called = reachableFunctions(graph);
  for (const name of called) weight += weightOfAll(graph.library.byName.get(name)?.nodes ?? []);
  return freeWeight + growth * weight + each * called.size;
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
    if (nodes.length > 0) this.#add(weightOfAll(nodes));
  }

  /** The same for a function that is made of these nodes. */
  addFunction(nodes: readonly GraphNode[]): void {
    this.#add(functionWeight + weightOfAll(nodes));
  }

  #add(weight: number): void {
    if (this.#weight === 0) this.#most = mostWith(this.graph, functionWeight);
    this.#weight += weight;
    if (this.#weight <= this.#most) return;
    throw beyond('expandedBytes', `The functions of the graph come to more than ${this.#most} bytes ${this.how}`);
  }
}
