/** The rewrites that make an inference graph of a training graph, in their order. */
import type { Graph } from '../graph/graph.js';
import { upstream } from '../graph/upstream.js';
import type { Change } from './change.js';
import { removeDropout } from './dropout/remove-dropout.js';
import { inEveryScope, type Rewrite } from './every-scope.js';
import { cutInputs, cutSources } from './inputs/cut-inputs.js';
import type { InputSettings } from './inputs/input-cut.js';
import { refuseSourcesLeft } from './inputs/refuse-sources-left.js';
import type { RewriteName } from './rewrite-name.js';
import { collapseIdentities } from './training-ops/collapse-identities.js';
import { cutControlEdges } from './training-ops/cut-control-edges.js';
import { passThrough } from './training-ops/pass-through.js';

export interface InferenceSettings {
  readonly rewrites: ReadonlySet<RewriteName>;
  /** Default: none. */
  readonly inputs?: InputSettings;
}

/** What comes out. */
export interface Inference {
  readonly graph: Graph;
  /** Names of the placeholders that it was given. */
  readonly inputs: readonly string[];
  readonly changes: readonly Change[];
}

/** Those that look at one graph or body at a time. */
const rewrites: readonly (readonly [RewriteName, Rewrite])[] = [
  ['dropout', removeDropout],
  ['training-ops', cutControlEdges],
  ['training-ops', passThrough],
  ['training-ops', collapseIdentities],
];

/**
 * What is asked for is cut first, so that nothing in front is looked at. Iterators and queues that nobody named come last:
 * by then, what only training takes from them is gone.
 * @param outputs names of nodes.
 * @throws PermafrostError INVALID_ARGUMENT where an option does not fit the graph.
 */
export function toInference(graph: Graph, outputs: readonly string[], settings: InferenceSettings): Inference {
  const changes: Change[] = [];
  const { cuts, auto } = settings.inputs ?? { cuts: [], auto: false };
  const cutsSources = auto || settings.rewrites.has('inputs');
  let inference = cutInputs(graph, outputs, cuts, changes);
  for (const [name, rewrite] of rewrites) {
    if (settings.rewrites.has(name)) inference = inEveryScope(inference, outputs, rewrite, changes);
  }
  if (cutsSources) inference = cutSources(inference, outputs, changes);
  if (cutsSources || cuts.length > 0) refuseSourcesLeft(inference, outputs);
  const left = changes.filter(isLeft(inference, outputs));
  const inputs = left.filter(({ rewrite }) => rewrite === 'inputs').map(({ node }) => node);
  return { graph: inference, inputs, changes: left };
}

/** An input that a later rewrite leaves without readers is none. */
function isLeft(graph: Graph, outputs: readonly string[]): (change: Change) => boolean {
  const needed = upstream(graph, outputs);
  return ({ rewrite, node }) => rewrite !== 'inputs' || needed.has(node);
}
