/** What an optimisation is: it gets a frozen graph, in which constants are literal or tensors of the checkpoint. */
import type { Graph } from '../graph/graph.js';

export interface Optimizing {
  /** Names of nodes that keep their name and their meaning. */
  readonly outputs: ReadonlySet<string>;
  /** Tells what became of a node, and why. */
  report(node: string, text: string): void;
}

/** What nothing needs any more falls to the pruning that follows each optimisation. */
export type Optimization = (graph: Graph, optimizing: Optimizing) => Graph | Promise<Graph>;
