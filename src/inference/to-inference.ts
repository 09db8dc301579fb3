/** The rewrites that make an inference graph of a training graph, in their order. */
import type { Tensor } from '../evaluate/tensor.js';
import type { Graph } from '../graph/graph.js';
import { upstream } from '../graph/upstream.js';
import { batchNorm } from './batch-norm/batch-norm.js';
import { StatisticsChoices } from './batch-norm/statistics.js';
import { UsedStatistics } from './batch-norm/updates-elsewhere.js';
import { bind, bindPending } from './bindings/bind.js';
import { switchesLeft } from './bindings/finding/find-bindings.js';
import { forgetBodyGraphs } from './body-graphs.js';
import type { Change } from './change.js';
import { isRandomOp, noteRandomOps } from './dropout/note-random-ops.js';
import { removeDropout } from './dropout/remove-dropout.js';
import { inEveryScope, type Rewrite } from './every-scope.js';
import type { InferenceSettings } from './inference-settings.js';
import { cutInputs, cutSources } from './inputs/cut-inputs.js';
import { refuseSourcesLeft } from './inputs/refuse-sources-left.js';
import { collapseIdentities } from './training-ops/collapse-identities.js';
import { cutControlEdges } from './training-ops/cut-control-edges.js';
import { dropSteps } from './training-ops/drop-steps.js';
import { passThrough } from './training-ops/pass-through.js';

/** What comes out. */
export interface Inference {
  readonly graph: Graph;
  /** Names of the placeholders that it was given. */
  readonly inputs: readonly string[];
  /** Names of what was bound, but for variables. */
  readonly bound: readonly string[];
  readonly changes: readonly Change[];
  /** The values that variables are bound to, by name: they go before those that are stored. */
  readonly values: ReadonlyMap<string, Tensor>;
}

/** What takes out the left-overs of training, given the graph and the names of its outputs; each edits one graph or body at a time. */
const leftOvers: readonly ((graph: Graph, outputs: readonly string[]) => Rewrite)[] = [
  cutControlEdges,
  () => passThrough,
  () => collapseIdentities,
];

/**
 * What is asked for is cut first, so that nothing in front is looked at. Iterators and queues that nobody named come last:
 * by then, what only training takes from them is gone.
 * @param outputs names of nodes.
 * @throws PermafrostError INVALID_ARGUMENT where an option does not fit the graph, STATISTICS_AMBIGUOUS
 */
export function toInference(graph: Graph, outputs: readonly string[], settings: InferenceSettings): Inference {
  const changes: Change[] = [];
  const { cuts, auto } = settings.inputs;
  const cutsSources = auto || settings.rewrites.has('inputs');
  const cut = cutInputs(graph, outputs, cuts, changes);
  const bound = bind(cut.graph, graph, outputs, settings, changes);
  const isStepless = settings.rewrites.has('training-ops');
  const stepless = isStepless ? inEveryScope(bound.graph, outputs, dropSteps, changes) : bound.graph;
  const normal = normalized(stepless, outputs, settings, changes);
  const steady = settings.rewrites.has('dropout') ? inEveryScope(normal, outputs, removeDropout, changes) : normal;
  const { graph: decided, variables: values, names } = bindPending({ ...bound, graph: steady }, outputs, changes);
  let inference = decided;
  for (const rewrite of settings.rewrites.has('training-ops') ? leftOvers : []) {
    inference = inEveryScope(inference, outputs, rewrite(inference, outputs), changes);
  }
  const sources = cutsSources ? cutSources(inference, outputs, changes) : { graph: inference, inputs: [] };
  if (cutsSources || cuts.length > 0) refuseSourcesLeft(sources.graph, outputs);
  if (settings.rewrites.has('dropout')) tellRandomOps(sources.graph, outputs, changes);
  if (settings.rewrites.has('bindings')) changes.push(...switchesLeft(sources.graph, outputs));
  // An input that a later rewrite leaves without readers is none.
  const needed = upstream(sources.graph, outputs);
  forgetBodyGraphs(sources.graph.library);
  const isStillNeeded = (name: string): boolean => needed.has(name);
  return {
    graph: sources.graph,
    inputs: [...cut.inputs, ...sources.inputs].filter(isStillNeeded),
    bound: names,
    changes: changes.filter(({ rewrite, node }) => rewrite !== 'inputs' || isStillNeeded(node)),
    values,
  };
}

/** Last of all, when what is in front of inputs is gone. */
function tellRandomOps(graph: Graph, outputs: readonly string[], changes: Change[]): void {
  const bodies = graph.library.functions.flatMap(({ nodes }) => nodes);
  const isRandom = ({ op }: { op: string }): boolean => isRandomOp(op);
  if (graph.nodes.some(isRandom) || bodies.some(isRandom)) inEveryScope(graph, outputs, noteRandomOps, changes);
}

/** What a user says of one normalisation counts with or without the others. */
function normalized(
  graph: Graph,
  outputs: readonly string[],
  { rewrites: asked, bnStats }: InferenceSettings,
  changes: Change[],
): Graph {
  const all = asked.has('batch-norm');
  if (!all && bnStats.size === 0) return graph;
  const choices = new StatisticsChoices(bnStats, all);
  const used = new UsedStatistics();
  const inference = inEveryScope(graph, outputs, batchNorm(choices, used), changes);
  choices.refuseUnused();
  const elsewhere = used.updatesElsewhere(inference, outputs);
  return elsewhere ? inEveryScope(inference, outputs, elsewhere, changes) : inference;
}
