/** What an optimisation is: it gets a frozen graph, in which constants are literal or tensors of the checkpoint. */
import type { ChannelledTensor, Maxima } from '../evaluate/stored-maxima.js';
import type { Tensor } from '../evaluate/tensor.js';
import type { Graph } from '../graph/graph.js';
import type { StoredTensor } from '../graph/stored-tensor.js';

export interface Optimizing {
  /** Names of nodes that keep their name and their meaning. */
  readonly outputs: ReadonlySet<string>;
  /** Those of them that are asked for more than their first output. */
  readonly laterOutputs: ReadonlySet<string>;
  /** Reads tensors of the checkpoint, which are held in memory: small ones. No strings. */
  read(tensors: readonly StoredTensor[]): Promise<ReadonlyMap<StoredTensor, Tensor>>;
  /** The largest magnitudes of tensors of the checkpoint; undefined for one that cannot be looked through. */
  maxima(tensors: readonly ChannelledTensor[]): Promise<readonly (Maxima | undefined)[]>;
  /** DataType number of what a constant is to be stored as in the end; undefined where that is its own type. */
  storedAs(name: string): number | undefined;
  /** Tells what became of a node, and why. */
  report(node: string, text: string): void;
  /** Tells why a node stays that one might expect to go. */
  leave(node: string, text: string): void;
}

/** What nothing needs any more falls to the pruning that follows each optimisation. */
export type Optimization = (graph: Graph, optimizing: Optimizing) => Graph | Promise<Graph>;
