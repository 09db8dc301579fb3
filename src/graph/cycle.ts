/** Cycles that are no loops. */
import { backOps } from './execution-order.js';
import type { GraphNode } from './node.js';

/**
 * Nodes are taken away as soon as all their inputs are; what cannot be taken away is on a cycle or behind one. The
 * back edges of loops, from NextIteration, do not count.
 * @param allProducers for every node, by position, the positions that its inputs come from.
 * @returns positions of nodes, each of which feeds the next, and the last the first.
 */
export function findCycle(
  nodes: readonly GraphNode[],
  allProducers: readonly (readonly number[])[],
): number[] | undefined {
  const isForward = nodes.map(({ op }) => !backOps.has(op));
  const producers = allProducers.map((list) => list.filter((producer) => isForward[producer]));
  const consumers: number[][] = nodes.map(() => []);
  producers.forEach((list, node) => {
    for (const producer of list) (consumers[producer] as number[]).push(node);
  });
  const waiting = producers.map((list) => list.length);
  const free = [...waiting.keys()].filter((node) => waiting[node] === 0);
  let left = nodes.length;
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    left--;
    for (const consumer of consumers[node] as number[]) {
      const count = (waiting[consumer] as number) - 1;
      waiting[consumer] = count;
      if (count === 0) free.push(consumer);
    }
  }
  return left > 0 ? walkBack(producers, waiting) : undefined;
}

/** Among the nodes that still wait, each has an input that waits too: going back along those ends in a cycle. */
function walkBack(producers: readonly (readonly number[])[], waiting: readonly number[]): number[] {
  const path: number[] = [];
  const seen = new Map<number, number>();
  let node = waiting.findIndex((count) => count > 0);
  while (!seen.has(node)) {
    seen.set(node, path.length);
    path.push(node);
    node = (producers[node] as number[]).find((producer) => (waiting[producer] as number) > 0) as number;
  }
  return path.slice(seen.get(node)).reverse();
}

/** `a → b → a`: the names along a cycle, the first again at its end. */
export function describeCycle(cycle: readonly number[], nodes: readonly GraphNode[]): string {
  const names = cycle.map((node) => (nodes[node] as GraphNode).name);
  const shown = names.length > 6 ? [...names.slice(0, 5), `(${names.length - 5} more)`] : names;
  return [...shown, names[0] as string].join(' → ');
}
