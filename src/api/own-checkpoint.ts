import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PermafrostError } from '../errors.js';
import type { GraphFile } from '../io/read-graph.js';

/**
 * The prefix of the checkpoint in a SavedModel's folder.
 * @throws PermafrostError INVALID_ARGUMENT where the graph is in none, CHECKPOINT_NOT_FOUND
 */
export async function ownCheckpoint({ folder, kind }: GraphFile, graph: string): Promise<string> {
  if (folder === undefined) {
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `Expected a checkpoint for ${graph} but received none: it is ${kind}, which has no values of its variables.`,
    );
  }
  const prefix = join(folder, 'variables', 'variables');
  if (await stat(`${prefix}.index`).catch(() => undefined)) return prefix;
  throw new PermafrostError(
    'CHECKPOINT_NOT_FOUND',
    `The SavedModel ${folder} has no values of its variables: there is no ${prefix}.index. A SavedModel is its whole ` +
      'folder; copy its folder `variables` too, or pass a checkpoint.',
  );
}
