/** How much there is to do for the JavaScript thread, told by the sizes of the files before any of them is read. */
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { locateCheckpoint } from '../../checkpoint/locate.js';
import { rewrites } from '../../inference/inference-settings.js';
import type { Source } from '../../io/source.js';
import { layoutFacts } from '../../layouts/layout-name.js';
import type { FreezeSettings } from '../options/freeze-settings.js';

/** Bytes of graph and index. What is smaller keeps a thread for less time than a worker takes to start. */
const limit = 100_000;

/** The same for graphs that are rewritten for inference or looked at: around each node, up to some hundred others are. */
const limitOfLooks = 25_000;

/**
 * Whether a freeze is done before a worker would have started. The tensors do not count: the core copies them on threads of
 * its own. Files that are not there count as nothing; the freeze will say so.
 */
export async function isSmall({ graph, checkpoint, saver, variableMap, ...rest }: FreezeSettings): Promise<boolean> {
  // No size tells what these take: functions that call each other make a large graph of a small one, the layout of
  // TensorFlow.js takes in strings and functions, initialisers may compute tensors of any size, and int8 has as many scales
  // as a table has rows.
  const { inline, optimize, layout, initializers, weights, inferring, heapBytes } = rest;
  // Only a worker has a heap of a size of its own.
  if (heapBytes !== undefined) return false;
  const isQuantized = weights.some(({ type }) => type === 'int8');
  if (inline || optimize || layoutFacts[layout].inlines || initializers.length > 0 || isQuantized) return false;
  const files = [
    ...(checkpoint === undefined ? ownIndexes(graph) : await indexesOf(checkpoint)),
    ...[saver, variableMap].filter((path) => typeof path === 'string'),
  ];
  const bytes = (await bytesOf(graph)) + (await sizeOfAll(files));
  return bytes < (rewrites(inferring) ? limitOfLooks : limit);
}

/** The same for what needs no checkpoint. */
export async function isSmallGraph(graph: Source): Promise<boolean> {
  return (await bytesOf(graph)) < limitOfLooks;
}

async function bytesOf(graph: Source): Promise<number> {
  return typeof graph === 'string' ? sizeOfAll(filesOf(graph)) : graph.length;
}

async function sizeOfAll(paths: readonly string[]): Promise<number> {
  const sizes = await Promise.all(paths.map(sizeOf));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** It may be a SavedModel's folder. */
function filesOf(graph: string): string[] {
  return [graph, join(graph, 'saved_model.pb'), join(graph, 'saved_model.pbtxt')];
}

/** Of a SavedModel, by its folder or by its file. */
function ownIndexes(graph: Source): string[] {
  if (typeof graph !== 'string') return [];
  return [graph, dirname(graph)].map((folder) => join(folder, 'variables', 'variables.index'));
}

/** In a V1 checkpoint the index is in the files themselves. */
async function indexesOf(checkpoint: string): Promise<readonly string[]> {
  const found = await locateCheckpoint(checkpoint).catch(() => undefined);
  return found ? (found.files ?? [`${found.prefix}.index`]) : [];
}

async function sizeOf(path: string): Promise<number> {
  const info = await stat(path).catch(() => undefined);
  return info?.isFile() ? info.size : 0;
}
