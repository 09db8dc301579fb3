/** An order in which a graph could run: every node after all that it waits for. */
import { inputNode } from './edges.js';
import type { Graph } from './graph.js';

/** The ops whose outputs lead back to the start of a loop. */
export const backOps: ReadonlySet<string> = new Set(['NextIteration', 'RefNextIteration']);

/**
 * The back edges of loops do not count, so a loop's start stands before its body.
 * @param graph has no cycle but loops.
 * @returns each node's place in the order, by name.
 */
export function executionOrder(graph: Graph): ReadonlyMap<string, number> {
  const places = new Map<string, number>();
  const seen = new Set<string>();
  for (const { name } of graph.nodes) {
    // A node is met twice: on the way in, to put its inputs before it, and on the way out.
    const stack = [name];
    for (let next = stack.at(-1); next !== undefined; next = stack.at(-1)) {
      const node = graph.byName.get(next);
      if (!node || seen.has(next)) {
        stack.pop();
        if (node && !places.has(next)) places.set(next, places.size);
        continue;
      }
      seen.add(next);
      for (const input of node.inputs) {
        const producer = inputNode(input);
        if (!seen.has(producer) && !backOps.has(graph.byName.get(producer)?.op ?? '')) stack.push(producer);
      }
    }
  }
  return places;
}
