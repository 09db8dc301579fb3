/** The passes, in their order. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { VariableMap } from '../checkpoint/variable-map.js';
import { checkCallDepth } from '../graph/call-depth.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { upstream } from '../graph/upstream.js';
import { validateGraph } from '../graph/validate.js';
import { isVariable } from '../graph/variables.js';
import { rewrites } from '../inference/inference-settings.js';
import type { GraphFile } from '../io/read-graph.js';
import { clearDevices } from '../passes/clear-devices.js';
import type { FrozenValue } from '../passes/evaluate-initializers.js';
import { fillDefaults } from '../passes/fill-defaults.js';
import { forwardWrites } from '../passes/forward-writes.js';
import { freezeVariables } from '../passes/freeze-variables.js';
import { prune } from '../passes/prune.js';
import { pruneLibrary } from '../passes/prune-library.js';
import { refuseInnerVariables } from '../passes/refuse-inner-variables.js';
import { restoreTables } from '../passes/restore-tables.js';
import { type StoredWeight, storeWeights } from '../passes/store-weights.js';
import { tableInitializers } from '../passes/table-initializers.js';
import { chooseWeights } from '../passes/weights/weight-rules.js';
import { functionsWrite } from '../passes/writes/variable-writes.js';
import { checkLists, chooseVariables, isChosen } from './choose-variables.js';
import { convertWeights } from './convert-weights.js';
import type { FreezeReport } from './report.js';
import {
  clearsDevices,
  forInference,
  inlined,
  optimizedGraph,
  orderedGraph,
  type RewriteSettings,
} from './rewrite-on-demand.js';
import { variableValues } from './variable-values.js';

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
  /** Names of what was bound, but for variables. */
  readonly bound: readonly string[];
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

/** The graph that comes out is checked like the one that went in. */
export async function rewriteGraph(
  file: GraphFile,
  checkpoint: Checkpoint,
  settings: RewriteSettings,
  restoreOp: string | undefined,
  map: VariableMap,
): Promise<Rewritten> {
  checkLists(file.graph, settings);
  checkCallDepth(file.graph, upstream(file.graph, settings.outputs).nodes());
  const { graph: training, inputs, bound, changes, values } = await forInference(file.graph, settings);
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
  const ordered = functionsWrite(cleared) ? await orderedGraph(cleared, settings) : cleared;
  const forwarded = forwardWrites(ordered, chooseVariables(ordered, settings)[0], outputs);
  // A variable that was only written to is not needed any more, and may not even be in the checkpoint.
  const needed = forwarded.graph === cleared ? cleared : prune(forwarded.graph, outputs, binds);
  const [chosen, kept] = chooseVariables(needed, settings);
  const { objects, slices } = file;
  const binding = { checkpoint, graph: file.graph, pruned, outputs, restoreOp, map, slices, objects };
  const { frozen, averages } = await variableValues(chosen, values, binding, settings);
  refuseInnerVariables(needed, (name) => isChosen(settings, name));
  const constant = freezeVariables(needed, frozen, settings);
  const flat = settings.inline || settings.optimize ? await inlined(constant, settings) : constant;
  const { chosen: smaller, unchanged } = chooseWeights(frozen, settings.weights);
  const { graph: optimized, reports: optimizations } = await optimizedGraph(
    flat,
    { outputs, tensors: namedTensors(file) },
    { checkpoint, weights: smaller },
    settings,
  );
  const exact = settings.keepLibrary ? optimized : pruneLibrary(optimized);
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
  return { graph, frozen, weights, tables, inputs, bound, told };
}

/** By all signatures: which of them are written, the layout decides later. */
function namedTensors({ signatures }: GraphFile): string[] {
  return signatures.flatMap(({ outputs }) => outputs.map(({ tensor }) => tensor));
}
