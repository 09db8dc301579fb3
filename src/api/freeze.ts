import { join, resolve } from 'node:path';
import { Checkpoint } from '../checkpoint/checkpoint.js';
import { readVariableMap, type VariableMap } from '../checkpoint/variable-map.js';
import { PermafrostError } from '../errors.js';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import { validateGraph } from '../graph/validate.js';
import { isVariable } from '../graph/variables.js';
import { rewrites } from '../inference/inference-settings.js';
import { type GraphFile, readGraph, readSaver } from '../io/read-graph.js';
import type { Signature } from '../io/signature.js';
import { sourceName } from '../io/source.js';
import { layoutFacts } from '../layouts/layout-name.js';
import { loadLayout } from '../layouts/layouts.js';
import { within } from '../limits.js';
import { onAbort } from '../on-abort.js';
import type { SaverDef } from '../proto/types.js';
import { abortError, throwIfAborted } from './abort.js';
import { freezeAside } from './aside/freeze-aside.js';
import { type ChosenOutputs, chooseOutputs } from './choose-outputs.js';
import { describeAssets, describeSignature } from './describe-model.js';
import { describeVariables } from './describe-variables.js';
import type { FreezeOptions } from './options/freeze-options.js';
import type { FreezeSettings } from './options/freeze-settings.js';
import { places } from './options/placing-options.js';
import { readFreezeOptions } from './options/read-freeze-options.js';
import { openOwnCheckpoint } from './own-checkpoint.js';
import { type PlacingPlan, placeAndReport, preparePlacing } from './place.js';
import type { FreezeReport } from './report.js';
import { rewriteGraph } from './rewrite.js';
import { Stopwatch } from './stopwatch.js';
import { traced } from './traced.js';
import { claimFolder } from './writing/claim-folder.js';
import { handOver } from './writing/hand-over.js';
import { orDestroy } from './writing/outlet.js';
import { type Take, takePlan } from './writing/take-plan.js';
import { write } from './writing/write.js';
import { besidePath, writeBeside } from './writing/write-beside.js';

/**
 * Freezes the variables that the outputs need into constants, with the values of the checkpoint, and writes the result in
 * the layout that was asked for: a file or a folder, by default one binary GraphDef. Every tensor's checksum is verified while
 * it is copied. The target comes to be in one step, or not at all; a file that exists is replaced, a folder must be empty.
 * @throws PermafrostError with the `code` of what went wrong; `docs/errors.md` lists them.
 */
export function freeze(options: FreezeOptions): Promise<FreezeReport> {
  return traced('freeze', options, () =>
    orDestroy(options?.out, async () => freezeSettled(readFreezeOptions(options))),
  );
}

/** As `freeze`, with settings that have been checked. */
export function freezeSettled(settings: FreezeSettings): Promise<FreezeReport> {
  return claimFolder(settings, () =>
    handOver(settings, (take, signal = settings.signal) => freezeAside({ ...settings, signal }, freezeHere, take)),
  );
}

/** What a freeze asks before it goes on, and whom it gives the graph to. */
export interface Gates {
  /** As `mayBegin` of `write`. */
  readonly mayWrite?: () => boolean;
  /**
   * Before and during what no size of a file tells how long it takes: functions are put into the graph that calls them, values
   * that initialisers assign are computed. What it throws ends the freeze.
   */
  readonly mayGoOn?: () => void;
  /** Takes the graph in, in place of a path. */
  readonly take?: Take | undefined;
}

/** All of a freeze on this thread. */
export function freezeHere(settings: FreezeSettings, gates: Gates = {}): Promise<FreezeReport> {
  return within(settings.limits, () => freezeWithin(settings, gates));
}

async function freezeWithin(settings: FreezeSettings, gates: Gates): Promise<FreezeReport> {
  const { signal, checkpoint } = settings;
  throwIfAborted(signal);
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const stopListening = onAbort(signal, end);
  const given = checkpoint === undefined ? undefined : Checkpoint.open(checkpoint, ending.signal);
  try {
    return await freezeWith(given, settings, gates);
  } catch (error) {
    // Where it is the graph that fails, nobody wants the checkpoint any more; one of version 1 takes long to open.
    end();
    await given?.then(
      (opened) => opened.close(),
      () => undefined,
    );
    throwIfAborted(signal);
    throw error;
  } finally {
    stopListening();
  }
}

async function freezeWith(
  opening: Promise<Checkpoint> | undefined,
  settings: FreezeSettings,
  gates: Gates,
): Promise<FreezeReport> {
  const clock = new Stopwatch();
  const [file, given, saver, map, placing] = await Promise.all([
    readGraph(settings.graph, settings.tags),
    opening,
    settings.saver === undefined ? undefined : readSaver(settings.saver),
    readVariableMap(settings.variableMap),
    preparePlacing(settings),
  ]);
  validateGraph(file.graph, sourceName(settings.graph));
  const chosen = await chooseOutputs(file, settings);
  requireVariables(file, settings);
  const checkpoint = given ?? (await openOwnCheckpoint(file, sourceName(settings.graph), settings.signal));
  try {
    const isOwn = given === undefined;
    return await freezeOpened({ file, checkpoint, isOwn, saver, map, placing, gates }, chosen, settings, clock);
  } finally {
    checkpoint.close();
  }
}

