/** The main job: a graph and a checkpoint in, one frozen graph out. */
import { bindVariables } from '../checkpoint/bind-variables.js';
import { Checkpoint } from '../checkpoint/checkpoint.js';
import { readVariableMap, type VariableMap } from '../checkpoint/variable-map.js';
import { PermafrostError } from '../errors.js';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { StoredTensor } from '../graph/stored-tensor.js';
import { validateGraph } from '../graph/validate.js';
import { isVariable, variablesOf } from '../graph/variables.js';
import { type GraphFile, readGraph, readSaver } from '../io/read-graph.js';
import { planSingleFile } from '../layouts/single-file.js';
import { listNames, nearest } from '../nearest.js';
import { clearDevices } from '../passes/clear-devices.js';
import { evaluateInitializers, type FrozenValue, valuesOf } from '../passes/evaluate-initializers.js';
import { fillDefaults } from '../passes/fill-defaults.js';
import { forwardWrites } from '../passes/forward-writes.js';
import { freezeVariables } from '../passes/freeze-variables.js';
import { prune } from '../passes/prune.js';
import { pruneLibrary } from '../passes/prune-library.js';
import { refuseInnerVariables } from '../passes/refuse-inner-variables.js';
import { restoreTables } from '../passes/restore-tables.js';
import { strictCalls } from '../passes/strict-calls.js';
import { tableInitializers } from '../passes/table-initializers.js';
import { functionsWrite } from '../passes/writes/variable-writes.js';
import { dataTypeName } from '../proto/data-types.js';
import type { SaverDef } from '../proto/types.js';
import { chooseOutputs } from './choose-outputs.js';
import { describeAssets, describeSignature } from './describe-model.js';
import { type FreezeOptions, type FreezeSettings, readFreezeOptions } from './freeze-options.js';
import { openOwnCheckpoint } from './own-checkpoint.js';
import type { FreezeReport } from './report.js';
import { Stopwatch } from './stopwatch.js';
import { throwIfAborted, write } from './write.js';

/**
 * Freezes the variables that the outputs need into constants, with the values of the checkpoint, and writes one binary
 * GraphDef. Every tensor's checksum is verified while it is copied. The target is replaced in one step, or not at all.
 * @throws PermafrostError with the `code` of what went wrong; `docs/errors.md` lists them.
 */
export async function freeze(options: FreezeOptions): Promise<FreezeReport> {
  return freezeWith(readFreezeOptions(options));
}

/** As `freeze`, with settings that have been checked. */
export async function freezeWith(settings: FreezeSettings): Promise<FreezeReport> {
  const { signal } = settings;
  const clock = new Stopwatch();
  throwIfAborted(signal);
  const [file, given, saver, map] = await Promise.all([
    readGraph(settings.graph, settings.tags),
    settings.checkpoint === undefined ? undefined : Checkpoint.open(settings.checkpoint),
    settings.saver === undefined ? undefined : readSaver(settings.saver),
    readVariableMap(settings.variableMap),
  ]);
  validateGraph(file.graph, settings.graph);
  const { outputs, signature } = chooseOutputs(file, settings);
  requireVariables(file, settings.graph);
  const checkpoint = given ?? (await openOwnCheckpoint(file, settings.graph));
  throwIfAborted(signal);
  const read = clock.lap();

  if (saver) requireRestoreOp(file.graph, saver, settings.saver as string);
  const restoreOp = (saver ?? file.saver)?.restore_op_name;
  // TensorFlow's loader runs the SavedModel's op after it has restored the variables beside it.
  const isLoaded = given === undefined && saver === undefined && file.initOp !== undefined;
  const initializers = isLoaded ? [file.initOp, ...settings.initializers] : settings.initializers;
  const rewritten = await rewriteGraph(file, checkpoint, { ...settings, outputs, initializers }, restoreOp, map);
  const { graph, frozen, kept, droppedWrites, tables } = rewritten;
  const rewrite = clock.lap();

  const plan = await planSingleFile(graph, checkpoint);
  throwIfAborted(signal);
  const planned = clock.lap();

  if (settings.out !== undefined) {
    const { graph: named, checkpoint: prefix, saver: saverFile, variableMap } = settings;
    const sources = [named, file.path, prefix, saverFile, variableMap].filter((path) => typeof path === 'string');
    await write(plan, checkpoint, { ...settings, out: settings.out, sources });
  }
  const written = clock.lap();
  return {
    graph: settings.graph,
    graphKind: file.kind,
    checkpoint: checkpoint.prefix || undefined,
    outputs,
    signature: signature && describeSignature(signature, graph),
    assets: await describeAssets(file, graph),
    out: settings.out,
    bytes: plan.size,
    nodesBefore: file.graph.nodes.length,
    nodesAfter: graph.nodes.length,
    variables: Array.from(frozen, ([name, value]) => ({
      name,
      key: value instanceof StoredTensor ? value.key : undefined,
      dtype: dataTypeName(value.dtype),
      shape: value.shape,
      bytes: value.byteLength,
    })),
    keptVariables: kept,
    droppedWrites,
    tableInitializers: tables,
    milliseconds: { read, rewrite, plan: planned, write: written, total: clock.total() },
  };
}

