/** Finds for every variable that is to be frozen the tensor of the checkpoint that it takes its value from. */
import { PermafrostError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { upstream } from '../graph/upstream.js';
import { variableIdentity, variableShape, variableType } from '../graph/variables.js';
import { listNames, nearest } from '../nearest.js';
import { dataTypeName } from '../proto/data-types.js';
import type { Checkpoint } from './checkpoint.js';
import { type RestoredFrom, restoredKeys } from './restore-ops.js';

export interface Binding {
  readonly checkpoint: Checkpoint;
  /** The whole graph, with the ops that restore it. */
  readonly graph: Graph;
  /** What is left of it for the outputs; for messages. */
  readonly pruned: Graph;
  readonly outputs: readonly string[];
  /** The Saver's restore op, where a SaverDef names it: then the graph's own assignments decide before names do. */
  readonly restoreOp: string | undefined;
}

/**
 * Like TensorFlow: with a SaverDef, the key that the Saver restores a variable from; else the key that is the
 * variable's name. Each is also the other's fallback; the last is the name that several handles share.
 * @throws PermafrostError VARIABLE_NOT_IN_CHECKPOINT, VARIABLE_MISMATCH, CHECKPOINT_UNSUPPORTED
 */
export function bindVariables(variables: readonly GraphNode[], binding: Binding): Map<string, StoredTensor> {
  const { checkpoint, graph, restoreOp } = binding;
  const bySaver = restoreOp === undefined ? undefined : restoredKeys(graph, restoreOp);
  let byAnySaver: Map<string, RestoredFrom> | undefined;
  const bound = new Map<string, StoredTensor>();
  for (const variable of variables) {
    const identity = variableIdentity(variable);
    let from = bySaver?.get(identity);
    if (!from && !checkpoint.has(variable.name)) {
      byAnySaver ??= restoredKeys(graph, undefined);
      from = byAnySaver.get(identity);
    }
    const key = from?.key ?? (checkpoint.has(variable.name) ? variable.name : identity);
    const tensor = checkpoint.get(key);
    if (!tensor) throw notInCheckpoint(variable, key, binding);
    checkWhole(variable, tensor, from?.slice ?? '');
    checkMatch(variable, tensor, checkpoint);
    bound.set(variable.name, tensor);
  }
  return bound;
}

function checkWhole(variable: GraphNode, tensor: StoredTensor, slice: string): void {
  if (slice === '' && tensor.slices === 0) return;
  const part = slice === '' ? '' : `, of which the variable is the part '${slice}'`;
  throw new PermafrostError(
    'CHECKPOINT_UNSUPPORTED',
    `Variable '${variable.name}' is stored in the checkpoint as '${tensor.key}' in ${tensor.slices} slices${part}: ` +
      'a partitioned variable, which this version cannot put together.',
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

function shapeText(shape: readonly number[]): string {
  return `[${shape.map((size) => (size < 0 ? '?' : size)).join(', ')}]`;
}

function notInCheckpoint(variable: GraphNode, key: string, binding: Binding): PermafrostError {
  const { checkpoint, pruned, outputs } = binding;
  const whole = key.replace(/\/part_\d+$/, '');
  if (whole !== key && checkpoint.has(whole)) {
    return new PermafrostError(
      'CHECKPOINT_UNSUPPORTED',
      `Variable '${variable.name}' is a part of the partitioned variable '${whole}', which the checkpoint stores ` +
        'under that name; this version cannot take parts.',
    );
  }
  const named = key === variable.name ? '' : ` under its Saver's name '${key}'`;
  const near = nearest(key, checkpoint.keys());
  const nearText = near.length > 0 ? `The nearest keys are ${listNames(near)}.` : 'No key is like it.';
  return new PermafrostError(
    'VARIABLE_NOT_IN_CHECKPOINT',
    `Variable '${variable.name}' is not in the checkpoint ${checkpoint.prefix}${named}. ${nearText} ` +
      `Needed by the outputs ${listNames(outputsThatNeed(variable.name, pruned, outputs))}. ` +
      'Pass the checkpoint that belongs to this graph, choose other outputs, or put the variable on the deny list.',
  );
}

/** Falls back to all outputs where only a colocation holds the variable. */
function outputsThatNeed(variable: string, graph: Graph, outputs: readonly string[]): readonly string[] {
  const needing = outputs.filter((output) => upstream(graph, [output]).has(variable));
  return needing.length > 0 ? needing : outputs;
}
