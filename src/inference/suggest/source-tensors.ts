/** Which data some tensors are computed from. */
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { forEachSource, type Tensor, upstreamOf } from './data-flow.js';
import { isSource } from './op-roles.js';

/** The outputs of sources of data that tensors are computed from, by the positions of the sources. */
export function sourceTensors(graph: Graph, from: readonly Tensor[]): ReadonlyMap<number, ReadonlySet<number>> {
  const tensors = new Map<number, Set<number>>();
  const visit = (source: number, port: number): void => {
    if (!isSource(graph.nodes[source] as GraphNode)) return;
    const ports = tensors.get(source) ?? new Set();
    tensors.set(source, ports.add(port));
  };
  const needed = upstreamOf(
    graph,
    from.map(({ position }) => position),
  );
  for (const position of needed.positions()) forEachSource(graph, position, visit);
  // A source may itself be asked for.
  for (const { position, port } of from) visit(position, port);
  return tensors;
}
