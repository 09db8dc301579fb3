/** Keeps the functions that the graph's nodes call, and what these call: not those of training, saving and restoring. */
import { reachableFunctions } from '../graph/function-references.js';
import type { Graph } from '../graph/graph.js';

export function pruneLibrary(graph: Graph): Graph {
  return graph.withLibrary(graph.library.only(reachableFunctions(graph)));
}
