/** The bodies of functions as graphs, each made once. */
import type { GraphFunction } from '../graph/function.js';
import type { FunctionLibrary } from '../graph/library.js';
import { BodyGraph } from './body-graph.js';

export class BodyGraphs {
  readonly #known = new Map<GraphFunction, BodyGraph>();

  constructor(private readonly library: FunctionLibrary) {}

  /** @throws PermafrostError GRAPH_INVALID where the body names what is not there. */
  of(source: GraphFunction): BodyGraph {
    const body = this.#known.get(source) ?? new BodyGraph(source, this.library);
    this.#known.set(source, body);
    return body;
  }
}
