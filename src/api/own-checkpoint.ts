import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Checkpoint } from '../checkpoint/checkpoint.js';
import { PermafrostError } from '../errors.js';
import { isVariable } from '../graph/variables.js';
import type { GraphFile } from '../io/read-graph.js';
import { refuseHidden } from '../permission.js';

/**
 * The checkpoint in a SavedModel's folder. A model without variables needs none, and TensorFlow 1 writes none then.
 * @param path of the graph, for messages.
 * @throws PermafrostError INVALID_ARGUMENT where the graph is in no such folder, CHECKPOINT_NOT_FOUND and all others of
 * a checkpoint that is opened
 */
export async function openOwnCheckpoint(
  { folder, kind, graph }: GraphFile,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Checkpoint> {
  if (!graph.nodes.some(isVariable)) return Checkpoint.empty();
  if (folder === undefined) {
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `Expected a checkpoint for ${path} but received none: it is ${kind}, which has no values of its variables.`,
    );
  }
  const prefix = join(folder, 'variables', 'variables');
  if (await stat(`${prefix}.index`).catch(() => undefined)) return Checkpoint.open(prefix, signal);
  refuseHidden(`${prefix}.index`);
  throw new PermafrostError(
    'CHECKPOINT_NOT_FOUND',
    `The SavedModel ${folder} has no values of its variables: there is no ${prefix}.index. A SavedModel is its whole ` +
      'folder; copy its folder `variables` too, or pass a checkpoint.',
  );
}
