/** Keeps the functions that the graph's nodes call, and what these call: not those of training, saving and restoring. */
import { reachableFunctions } from '../graph/function-references.js';
import type { Graph } from '../graph/graph.js';

export function pruneLibrary(graph: Graph): Graph {
  const { functions, gradients } = graph.library;
  const needed = reachableFunctions(graph);
  if (functions.every(({ name }) => needed.has(name))) return graph;
  const left = functions.filter(({ name }) => needed.has(name));
  return graph.withLibrary(
    graph.library.with(
      left,
      gradients.filter(({ functionName }) => needed.has(functionName)),
    ),
  );
}
