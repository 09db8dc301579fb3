import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';

/**
 * In how many loops each node is, by position.
 * @param order of execution.
 */
export function loopDepths({ nodes, wiring }: Pick<Graph, 'nodes' | 'wiring'>, order: readonly number[]): Int32Array {
  const depths = new Int32Array(nodes.length);
  const depthAfter = (position: number): number => {
    const { op } = nodes[position] as GraphNode;
    const step = /^(Ref)?Enter$/.test(op) ? 1 : /^(Ref)?Exit$/.test(op) ? -1 : 0;
    return (depths[position] as number) + step;
  };
  for (const position of order) {
    const sources = wiring.sourcesOf(position).filter((source) => source >= 0);
    depths[position] = sources.reduce((depth, source) => Math.max(depth, depthAfter(source)), 0);
  }
  return depths;
}
