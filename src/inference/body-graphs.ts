/** The bodies of a library's functions as graphs, each made once: most rewrites leave most functions as they are. */
import type { GraphFunction } from '../graph/function.js';
import type { FunctionLibrary } from '../graph/library.js';
import { BodyGraph } from './body-graph.js';

const known = new WeakMap<FunctionLibrary, Map<GraphFunction, BodyGraph>>();

/**
 * @param source of that library.
 * @throws PermafrostError GRAPH_INVALID where the body names what is not there.
 */
export function bodyGraphOf(source: GraphFunction, library: FunctionLibrary): BodyGraph {
  const bodies = known.get(library) ?? new Map<GraphFunction, BodyGraph>();
  known.set(library, bodies);
  const body = bodies.get(source) ?? new BodyGraph(source, library);
  bodies.set(source, body);
  return body;
}

/** Gives the memory back while the library itself is still needed. */
export function forgetBodyGraphs(library: FunctionLibrary): void {
  known.delete(library);
}
