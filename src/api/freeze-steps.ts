/** What a freeze does with what it has read, step by step. */
import { join, resolve } from 'node:path';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { VariableMap } from '../checkpoint/variable-map.js';
import type { PlacementReport } from '../devices/placement-report.js';
import { PermafrostError } from '../errors.js';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { GraphFile } from '../io/read-graph.js';
import type { Signature } from '../io/signature.js';
import type { LaidOut } from '../layouts/frozen-model.js';
import { loadLayout } from '../layouts/layouts.js';
import { refuseRepeats } from '../layouts/refuse-repeats.js';
import type { SaverDef } from '../proto/types.js';
import { abortError, throwIfAborted } from './abort.js';
import type { ChosenOutputs } from './choose-outputs.js';
import type { Gates } from './gates.js';
import type { FreezeSettings } from './options/freeze-settings.js';
import type { Picture } from './picture.js';
import { type PlacingPlan, placeAndReport } from './place.js';
import type { WrittenFile } from './report.js';
import { type Rewritten, rewriteGraph } from './rewrite.js';
import { takePlan } from './writing/take-plan.js';
import { write } from './writing/write.js';
import { besidePath, writeBeside } from './writing/write-beside.js';

/** What was read for a freeze. */
export interface Sources {
  readonly file: GraphFile;
  readonly checkpoint: Checkpoint;
  /** The variables are those of the SavedModel. */
  readonly isOwn: boolean;
  readonly saver: SaverDef | undefined;
  readonly map: VariableMap;
  readonly placing: PlacingPlan | undefined;
  readonly gates: Gates;
}

/** The graph with constants for its variables, where its nodes are to be, and what became of the rest. */
export interface Frozen {
  readonly rewritten: Rewritten;
  readonly graph: Graph;
  readonly placement: PlacementReport | undefined;
  readonly picture: Picture | undefined;
  /** What was read, with the signatures that are left. */
  readonly model: GraphFile;
  readonly signature: Signature | undefined;
}

export async function freezeGraphOf(
  { file, checkpoint, isOwn, saver, map, placing, gates }: Sources,
  { outputs, signature }: ChosenOutputs,
  settings: FreezeSettings,
): Promise<Frozen> {
  if (saver) requireRestoreOp(file.graph, saver, settings.saver as string);
  const restoreOp = (saver ?? file.saver)?.restore_op_name;
  // TensorFlow's loader runs the SavedModel's op after it has restored the variables beside it.
  const isLoaded = isOwn && saver === undefined && file.initOp !== undefined;
  const initializers = isLoaded ? [file.initOp, ...settings.initializers] : settings.initializers;
  const rewriting = { ...settings, outputs, initializers, mayGoOn: gates.mayGoOn };
  const rewritten = await rewriteGraph(file, checkpoint, rewriting, restoreOp, map);
  const { graph, tables, inputs, bound } = rewritten;
  const asked = signature ? [signature] : [];
  const fed = await signaturesOf([...file.signatures, ...asked], graph, inputs, bound);
  const model = { ...file, signatures: fed.slice(0, file.signatures.length) };
  const constants = { changes: settings.deviceConstants, outputs: [...outputs, ...tables] };
  const drawing = { dot: settings.dot, sources: pathsOf(file, settings) };
  const placed = placing ? await placeAndReport(graph, placing, constants, drawing) : unplaced(graph);
  return { rewritten, ...placed, model, signature: fed[file.signatures.length] };
}

function unplaced(graph: Graph): Pick<Frozen, 'graph' | 'placement' | 'picture'> {
  return { graph, placement: undefined, picture: undefined };
}

/** Of all that was read, none of which may be replaced. */
function pathsOf(file: GraphFile, settings: FreezeSettings): string[] {
  const { graph, checkpoint, saver, variableMap, placeRules } = settings;
  const given = [graph, file.path, file.folder, checkpoint, saver, variableMap, placeRules];
  return given.filter((path) => typeof path === 'string');
}

export interface Planned extends LaidOut {
  /** What a freeze to a path writes. */
  readonly files: readonly WrittenFile[];
}

export async function layOut(
  { rewritten, graph, picture, model, signature }: Frozen,
  { checkpoint, placing, gates }: Sources,
  { outputs }: ChosenOutputs,
  settings: FreezeSettings,
): Promise<Planned> {
  const { weightsRoot, shardBytes, signal } = settings;
  const layout = await loadLayout(settings.layout);
  const target = resolve(settings.target);
  const laidOut = await layout({
    graph,
    checkpoint,
    source: model,
    outputs,
    signature,
    tableInitializers: rewritten.tables,
    target,
    weightsRoot,
    shardBytes,
    targets: new Set(placing?.devices.list.map((device) => device.target)),
    mayGoOn: gates.mayGoOn,
  });
  throwIfAborted(signal);
  refuseRepeats(laidOut.plan);
  const files = gates.take ? [] : filesOf(laidOut, target);
  await picture?.prove([target, ...files.map(({ path }) => path)], checkpoint);
  return { ...laidOut, files };
}

function filesOf({ plan, beside }: LaidOut, target: string): WrittenFile[] {
  const planned = plan.files.map(({ path, size }) => ({ path: join(target, path), bytes: size }));
  return beside ? [...planned, { path: besidePath(target, beside), bytes: beside.bytes.length }] : planned;
}

/** @returns as `write` does; undefined where there is nothing to write to. */
export async function writeOut(
  { plan, beside }: Planned,
  { file, checkpoint, gates: { mayWrite, take } }: Sources,
  settings: FreezeSettings,
): Promise<Float64Array | undefined> {
  if (take) {
    if (mayWrite?.() === false) throw abortError();
    return takePlan(plan, checkpoint, settings, take);
  }
  if (settings.out === undefined) return undefined;
  const writing = { ...settings, out: settings.target, sources: pathsOf(file, settings) };
  const writePlanned = (inPlace?: () => Promise<void>): Promise<Float64Array> =>
    write(plan, checkpoint, writing, { mayBegin: mayWrite, ...(inPlace && { inPlace }) });
  return beside ? writeBeside(beside, checkpoint, writing, writePlanned) : writePlanned();
}

/** What becomes of signatures in a graph that was cut, or in which something is bound. */
async function signaturesOf(
  signatures: readonly Signature[],
  graph: Graph,
  inputs: readonly string[],
  bound: readonly string[],
): Promise<readonly Signature[]> {
  if (inputs.length + bound.length === 0) return signatures;
  const { boundSignature, cutSignatures } = await import('../layouts/cut-signatures.js');
  const names = new Set(bound);
  const free = signatures.map((signature) => boundSignature(signature, names));
  return cutSignatures(free, graph, inputs);
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
