/** The optimisations of a frozen graph, in their order. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { readStored } from '../evaluate/read-stored.js';
import { type ChannelledTensor, storedMaxima } from '../evaluate/stored-maxima.js';
import { parseInput } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { prune } from '../passes/prune.js';
import type { ChosenWeight } from '../passes/weights/weight-rules.js';
import { DataType } from '../proto/data-types.js';
import { foldBatchNorm } from './batch-norm/fold-batch-norm.js';
import { cancelMoves } from './cancel-moves.js';
import { foldConstants } from './fold-constants.js';
import { freeControls } from './free-controls.js';
import { mergeConstants } from './merge-constants.js';
import type { Optimization } from './optimization.js';
import { type OptimizationName, optimizationNames } from './optimization-name.js';
import { type OptimizationReport, type OptimizedNode, reportOf } from './optimization-report.js';
import { passIdentities } from './pass-identities.js';

const optimizations: Readonly<Record<OptimizationName, Optimization>> = {
  controls: freeControls,
  identities: passIdentities,
  'batch-norm': foldBatchNorm,
  'constant-folding': foldConstants,
  moves: cancelMoves,
  duplicates: mergeConstants,
};

/** What comes out. */
export interface Optimized {
  readonly graph: Graph;
  readonly reports: readonly OptimizationReport[];
}

/** Where constants have their values, and what becomes of these when they are written. */
export interface StoredValues {
  readonly checkpoint: Checkpoint;
  /** What is to be stored in another type than its own, by name. */
  readonly weights: ReadonlyMap<string, Pick<ChosenWeight, 'type'>>;
}

/** What is wanted of the graph. */
export interface Wanted {
  /** Names of nodes. */
  readonly outputs: readonly string[];
  /** Tensors that signatures name. */
  readonly tensors: readonly string[];
}

/**
 * @throws PermafrostError what keeps a tensor of the checkpoint from being read.
 */
export async function optimize(
  graph: Graph,
  { outputs, tensors }: Wanted,
  { checkpoint, weights, threads }: StoredValues & { readonly threads: number },
): Promise<Optimized> {
  const kept = new Set(outputs);
  const laterOutputs = new Set(tensors.map(parseInput).flatMap(({ node, port }) => (port > 0 ? node : [])));
  const read = (tensors: readonly StoredTensor[]) => readStored(tensors, checkpoint);
  const maxima = (tensors: readonly ChannelledTensor[]) => storedMaxima(tensors, checkpoint, threads);
  const storedAs = (name: string): number | undefined => {
    const type = weights.get(name)?.type;
    return type && DataType[type];
  };
  const reports: OptimizationReport[] = [];
  let optimized = graph;
  for (const name of optimizationNames) {
    const before = optimized;
    const changes: OptimizedNode[] = [];
    const report = (node: string, text: string): void => void changes.push({ node, text });
    const left: OptimizedNode[] = [];
    const leave = (node: string, text: string): void => void left.push({ node, text });
    const edited = await optimizations[name](before, {
      outputs: kept,
      laterOutputs,
      read,
      maxima,
      storedAs,
      report,
      leave,
    });
    // A colocation with what is not needed any more keeps nothing.
    if (edited !== before) optimized = prune(edited, outputs, () => false);
    reports.push(reportOf(name, before, optimized, changes, left));
  }
  return { graph: optimized, reports };
}
