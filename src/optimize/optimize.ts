/** The optimisations of a frozen graph, in their order. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { readStored } from '../evaluate/read-stored.js';
import type { Graph } from '../graph/graph.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { prune } from '../passes/prune.js';
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

/**
 * @param outputs names of nodes.
 * @throws PermafrostError what keeps a tensor of the checkpoint from being read.
 */
export async function optimize(graph: Graph, outputs: readonly string[], checkpoint: Checkpoint): Promise<Optimized> {
  const kept = new Set(outputs);
  const read = (tensors: readonly StoredTensor[]) => readStored(tensors, checkpoint);
  const reports: OptimizationReport[] = [];
  let optimized = graph;
  for (const name of optimizationNames) {
    const before = optimized;
    const changes: OptimizedNode[] = [];
    const report = (node: string, text: string): void => void changes.push({ node, text });
    const left: OptimizedNode[] = [];
    const leave = (node: string, text: string): void => void left.push({ node, text });
    const edited = await optimizations[name](before, { outputs: kept, read, report, leave });
    // A colocation with what is not needed any more keeps nothing.
    if (edited !== before) optimized = prune(edited, outputs, () => false);
    reports.push(reportOf(name, before, optimized, changes, left));
  }
  return { graph: optimized, reports };
}
