/** A SavedModel: a file with one MetaGraphDef for each set of tags, in a folder with `variables` and `assets`. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PermafrostError } from '../errors.js';
import { beyond, limits } from '../limits.js';
import { refuseHidden } from '../permission.js';
import { decoding } from '../proto/decoding.js';
import { eachField } from '../proto/wire-fields.js';
import { tagsOf } from './meta-graph.js';

/** Field numbers of SavedModel. */
export const savedModelFields = { version: 1, metaGraphs: 2 } as const;

/** What TensorFlow tags the graph for inference with. */
export const servingTags: readonly string[] = ['serve'];

/** Sets of tags in a message. */
const mostShown = 10;

/** In the order in which TensorFlow looks for them. */
export const savedModelNames = ['saved_model.pb', 'saved_model.pbtxt', 'saved_model.cpb'] as const;

/** The file of a SavedModel's folder. Where it has several, TensorFlow and this take the first of `savedModelNames`. */
export async function savedModelFile(folder: string): Promise<string> {
  const paths = savedModelNames.map((name) => join(folder, name));
  for (const path of paths) if (await stat(path).catch(() => undefined)) return path;
  refuseHidden(paths[0] as string);
  throw new PermafrostError('FILE_NOT_FOUND', `There is none of ${savedModelNames.join(', ')} in ${folder}.`);
}

/**
 * The encoded MetaGraphDef that has exactly these tags, a slice of `bytes`; the first, where several have.
 * @param bytes a SavedModel.
 * @param source the file's name for messages.
 * @throws PermafrostError GRAPH_MALFORMED, LIMIT_EXCEEDED; INVALID_ARGUMENT where none has them.
 */
export function chooseMetaGraph(bytes: Uint8Array, tags: readonly string[], source: string): Uint8Array {
  const candidates = decoding(
    () => `The SavedModel ${source}`,
    () => metaGraphsOf(bytes, source).map((metaGraph) => ({ metaGraph, tags: tagsOf(metaGraph) })),
  );
  if (candidates.length === 0) {
    throw new PermafrostError(
      'GRAPH_MALFORMED',
      `The SavedModel ${source} has no MetaGraphDef, so there is no graph in it. ` +
        'The file may be cut off or damaged; export or copy it again.',
    );
  }
  const wanted = new Set(tags);
  const found = candidates.find(
    (each) => new Set(each.tags).size === wanted.size && each.tags.every((tag) => wanted.has(tag)),
  );
  if (found) return found.metaGraph;
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    `There is no graph with the tags ${tagText(tags)} in ${source}; all of a graph's tags must be named, and no others. ` +
      `There are graphs with ${listTags(candidates)}.`,
  );
}

function metaGraphsOf(bytes: Uint8Array, source: string): Uint8Array[] {
  const most = limits().metaGraphs;
  const found: Uint8Array[] = [];
  for (const { number, payload } of eachField(bytes)) {
    if (number !== savedModelFields.metaGraphs || !payload) continue;
    if (found.length === most)
      throw beyond('metaGraphs', `The SavedModel ${source} has more than ${most} MetaGraphDefs`);
    found.push(payload);
  }
  return found;
}

function listTags(candidates: readonly { readonly tags: readonly string[] }[]): string {
  const all = [...new Set(candidates.map(({ tags }) => tagText(tags)))];
  const shown = all.slice(0, mostShown).join(' and with ');
  return all.length > mostShown ? `${shown}, and ${all.length - mostShown} more` : shown;
}

/** As `--tags` takes them. */
function tagText(tags: readonly string[]): string {
  return tags.length === 0 ? "'' (none)" : `'${tags.join(',')}'`;
}
