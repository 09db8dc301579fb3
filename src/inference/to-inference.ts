/** The rewrites that make an inference graph of a training graph, in their order. */
import type { Graph } from '../graph/graph.js';
import { batchNorm } from './batch-norm/batch-norm.js';
import { StatisticsChoices, type StatisticsNames } from './batch-norm/statistics.js';
import type { Change } from './change.js';
import { inEveryScope, type Rewrite } from './every-scope.js';
import type { RewriteName } from './rewrite-name.js';
import { collapseIdentities } from './training-ops/collapse-identities.js';
import { cutControlEdges } from './training-ops/cut-control-edges.js';
import { passThrough } from './training-ops/pass-through.js';

export interface InferenceSettings {
  readonly rewrites: ReadonlySet<RewriteName>;
  /** By the names of nodes that normalise by the batch: what they are to normalise with. */
  readonly bnStats?: ReadonlyMap<string, StatisticsNames>;
}

/** What comes out. */
export interface Inference {
  readonly graph: Graph;
  readonly changes: readonly Change[];
}

/** Those that look at one graph or body at a time. */
const rewrites: readonly (readonly [RewriteName, Rewrite])[] = [
  ['training-ops', cutControlEdges],
  ['training-ops', passThrough],
  ['training-ops', collapseIdentities],
];

/** @param outputs names of nodes. */
export function toInference(graph: Graph, outputs: readonly string[], settings: InferenceSettings): Inference {
  const changes: Change[] = [];
  let inference = normalized(graph, outputs, settings, changes);
  for (const [name, rewrite] of rewrites) {
    if (settings.rewrites.has(name)) inference = inEveryScope(inference, outputs, rewrite, changes);
  }
  return { graph: inference, changes };
}

/** What a user says of one normalisation counts with or without the others. */
function normalized(
  graph: Graph,
  outputs: readonly string[],
  { rewrites: asked, bnStats = new Map() }: InferenceSettings,
  changes: Change[],
): Graph {
  const all = asked.has('batch-norm');
  if (!all && bnStats.size === 0) return graph;
  const choices = new StatisticsChoices(bnStats, all);
  const inference = inEveryScope(graph, outputs, batchNorm(choices), changes);
  choices.refuseUnused();
  return inference;
}
