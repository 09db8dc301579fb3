/** The files that a SavedModel brings along, to be written into another. */
import { constants } from 'node:fs';
import { access, realpath } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import { isPermafrostError, PermafrostError } from '../errors.js';
import type { Asset } from '../io/meta-graph.js';
import { cannotRead, fileInfo } from '../io/read-file.js';
import type { FileSegment } from '../plan/plan.js';

/**
 * @param folder of the SavedModel; undefined where the assets came in a MetaGraphDef alone.
 * @returns each file, by its name in the folder `assets`.
 * @throws PermafrostError FILE_NOT_FOUND; READ_FAILED, for a link out of the folder too; GRAPH_MALFORMED for a name that leads
 * elsewhere.
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

/** Whether a name is that of a file in the folder `assets`, or in one below it. */
export function staysInside(name: string): boolean {
  return !name.includes('\0') && name.split('/').every((part) => !['', '.', '..'].includes(part));
}

/** What is read must be in the model's folder, and what is written in the target's, whoever named it. */
function refuseOtherPlaces(name: string): void {
  if (staysInside(name)) return;
  throw new PermafrostError(
    'GRAPH_MALFORMED',
    `The model has an asset '${name}', and that is no path of a file in the folder 'assets'. The file may be damaged; ` +
      'export the model again.',
  );
}

async function find(name: string, folder: string | undefined): Promise<FileSegment> {
  if (folder === undefined) {
    throw new PermafrostError(
      'FILE_NOT_FOUND',
      `The model needs its asset '${name}', and a MetaGraphDef alone does not say where it is; pass the folder of the SavedModel.`,
    );
  }
  const path = resolve(join(folder, 'assets', name));
  try {
    const size = await sizeOf(path);
    await refuseLinksOut(path, folder);
    return { path, size };
  } catch (error) {
    if (!isPermafrostError(error) || error.code !== 'FILE_NOT_FOUND') throw error;
    throw new PermafrostError(
      'FILE_NOT_FOUND',
      `The model needs its asset '${name}', and there is no file '${path}'. A SavedModel is its whole folder; copy its ` +
        'folder `assets` too.',
      { cause: error },
    );
  }
}

/** An asset is copied as it is, so a link could bring any file of this machine into the output. */
async function refuseLinksOut(path: string, folder: string): Promise<void> {
  const [real, root] = await Promise.all([realpath(path), realpath(folder)]);
  if (real.startsWith(join(root, sep))) return;
  throw new PermafrostError(
    'READ_FAILED',
    `The asset ${path} is a link to ${real}, which is outside of ${folder}. If it is meant, put a copy in its place (cp -RL).`,
  );
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
