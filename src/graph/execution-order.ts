/** An order in which a graph could run: every node after all that it waits for. */
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';
import { backOps } from './op-kinds/control-flow.js';

/**
 * The back edges of loops do not count, so a loop's start stands before its body.
 * @param graph has no cycle but loops.
 * @returns the positions of all nodes, in that order.
 */
export function executionOrder({ nodes, wiring }: Pick<Graph, 'nodes' | 'wiring'>): number[] {
  const order: number[] = [];
  const isSeen = new Uint8Array(nodes.length);
  const isPlaced = new Uint8Array(nodes.length);
  for (let start = 0; start < nodes.length; start++) {
    // A node is met twice: on the way in, to put its inputs before it, and on the way out.
    const stack = [start];
    for (let next = stack.at(-1); next !== undefined; next = stack.at(-1)) {
      if (isSeen[next] === 1) {
        stack.pop();
        if (isPlaced[next] === 0) order.push(next);
        isPlaced[next] = 1;
        continue;
      }
      isSeen[next] = 1;
      for (const source of wiring.sourcesOf(next)) {
        const isWaitedFor = source >= 0 && isSeen[source] === 0 && !backOps.has((nodes[source] as GraphNode).op);
        if (isWaitedFor) stack.push(source);
      }
    }
  }
  return order;
}

/** By position: each node's place in an order of all. */
export function placesIn(order: readonly number[]): Int32Array {
  const places = new Int32Array(order.length);
  order.forEach((position, place) => {
    places[position] = place;
  });
  return places;
}
