/** The rewrites that make an inference graph of a training graph, in their order. */
import type { Graph } from '../graph/graph.js';
import type { Change } from './change.js';
import { inEveryScope, type Rewrite } from './every-scope.js';
import type { RewriteName } from './rewrite-name.js';
import { passThrough } from './training-ops/pass-through.js';

export interface InferenceSettings {
  readonly rewrites: ReadonlySet<RewriteName>;
}

const steps: readonly (readonly [RewriteName, Rewrite])[] = [['training-ops', passThrough]];

/** What comes out. */
export interface Inference {
  readonly graph: Graph;
  readonly changes: readonly Change[];
}

/** @param outputs names of nodes. */
export function toInference(graph: Graph, outputs: readonly string[], settings: InferenceSettings): Inference {
  const changes: Change[] = [];
  let rewritten = graph;
  for (const [name, rewrite] of steps) {
    if (settings.rewrites.has(name)) rewritten = inEveryScope(rewritten, outputs, rewrite, changes);
  }
  return { graph: rewritten, changes };
}