interface Rewritten {
  readonly graph: Graph;
  readonly frozen: ReadonlyMap<string, FrozenValue>;
  readonly kept: readonly string[];
  readonly droppedWrites: readonly string[];
  readonly tables: readonly string[];
}

/** The passes, in their order. The graph that comes out is checked like the one that went in. */
async function rewriteGraph(
  file: GraphFile,
  checkpoint: Checkpoint,
  settings: FreezeSettings,
  restoreOp: string | undefined,
  map: VariableMap,
): Promise<Rewritten> {
  checkLists(file.graph, settings);
  // A variable that nothing but a colocation holds is no part of the model. TensorFlow's tool keeps it, if it was saved.
  const isSaved = (name: string): boolean => checkpoint.has(name) || file.slices.has(name);
  const binds = (node: GraphNode): boolean => !isVariable(node) || (settings.tfParity && isSaved(node.name));
  // TensorFlow's tool leaves out what fills the tables.
  const graphWithTables = settings.tfParity ? file.graph : restoreTables(file.graph, checkpoint);
  const tables = settings.tfParity ? [] : tableInitializers(graphWithTables, settings.outputs);
  const outputs = [...settings.outputs, ...tables];
  const pruned = prune(graphWithTables, outputs, binds);
  const whole = fillDefaults(pruned);
  const cleared = settings.clearDevices ? clearDevices(whole) : whole;
  // Writes in functions are ordered with everything else only where all is in one graph.
  const ordered = functionsWrite(cleared) ? await inlined(strictCalls(cleared), settings) : cleared;
  const forwarded = forwardWrites(ordered, chooseVariables(ordered, settings)[0], outputs);
  const droppedWrites = forwarded.dropped;
  // A variable that was only written to is not needed any more, and may not even be in the checkpoint.
  const needed = forwarded.graph === cleared ? cleared : prune(forwarded.graph, outputs, binds);
  const [chosen, kept] = chooseVariables(needed, settings);
  const assigned = evaluateInitializers(file.graph, settings.initializers, chosen);
  const { objects, slices } = file;
  const binding = { checkpoint, graph: file.graph, pruned, outputs, restoreOp, map, slices, objects };
  const frozen = await valuesOf(chosen, assigned, (variables) => bindVariables(variables, binding));
  refuseInnerVariables(needed, (name) => (settings.allow?.has(name) ?? true) && !settings.deny.has(name));
  const constant = freezeVariables(needed, frozen, settings);
  const flat = settings.inline ? await inlined(constant, settings) : constant;
  const graph = settings.keepLibrary ? flat : pruneLibrary(flat);
  validateGraph(graph, 'The frozen graph');
  return { graph, frozen, kept: kept.map((node) => node.name), droppedWrites, tables };
}

/** The table of ops that inlining needs is large, so it is loaded when somebody asks. */
async function inlined(graph: Graph, { clearDevices: clear }: FreezeSettings): Promise<Graph> {
  const { inlineFunctions } = await import('../inline/inline-functions.js');
  const flat = inlineFunctions(graph);
  return clear ? clearDevices(flat) : flat;
}

/** A SaverDef that was handed over must be of this graph; one that a MetaGraphDef carries along may be stale. */
function requireRestoreOp(graph: Graph, saver: SaverDef, path: string): void {
  const name = saver.restore_op_name ?? '';
  if (graph.byName.has(inputNode(name))) return;
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    `The SaverDef ${path} restores with the node '${name}', and there is none in the graph. ` +
      'Pass the SaverDef that was exported with this graph, or a graph that still has its save and restore nodes.',
  );
}

/** A GraphDef without variables is what it would be frozen to; a SavedModel without any is still to be made one. */
function requireVariables({ graph, folder }: GraphFile, path: string): void {
  if (folder !== undefined || graph.nodes.some(isVariable)) return;
  throw new PermafrostError(
    'NO_VARIABLES',
    `${path} has no variables, so there is nothing to freeze. It was probably frozen before; it can be used as it is.`,
  );
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
