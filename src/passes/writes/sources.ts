/** Where the inputs of nodes come from, by places in an order of execution: what is walked through again and again. */
import type { Graph } from '../../graph/graph.js';
import { backOps, mergeOps } from '../../graph/op-kinds/control-flow.js';

/** A node that takes something from the end of a loop's round, by places. */
export interface LoopStart {
  readonly start: number;
  readonly end: number;
}

export class Sources {
  /** The sources of the node at place i are those from `first[i]` to `first[i + 1]` of `all`. */
  readonly first: Int32Array;
  /** Places; one more than the last for a node that there is not. Merges are without what comes from the ends of loops. */
  readonly all: Int32Array;
  /** In the order of their starts. */
  readonly loops: readonly LoopStart[];
  /** By place: whether the node gives what one of its inputs is. */
  readonly isMerge: Uint8Array;

  /**
   * @param order of execution: positions of nodes.
   * @param places by position.
   */
  constructor(
    { nodes, wiring }: Graph,
    readonly order: readonly number[],
    readonly places: Int32Array,
  ) {
    const all: number[] = [];
    const loops: LoopStart[] = [];
    this.first = new Int32Array(order.length + 1);
    this.isMerge = new Uint8Array(order.length);
    order.forEach((position, place) => {
      const isMerge = mergeOps.has(nodes[position]?.op ?? '');
      for (const source of wiring.sourcesOf(position)) {
        const from = source < 0 ? order.length : (places[source] as number);
        const isBack = backOps.has(nodes[source]?.op ?? '');
        if (isBack) loops.push({ start: place, end: from });
        if (!isBack || !isMerge) all.push(from);
      }
      this.isMerge[place] = isMerge ? 1 : 0;
      this.first[place + 1] = all.length;
    });
    this.all = Int32Array.from(all);
    this.loops = loops;
  }
}
