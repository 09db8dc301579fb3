/** The files that a SavedModel brings along, to be written into another. */
import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { isPermafrostError, PermafrostError } from '../errors.js';
import type { Asset } from '../io/meta-graph.js';
import { cannotRead, fileInfo } from '../io/read-file.js';
import type { FileSegment } from '../plan/plan.js';

/**
 * @param folder of the SavedModel; undefined where the assets came in a MetaGraphDef alone.
 * @returns each file, by its name in the folder `assets`.
 * @throws PermafrostError FILE_NOT_FOUND, READ_FAILED; GRAPH_MALFORMED for a name that leads elsewhere.
 */
export async function findAssets(
  assets: readonly Asset[],
  folder: string | undefined,
): Promise<ReadonlyMap<string, FileSegment>> {
  const names = [...new Set(assets.map(({ file }) => file))];
  for (const name of names) refuseOtherPlaces(name);
  return new Map(
    await Promise.all(names.map(async (name): Promise<[string, FileSegment]> => [name, await find(name, folder)])),
  );
}

/** What is written must stay in the target's folder, whoever named it. */
function refuseOtherPlaces(name: string): void {
  const isPlain = !name.includes('\0') && name.split('/').every((part) => !['', '.', '..'].includes(part));
  if (isPlain) return;
  throw new PermafrostError(
    'GRAPH_MALFORMED',
    `The model has an asset '${name}', and that is no path of a file in the folder 'assets'. The file may be damaged; ` +
      'export the model again.',
  );
}

async function find(name: string, folder: string | undefined): Promise<FileSegment> {
  const path = resolve(folder === undefined ? name : join(folder, 'assets', name));
  try {
    return { path, size: await sizeOf(path) };
  } catch (error) {
    if (!isPermafrostError(error) || error.code !== 'FILE_NOT_FOUND') throw error;
    const advice =
      folder === undefined
        ? 'A MetaGraphDef alone does not say where it is; pass the folder of the SavedModel'
        : 'A SavedModel is its whole folder; copy its folder `assets` too';
    throw new PermafrostError(
      'FILE_NOT_FOUND',
      `The model needs its asset '${name}', and there is no file '${path}'. ${advice}.`,
      { cause: error },
    );
  }
}

/** @throws PermafrostError FILE_NOT_FOUND, READ_FAILED */
async function sizeOf(path: string): Promise<number> {
  const info = await fileInfo(path);
  if (info.isDirectory()) throw cannotRead(path, new Error('a folder'));
  // A dry run does not get as far as opening it.
  await access(path, constants.R_OK).catch((error) => {
    throw cannotRead(path, error);
  });
  return info.size;
}
