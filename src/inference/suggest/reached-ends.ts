/** What is made of each of very many predictions, without going through the graph once for each. */
import type { Graph } from '../../graph/graph.js';
import { forEachReader, forEachSource } from './data-flow.js';

/** Where several ends are reached. */
export const several = -2;
/** Where none is. */
const none = -1;

/**
 * @param ends positions.
 * @param isBarrier whether nothing goes from a node to what it reads.
 * @returns by position: the one end that is computed from a node, which may be itself; undefined: none; `several`.
 */
export function reachedEnds(
  graph: Graph,
  ends: readonly number[],
  isBarrier: (position: number) => boolean,
): (position: number) => number | undefined {
  const reached = new Int32Array(graph.nodes.length).fill(none);
  const waiting: number[] = [];
  // What is known of a node changes twice at most.
  const reach = (position: number, end: number): void => {
    const known = reached[position] as number;
    if (known === end || known === several) return;
    reached[position] = known === none ? end : several;
    waiting.push(position);
  };
  for (const end of ends) reach(end, end);
  for (let position = waiting.pop(); position !== undefined; position = waiting.pop()) {
    if (isBarrier(position)) continue;
    const end = reached[position] as number;
    forEachSource(graph, position, (source) => reach(source, end));
  }
  return (position) => {
    const end = reached[position] as number;
    return end === none ? undefined : end;
  };
}

/** Goes down from one node after the other, and to no node more than a few times. */
export class FewVisits {
  readonly #visits: Uint8Array;
  /** By position: the walk that came last. */
  readonly #last: Int32Array;
  #walk = 0;

  /**
   * @param isBarrier whether to go no further than a node, which is not visited.
   * @param most how often a node is visited: below 256.
   */
  constructor(
    private readonly graph: Graph,
    private readonly isBarrier: (position: number) => boolean,
    private readonly most: number,
  ) {
    this.#visits = new Uint8Array(graph.nodes.length);
    this.#last = new Int32Array(graph.nodes.length);
  }

  /** @returns the positions of the nodes, in their order: `start`, and all that is computed from it, as far as they are visited. */
  from(start: number): number[] {
    this.#walk++;
    const visited: number[] = [];
    const waiting = [start];
    for (let position = waiting.pop(); position !== undefined; position = waiting.pop()) {
      // Past a node that was visited often enough, all others were too.
      if (this.#last[position] === this.#walk || (this.#visits[position] as number) >= this.most) continue;
      this.#last[position] = this.#walk;
      this.#visits[position] = (this.#visits[position] as number) + 1;
      visited.push(position);
      forEachReader(this.graph, position, (reader) => {
        if (!this.isBarrier(reader)) waiting.push(reader);
      });
    }
    return visited.sort((a, b) => a - b);
  }
}
