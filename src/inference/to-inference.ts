/** The rewrites that make an inference graph of a training graph, in their order. */
import type { Tensor } from '../evaluate/tensor.js';
import type { Graph } from '../graph/graph.js';
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
  let inference = bound.graph;
  for (const [name, rewrite] of rewrites) {
    if (settings.rewrites.has(name)) inference = inEveryScope(inference, outputs, rewrite, changes);
  }
  return { graph: inference, changes, values: bound.variables };
}
