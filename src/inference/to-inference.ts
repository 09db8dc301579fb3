/** The rewrites that make an inference graph of a training graph, in their order. */
import type { Tensor } from '../evaluate/tensor.js';
import type { Graph } from '../graph/graph.js';
import { batchNorm } from './batch-norm/batch-norm.js';
import { StatisticsChoices } from './batch-norm/statistics.js';
import type { StatisticsNames } from './batch-norm/statistics-names.js';
import { bind } from './bindings/bind.js';
import type { Binding } from './bindings/binding.js';
import type { Change } from './change.js';
import { removeDropout } from './dropout/remove-dropout.js';
import { inEveryScope, type Rewrite } from './every-scope.js';
import type { RewriteName } from './rewrite-name.js';
import { collapseIdentities } from './training-ops/collapse-identities.js';
import { cutControlEdges } from './training-ops/cut-control-edges.js';
import { passThrough } from './training-ops/pass-through.js';

export interface InferenceSettings {
  readonly rewrites: ReadonlySet<RewriteName>;
  /** What callers bind. */
  readonly bindings?: readonly Binding[];
  /** By the names of nodes that normalise by the batch: what they are to normalise with. */
  readonly bnStats?: ReadonlyMap<string, StatisticsNames>;
}

/** What comes out. */
export interface Inference {
  readonly graph: Graph;
  readonly changes: readonly Change[];
  /** The values that variables are bound to, by name: they go before those that are stored. */
  readonly values: ReadonlyMap<string, Tensor>;
}

/** Those that look at one graph or body at a time. */
const rewrites: readonly (readonly [RewriteName, Rewrite])[] = [
  ['dropout', removeDropout],
  ['training-ops', cutControlEdges],
  ['training-ops', passThrough],
  ['training-ops', collapseIdentities],
];

/**
 * @param outputs names of nodes.
 * @throws PermafrostError INVALID_ARGUMENT for a binding that the graph has no place for.
 */
export function toInference(graph: Graph, outputs: readonly string[], settings: InferenceSettings): Inference {
  const changes: Change[] = [];
  const bound = bind(graph, outputs, settings, changes);
  let inference = normalized(bound.graph, outputs, settings, changes);
  for (const [name, rewrite] of rewrites) {
    if (settings.rewrites.has(name)) inference = inEveryScope(inference, outputs, rewrite, changes);
  }
  return { graph: inference, changes, values: bound.variables };
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
