/** The rewrites that make an inference graph of a training graph, in their order. */
import type { Graph } from '../graph/graph.js';
import type { Change } from './change.js';
import { removeDropout } from './dropout/remove-dropout.js';
import { inEveryScope, type Rewrite } from './every-scope.js';
import type { RewriteName } from './rewrite-name.js';
import { collapseIdentities } from './training-ops/collapse-identities.js';
import { cutControlEdges } from './training-ops/cut-control-edges.js';
import { passThrough } from './training-ops/pass-through.js';

export interface InferenceSettings {
  readonly rewrites: ReadonlySet<RewriteName>;
}

/** What comes out. */
export interface Inference {
  readonly graph: Graph;
  readonly changes: readonly Change[];
}

/** Those that look at one graph or body at a time. */
const rewrites: readonly (readonly [RewriteName, Rewrite])[] = [
  ['dropout', removeDropout],
  ['training-ops', cutControlEdges],
  ['training-ops', passThrough],
  ['training-ops', collapseIdentities],
];

/** @param outputs names of nodes. */
export function toInference(graph: Graph, outputs: readonly string[], settings: InferenceSettings): Inference {
  const changes: Change[] = [];
  let inference = graph;
  for (const [name, rewrite] of rewrites) {
    if (settings.rewrites.has(name)) inference = inEveryScope(inference, outputs, rewrite, changes);
  }
  return { graph: inference, changes };
}
