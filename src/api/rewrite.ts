/** The passes, in their order. */
import { averagesOf, takeAverages } from '../checkpoint/averages.js';
import { bindVariables } from '../checkpoint/bind-variables.js';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { VariableMap } from '../checkpoint/variable-map.js';
import { PermafrostError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { validateGraph } from '../graph/validate.js';
import { isVariable, variablesOf } from '../graph/variables.js';
import type { Inference } from '../inference/to-inference.js';
import type { GraphFile } from '../io/read-graph.js';
import { listNames, nearest } from '../nearest.js';
import type { Optimized } from '../optimize/optimize.js';
import { clearDevices } from '../passes/clear-devices.js';
import { evaluateInitializers, type FrozenValue, valuesOf } from '../passes/evaluate-initializers.js';
import { fillDefaults } from '../passes/fill-defaults.js';
import { forwardWrites } from '../passes/forward-writes.js';
import { freezeVariables } from '../passes/freeze-variables.js';
import { prune } from '../passes/prune.js';
import { pruneLibrary } from '../passes/prune-library.js';
import { refuseInnerVariables } from '../passes/refuse-inner-variables.js';
import { restoreTables } from '../passes/restore-tables.js';
import { type StoredWeight, storeWeights } from '../passes/store-weights.js';
import { strictCalls } from '../passes/strict-calls.js';
import { tableInitializers } from '../passes/table-initializers.js';
import { chooseWeights } from '../passes/weights/weight-rules.js';
import { functionsWrite } from '../passes/writes/variable-writes.js';
import { convertWeights } from './convert-weights.js';
import type { FreezeSettings } from './freeze-options.js';
import { rewrites } from './inference-options.js';
import { places } from './placing-options.js';
import type { FreezeReport } from './report.js';

export interface Rewritten {
  readonly graph: Graph;
  /** By the names of variables. */
  readonly frozen: ReadonlyMap<string, FrozenValue>;
  /** Those whose values are stored in another type. */
  readonly weights: ReadonlyMap<string, StoredWeight>;
  /** Names of nodes that fill the tables. */
  readonly tables: readonly string[];
  /** Names of placeholders that the graph was given. */
  readonly inputs: readonly string[];
  /** What the passes have to tell. */
  readonly told: Told;
}

type Told = Pick<
  FreezeReport,
  | 'unchangedWeights'
  | 'keptVariables'
  | 'droppedWrites'
  | 'changes'
  | 'withoutAverage'
  | 'unusedAverages'
  | 'optimizations'
>;

interface RewriteSettings extends FreezeSettings {
  readonly mayGoOn: (() => void) | undefined;
}

/** The graph that comes out is checked like the one that went in. */
export async function rewriteGraph(
  file: GraphFile,
  checkpoint: Checkpoint,
  settings: RewriteSettings,
  restoreOp: string | undefined,
  map: VariableMap,
): Promise<Rewritten> {
  checkLists(file.graph, settings);
  const { graph: training, inputs, changes, values } = await forInference(file.graph, settings);
  // A variable that nothing but a colocation holds is no part of the model. TensorFlow's tool keeps it, if it was saved.
  const isSaved = (name: string): boolean => checkpoint.has(name) || file.slices.has(name);
  // A graph for inference has nothing of the training's for the sake of where nodes are.
  const isTraining = !rewrites(settings.inferring);
  const binds = (node: GraphNode): boolean =>
    isTraining && (!isVariable(node) || (settings.tfParity && isSaved(node.name)));
  // TensorFlow's tool leaves out what fills the tables.
  const graphWithTables = settings.tfParity ? training : restoreTables(training, checkpoint);
  const tables = settings.tfParity ? [] : tableInitializers(graphWithTables, settings.outputs);
  const outputs = [...settings.outputs, ...tables];
  const pruned = prune(graphWithTables, outputs, binds);
  const whole = fillDefaults(pruned);
  const cleared = clearsDevices(settings) ? clearDevices(whole) : whole;
  // Writes in functions are ordered with everything else only where all is in one graph.
  const ordered = functionsWrite(cleared) ? await inlined(strictCalls(cleared), settings) : cleared;
  const forwarded = forwardWrites(ordered, chooseVariables(ordered, settings)[0], outputs);
  // A variable that was only written to is not needed any more, and may not even be in the checkpoint.
  const needed = forwarded.graph === cleared ? cleared : prune(forwarded.graph, outputs, binds);
  const [chosen, kept] = chooseVariables(needed, settings);
  const assigned = evaluateInitializers(file.graph, settings.initializers, chosen, settings.mayGoOn);
  const { objects, slices } = file;
  const binding = { checkpoint, graph: file.graph, pruned, outputs, restoreOp, map, slices, objects };
  const averages = { withoutAverage: [] as readonly string[], unusedAverages: [] as readonly string[] };
  const frozen = await valuesOf(chosen, new Map([...assigned, ...values]), async (variables) => {
    const bound = await bindVariables(variables, binding);
    if (settings.averageSuffix === undefined) {
      if (rewrites(settings.inferring)) averages.unusedAverages = averagesOf(bound, checkpoint);
      return bound;
    }
    const averaged = takeAverages(bound, checkpoint, settings.averageSuffix, (name) => map.has(name));
    averages.withoutAverage = averaged.without;
    return averaged.tensors;
  });
  refuseInnerVariables(needed, (name) => (settings.allow?.has(name) ?? true) && !settings.deny.has(name));
  const constant = freezeVariables(needed, frozen, settings);
  const flat = settings.inline || settings.optimize ? await inlined(constant, settings) : constant;
  const { graph: optimized, reports: optimizations } = await optimizedGraph(flat, outputs, checkpoint, settings);
  const exact = settings.keepLibrary ? optimized : pruneLibrary(optimized);
  const { chosen: smaller, unchanged } = chooseWeights(frozen, settings.weights);
  const weights = await convertWeights(exact, smaller, checkpoint, settings);
  const graph = storeWeights(exact, weights);
  validateGraph(graph, 'The frozen graph');
  const told = {
    unchangedWeights: unchanged,
    keptVariables: kept.map(({ name }) => name),
    droppedWrites: forwarded.dropped,
    changes,
    ...averages,
    optimizations,
  };
  return { graph, frozen, weights, tables, inputs, told };
}

/** The rewrites, and the table of ops that they need, are loaded when somebody asks. */
async function forInference(graph: Graph, { outputs, inferring }: RewriteSettings): Promise<Inference> {
  if (!rewrites(inferring)) return { graph, inputs: [], changes: [], values: new Map() };
  const { toInference } = await import('../inference/to-inference.js');
  const inference = toInference(graph, outputs, inferring);
  validateGraph(inference.graph, 'The inference graph');
  return inference;
}

/** The table of ops that inlining needs is large, so it is loaded when somebody asks. */
async function inlined(graph: Graph, settings: RewriteSettings): Promise<Graph> {
  settings.mayGoOn?.();
  const { inlineFunctions } = await import('../inline/inline-functions.js');
  const flat = inlineFunctions(graph, settings.mayGoOn);
  return clearsDevices(settings) ? clearDevices(flat) : flat;
}

/** Loaded when somebody asks, as the rewrites for inference are. */
async function optimizedGraph(
  graph: Graph,
  outputs: readonly string[],
  checkpoint: Checkpoint,
  settings: RewriteSettings,
): Promise<Optimized> {
  if (!settings.optimize) return { graph, reports: [] };
  settings.mayGoOn?.();
  const { optimize } = await import('../optimize/optimize.js');
  return optimize(graph, outputs, checkpoint);
}

/** What is placed later keeps its devices until then: rules may look at them. */
function clearsDevices(settings: RewriteSettings): boolean {
  return settings.place === 'clear' && !places(settings);
}

/** Which variables become constants, and which the lists keep. */
function chooseVariables(graph: Graph, settings: FreezeSettings): [chosen: GraphNode[], kept: GraphNode[]] {
  const { allow, deny } = settings;
  const isChosen = ({ name }: GraphNode): boolean => (allow?.has(name) ?? true) && !deny.has(name);
  const variables = variablesOf(graph);
  return [variables.filter(isChosen), variables.filter((node) => !isChosen(node))];
}

/** TensorFlow lets names pass that are in no graph; a person would rather know. */
function checkLists(graph: Graph, { allow, deny, strictLists }: FreezeSettings): void {
  if (!strictLists) return;
  for (const name of [...(allow ?? []), ...deny]) {
    const node = graph.byName.get(name);
    if (node && isVariable(node)) continue;
    const near = nearest(
      name,
      variablesOf(graph).map((variable) => variable.name),
    );
    const hint = near.length > 0 ? ` The nearest are ${listNames(near)}.` : '';
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `There is no variable '${name}' in the graph to allow or deny.${hint}`,
    );
  }
}
