/** What each of many sets of nodes needs, for 32 of them in one walk over the graph: each has a bit of its own. */
import { executionOrder, placesIn } from './execution-order.js';
import type { Graph } from './graph.js';

/** Bits of a number. */
export const laneCount = 32;

export class UpstreamLanes {
  readonly #order: readonly number[];
  readonly #places: Int32Array;

  /** @param graph has no cycle but loops. */
  constructor(private readonly graph: Pick<Graph, 'nodes' | 'wiring'>) {
    this.#order = executionOrder(graph);
    this.#places = placesIn(this.#order);
  }

  /**
   * @param starts positions in the graph, of at most `laneCount` sets of nodes; negative ones are of no node.
   * @returns by position, a bit for each set that is the node, or needs it along data and control edges.
   */
  of(starts: readonly (readonly number[])[]): Int32Array {
    const { wiring, nodes } = this.graph;
    const lanes = new Int32Array(nodes.length);
    for (const [lane, positions] of starts.entries()) {
      for (const position of positions) if (position >= 0) lanes[position] = (lanes[position] as number) | (1 << lane);
    }
    const again: number[] = [];
    const spread = (position: number, isDone: (source: number) => boolean): void => {
      const end = wiring.firstInputs[position + 1] as number;
      for (let input = wiring.firstInputs[position] as number; input < end; input++) {
        const source = wiring.sourceOf(input);
        if (source < 0) continue;
        const known = lanes[source] as number;
        const all = known | (lanes[position] as number);
        lanes[source] = all;
        if (all !== known && isDone(source)) again.push(source);
      }
    };
    // Only a loop's end stands after what waits for it.
    for (let place = this.#order.length - 1; place >= 0; place--) {
      spread(this.#order[place] as number, (source) => (this.#places[source] as number) > place);
    }
    for (let position = again.pop(); position !== undefined; position = again.pop()) spread(position, () => true);
    return lanes;
  }
}
