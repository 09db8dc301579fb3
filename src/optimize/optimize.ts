/** The optimisations of a frozen graph, in their order. */
import type { Graph } from '../graph/graph.js';
import { prune } from '../passes/prune.js';
import { foldBatchNorm } from './batch-norm/fold-batch-norm.js';
import type { Optimization } from './optimization.js';
import { type OptimizationName, optimizationNames } from './optimization-name.js';
import { type OptimizationReport, type OptimizedNode, reportOf } from './optimization-report.js';

const optimizations: Readonly<Record<OptimizationName, Optimization>> = {
  'batch-norm': foldBatchNorm,
};

/** What comes out. */
export interface Optimized {
  readonly graph: Graph;
  readonly reports: readonly OptimizationReport[];
}

/** @param outputs names of nodes. */
export async function optimize(graph: Graph, outputs: readonly string[]): Promise<Optimized> {
  const kept = new Set(outputs);
  const reports: OptimizationReport[] = [];
  let optimized = graph;
  for (const name of optimizationNames) {
    const before = optimized;
    const changes: OptimizedNode[] = [];
    const report = (node: string, text: string): void => void changes.push({ node, text });
    const edited = await optimizations[name](before, { outputs: kept, report });
    // A colocation with what is not needed any more keeps nothing.
    if (edited !== before) optimized = prune(edited, outputs, () => false);
    reports.push(reportOf(name, before, optimized, changes));
  }
  return { graph: optimized, reports };
}
