/** Cycles that are no loops. */
import type { GraphNode } from './node.js';
import { backOps } from './op-kinds/control-flow.js';
import type { Wiring } from './wiring.js';

/** How far the search is with a node. */
const state = { unseen: 0, open: 1, done: 2 } as const;

/**
 * Goes from each node to what comes before it; whoever comes by a node that is still open has gone in a circle. The back
 * edges of loops, from NextIteration, do not count.
 * @returns positions of nodes, each of which feeds the next, and the last the first.
 */
export function findCycle(wiring: Wiring): number[] | undefined {
  const { nodes, firstInputs } = wiring;
  const states = new Uint8Array(nodes.length);
  const nextInputs = firstInputs.slice();
  const isEnd = (position: number): boolean =>
    position < 0 || states[position] === state.done || backOps.has((nodes[position] as GraphNode).op);
  for (let start = 0; start < nodes.length; start++) {
    if (states[start] !== state.unseen) continue;
    // The nodes that are open, each before the one that needs it. They may be more than the stack can hold.
    const path = [start];
    states[start] = state.open;
    for (let position = start; path.length > 0; position = path.at(-1) as number) {
      const input = nextInputs[position] as number;
      if (input === firstInputs[position + 1]) {
        states[position] = state.done;
        path.pop();
        continue;
      }
      nextInputs[position] = input + 1;
      const source = wiring.sourceOf(input);
      if (isEnd(source)) continue;
      if (states[source] === state.open) return path.slice(path.indexOf(source)).reverse();
      states[source] = state.open;
      path.push(source);
    }
  }
  return undefined;
}

/** `a → b → a`: the names along a cycle, the first again at its end. */
export function describeCycle(cycle: readonly number[], nodes: readonly GraphNode[]): string {
  const names = cycle.map((node) => (nodes[node] as GraphNode).name);
  const shown = names.length > 6 ? [...names.slice(0, 5), `(${names.length - 5} more)`] : names;
  return [...shown, names[0] as string].join(' → ');
}