/** What was read for a freeze. */
interface Sources {
  readonly file: GraphFile;
  readonly checkpoint: Checkpoint;
  /** The variables are those of the SavedModel. */
  readonly isOwn: boolean;
  readonly saver: SaverDef | undefined;
  readonly map: VariableMap;
  readonly placing: PlacingPlan | undefined;
  readonly gates: Gates;
}

async function freezeOpened(
  { file, checkpoint, isOwn, saver, map, placing, gates }: Sources,
  { outputs, signature }: ChosenOutputs,
  settings: FreezeSettings,
  clock: Stopwatch,
): Promise<FreezeReport> {
  const { signal } = settings;
  throwIfAborted(signal);
  const read = clock.lap();

  if (saver) requireRestoreOp(file.graph, saver, settings.saver as string);
  const restoreOp = (saver ?? file.saver)?.restore_op_name;
  // TensorFlow's loader runs the SavedModel's op after it has restored the variables beside it.
  const isLoaded = isOwn && saver === undefined && file.initOp !== undefined;
  const initializers = isLoaded ? [file.initOp, ...settings.initializers] : settings.initializers;
  const { mayGoOn, mayWrite, take } = gates;
  const rewriting = { ...settings, outputs, initializers, mayGoOn };
  const rewritten = await rewriteGraph(file, checkpoint, rewriting, restoreOp, map);
  const { graph, frozen, weights, tables, inputs, bound, told } = rewritten;
  const fed = await signaturesOf(graph, inputs, bound);
  const model = { ...file, signatures: file.signatures.map(fed) };
  const answered = signature && fed(signature);
  const paths = [settings.graph, file.path, file.folder, settings.checkpoint, settings.saver, settings.variableMap];
  const sources = [...paths, settings.placeRules].filter((path) => typeof path === 'string');
  const constants = { changes: settings.deviceConstants, outputs: [...outputs, ...tables] };
  const placedGraph = placing && (await placeAndReport(graph, placing, constants, { dot: settings.dot, sources }));
  const { graph: placed, placement, picture } = placedGraph ?? { graph };
  const rewrite = clock.lap();

  const layOut = await loadLayout(settings.layout);
  const target = resolve(settings.target);
  const { weightsRoot, shardBytes } = settings;
  const {
    plan,
    graph: written,
    beside,
  } = await layOut({
    graph: placed,
    checkpoint,
    source: model,
    outputs,
    signature: answered,
    tableInitializers: tables,
    target,
    weightsRoot,
    shardBytes,
    targets: new Set(placing?.devices.list.map((device) => device.target)),
    mayGoOn,
  });
  throwIfAborted(signal);
  const files = take
    ? []
    : [
        ...plan.files.map(({ path, size }) => ({ path: join(target, path), bytes: size })),
        ...(beside ? [{ path: besidePath(target, beside), bytes: beside.bytes.length }] : []),
      ];
  await picture?.prove([target, ...files.map(({ path }) => path)], checkpoint);
  const planned = clock.lap();

  let overflows: Float64Array | undefined;
  if (take) {
    if (mayWrite?.() === false) throw abortError();
    overflows = await takePlan(plan, checkpoint, settings, take);
  } else if (settings.out !== undefined) {
    const writing = { ...settings, out: settings.target, sources };
    const writePlanned = (inPlace?: () => Promise<void>): Promise<Float64Array> =>
      write(plan, checkpoint, writing, { mayBegin: mayWrite, ...(inPlace && { inPlace }) });
    overflows = beside ? await writeBeside(beside, checkpoint, writing, writePlanned) : await writePlanned();
  }
  await picture?.draw();
  const wrote = clock.lap();
  return {
    graph: sourceName(settings.graph),
    graphKind: file.kind,
    checkpoint: checkpoint.path || undefined,
    outputs,
    signature: answered && describeSignature(answered, written),
    assets: await describeAssets(file, written),
    out: settings.dryRun ? undefined : settings.out,
    layout: settings.layout,
    files,
    bytes: plan.size + (beside?.bytes.length ?? 0),
    nodesBefore: file.graph.nodes.length,
    nodesAfter: written.nodes.length,
    variables: describeVariables(frozen, weights, plan, overflows),
    tableInitializers: tables,
    ...told,
    placement,
    milliseconds: { read, rewrite, plan: planned, write: wrote, total: clock.total() },
  };
}

/** What becomes of signatures in a graph that was cut, or in which something is bound. */
async function signaturesOf(
  graph: Graph,
  inputs: readonly string[],
  bound: readonly string[],
): Promise<(signature: Signature) => Signature> {
  if (inputs.length + bound.length === 0) return (signature) => signature;
  const { boundSignature, cutSignature } = await import('../layouts/cut-signatures.js');
  const names = new Set(bound);
  return (signature) => cutSignature(boundSignature(signature, names), graph, inputs);
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

/** A GraphDef without variables is what it would be frozen to, unless its form or its devices are to be others. */
function requireVariables({ graph, folder }: GraphFile, settings: FreezeSettings): void {
  const changes =
    folder !== undefined ||
    !layoutFacts[settings.layout].isPlainGraph ||
    places(settings) ||
    settings.optimize ||
    rewrites(settings.inferring);
  if (changes || graph.nodes.some(isVariable)) return;
  throw new PermafrostError(
    'NO_VARIABLES',
    `${sourceName(settings.graph)} has no variables, so there is nothing to freeze. It was probably frozen before; it can be used as it is.`,
  );
}
