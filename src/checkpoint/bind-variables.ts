/** Finds for every variable that is to be frozen the tensor of the checkpoint that it takes its value from. */
import { PermafrostError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { shapeText } from '../graph/shape-text.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { downstream } from '../graph/upstream.js';
import { variableIdentity, variableShape, variableType } from '../graph/variables.js';
import type { SliceInfo } from '../io/slice-infos.js';
import { listNames, nearest } from '../nearest.js';
import { dataTypeName } from '../proto/data-types.js';
import type { Checkpoint } from './checkpoint.js';
import { type KeysByName, readObjectGraph } from './object-graph.js';
import { nameOfWhole, PartShapes } from './part-shapes.js';
import { partOf, partOfSlice } from './partition.js';
import { type RestoredFrom, restoredKeys } from './restore-ops.js';
import { checkVariableMap, type VariableMap } from './variable-map.js';

export interface Binding {
  readonly checkpoint: Checkpoint;
  /** The whole graph, with the ops that restore it. */
  readonly graph: Graph;
  /** What is left of it for the outputs; for messages. */
  readonly pruned: Graph;
  readonly outputs: readonly string[];
  /** The Saver's restore op, where a SaverDef names it: then the graph's own assignments decide before names do. */
  readonly restoreOp: string | undefined;
  /** What the user says; it overrules everything. */
  readonly map: VariableMap;
  /** What a MetaGraphDef says of the variables that are parts, by their names. */
  readonly slices: ReadonlyMap<string, SliceInfo>;
  /** The SavedObjectGraph of a SavedModel, encoded; else empty. */
  readonly objects: Uint8Array;
}

/**
 * The evidence, in its order: the user's map; with a SaverDef, what the Saver restores a variable from; the key that is
 * the variable's name; what any assignment of the graph restores it from; which part of a variable the MetaGraphDef says
 * it is; the name that several handles share. Where no key of those names is in the checkpoint, the variable may be named
 * like a part of one that is; last comes the object graph. The second and the third are TensorFlow's.
 * @throws PermafrostError INVALID_ARGUMENT, VARIABLE_NOT_IN_CHECKPOINT, VARIABLE_MISMATCH, GRAPH_INVALID,
 * CHECKPOINT_MALFORMED
 */
export async function bindVariables(
  variables: readonly GraphNode[],
  binding: Binding,
): Promise<Map<string, StoredTensor>> {
  const { checkpoint, graph, restoreOp, map, objects } = binding;
  checkVariableMap(map, graph, checkpoint);
  const bySaver = restoreOp === undefined ? undefined : restoredKeys(graph, restoreOp);
  let byAnySaver: Map<string, RestoredFrom> | undefined;
  let byObject: KeysByName | undefined;
  const parts = new PartShapes(graph);
  const bound = new Map<string, StoredTensor>();
  for (const variable of variables) {
    const identity = variableIdentity(variable);
    const mapped = map.get(variable.name) ?? map.get(identity);
    let from: RestoredFrom | SliceInfo | undefined =
      mapped === undefined ? bySaver?.get(identity) : { key: mapped, slice: '' };
    if (!from && !checkpoint.has(variable.name)) {
      byAnySaver ??= restoredKeys(graph, undefined);
      from = byAnySaver.get(identity) ?? sliceInfo(variable, binding);
    }
    from ??= { key: checkpoint.has(variable.name) ? variable.name : identity, slice: '' };
    const stored = checkpoint.get(from.key);
    let tensor = stored ? partFrom(variable, stored, from) : partByNames(variable, from.key, checkpoint, parts);
    if (!tensor) {
      byObject ??= await readObjectGraph(checkpoint, objects);
      const [key, other] = byObject.get(identity) ?? byObject.get(variable.name) ?? [];
      tensor = key === undefined || other !== undefined ? undefined : checkpoint.get(key);
      if (!tensor) throw notInCheckpoint(variable, key ?? from.key, binding, byObject);
    }
    checkMatch(variable, tensor, checkpoint);
    bound.set(variable.name, tensor);
  }
  return bound;
}

/** A checkpoint may hold the parts as tensors of their own; then what is said of the whole does not count. */
function sliceInfo(variable: GraphNode, { slices, checkpoint }: Binding): SliceInfo | undefined {
  const info = slices.get(variable.name);
  return info && checkpoint.has(info.key) ? info : undefined;
}

function partFrom(variable: GraphNode, whole: StoredTensor, from: RestoredFrom | SliceInfo): StoredTensor {
  if ('region' in from) return partOf(variable, whole, from.fullShape, from.region);
  return from.slice === '' ? whole : partOfSlice(variable, whole, from.slice);
}

/** For a variable named like a part of a stored tensor; undefined where there is no such tensor. */
function partByNames(
  variable: GraphNode,
  key: string,
  checkpoint: Checkpoint,
  parts: PartShapes,
): StoredTensor | undefined {
  const whole = checkpoint.get(nameOfWhole(key) ?? '');
  if (!whole) return undefined;
  const part = parts.partOf(variable, whole);
  if (part) return part;
  throw new PermafrostError(
    'VARIABLE_NOT_IN_CHECKPOINT',
    `Variable '${variable.name}' is a part of the partitioned variable '${whole.key}', and the graph does not say which: ` +
      `the shapes of its parts do not add up to ${shapeText(whole.shape)} along one axis. ` +
      'Pass the MetaGraphDef (.meta) that was saved with the checkpoint, which says it.',
  );
}

function checkMatch(variable: GraphNode, tensor: StoredTensor, checkpoint: Checkpoint): void {
  const dtype = variableType(variable);
  const shape = variableShape(variable);
  const sameShape =
    !shape ||
    (shape.length === tensor.shape.length && shape.every((size, axis) => size < 0 || size === tensor.shape[axis]));
  if (dtype === tensor.dtype && sameShape) return;
  const inGraph = `${dataTypeName(dtype)}${shape ? shapeText(shape) : ''}`;
  const inCheckpoint = `${dataTypeName(tensor.dtype)}${shapeText(tensor.shape)}`;
  throw new PermafrostError(
    'VARIABLE_MISMATCH',
    `Variable '${variable.name}' is ${inGraph} in the graph, and its tensor '${tensor.key}' is ${inCheckpoint} in ` +
      `${checkpoint.prefix}. The graph and the checkpoint are not of the same model, or not of the same version of it.`,
  );
}

function notInCheckpoint(
  variable: GraphNode,
  key: string,
  binding: Binding,
  byObject: KeysByName = new Map(),
): PermafrostError {
  const { checkpoint, pruned, outputs } = binding;
  const named = key === variable.name ? '' : ` under its Saver's name '${key}'`;
  const near = nearest(key, checkpoint.keys());
  const nearText = near.length > 0 ? `The nearest keys are ${listNames(near)}.` : 'No key is like it.';
  return new PermafrostError(
    'VARIABLE_NOT_IN_CHECKPOINT',
    `Variable '${variable.name}' is not in the checkpoint ${checkpoint.prefix}${named}. ` +
      `${byObject.size > 0 ? objectText(variable, byObject) : nearText} ` +
      `Needed by the outputs ${listNames(outputsThatNeed(variable.name, pruned, outputs))}. ` +
      'Pass the checkpoint that belongs to this graph, choose other outputs, or put the variable on the deny list.',
  );
}

/** Why the names of objects do not tell which key holds a variable. */
function objectText(variable: GraphNode, byObject: KeysByName): string {
  const keys = byObject.get(variableIdentity(variable)) ?? byObject.get(variable.name);
  const near = nearest(variable.name, byObject.keys());
  const what = keys
    ? `and ${keys.size} of its variables are called so: ${listNames([...keys])}`
    : `and none of its variables is called so${near.length > 0 ? ` (the nearest are ${listNames(near)})` : ''}`;
  return `It is a checkpoint of objects, with a path for a key, ${what}. Say in a variable map which key it is.`;
}

/** Falls back to all outputs where only a colocation holds the variable. */
function outputsThatNeed(variable: string, graph: Graph, outputs: readonly string[]): readonly string[] {
  const needing = downstream(graph, [graph.wiring.positionOf(variable)]);
  const named = outputs.filter((output) => needing.has(output));
  return named.length > 0 ? named : outputs;
}
