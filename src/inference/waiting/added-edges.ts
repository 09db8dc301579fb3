/** Counts the control edges that come of others: thousands of nodes may each come to wait for thousands. */
import type { Graph } from '../../graph/graph.js';
import { mostExpanded } from '../../graph/weight.js';
import { beyond } from '../../limits.js';

/** Bytes of an edge besides the name. */
const edgeWeight = 16;

/** What a graph may come to is not worked out for less. */
const fewBytes = 2 ** 20;

export class AddedEdges {
  #weight = 0;
  #most: number | undefined;

  constructor(private readonly graph: Graph) {}

  /**
   * @param inputs what a node is to wait for in the place of another; numbers are of those for which there are others again.
   * @throws PermafrostError LIMIT_EXCEEDED where they are too many.
   */
  count(inputs: readonly (string | number)[]): void {
    for (const each of inputs) this.#weight += edgeWeight + (typeof each === 'string' ? each.length : 0);
    if (this.#weight <= fewBytes) return;
    this.#most ??= mostExpanded(this.graph);
    if (this.#weight <= this.#most) return;
    throw beyond(
      'expandedBytes',
      `What nodes are to wait for in the place of what training alone needs comes to more than ${this.#most} bytes`,
    );
  }
}
