import { inputNode } from './edges.js';
import type { Graph } from './graph.js';

/**
 * In how many loops each node is, by name.
 * @param order of execution.
 */
export function loopDepths(graph: Graph, order: ReadonlyMap<string, number>): Map<string, number> {
  const depths = new Map<string, number>();
  const depthAfter = (name: string): number => {
    const op = graph.byName.get(name)?.op ?? '';
    const step = /^(Ref)?Enter$/.test(op) ? 1 : /^(Ref)?Exit$/.test(op) ? -1 : 0;
    return (depths.get(name) ?? 0) + step;
  };
  for (const name of order.keys()) {
    const inputs = graph.byName.get(name)?.inputs ?? [];
    depths.set(
      name,
      inputs.reduce((depth, input) => Math.max(depth, depthAfter(inputNode(input))), 0),
    );
  }
  return depths;
}
