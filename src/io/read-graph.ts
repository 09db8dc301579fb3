/** Reads a graph, whatever its form: binary or text; a GraphDef, a MetaGraphDef or a SavedModel. */
import { basename, dirname } from 'node:path';
import { PermafrostError } from '../errors.js';
import { decodeGraph } from '../graph/decode.js';
import type { Graph } from '../graph/graph.js';
import { decoding } from '../proto/decoding.js';
import { messageType, type SaverDef } from '../proto/types.js';
import { type FileKind, fileKind, kindName, kindOf } from './file-kind.js';
import { decodeMetaGraph, type MetaGraph } from './meta-graph.js';
import { readMessage } from './read-message.js';
import { chooseMetaGraph, savedModelFile, servingTags } from './saved-model.js';
import { type Source, sourceName } from './source.js';

/** A graph and, where it came in a MetaGraphDef, what that says of it; else all of that is empty. */
export interface GraphFile extends Omit<MetaGraph, 'graph'> {
  readonly graph: Graph;
  /** As in "a binary GraphDef". */
  readonly kind: string;
  /** The file that was read; of a SavedModel's folder, the one in it; `<bytes>` where there was no file. */
  readonly path: string;
  /** The SavedModel's folder, with `variables` and `assets` in it; undefined for anything but the file of a SavedModel. */
  readonly folder: string | undefined;
}

const graphAdvice =
  'Pass a GraphDef, a MetaGraphDef or a SavedModel, binary or text (.pb, .pbtxt, .meta, or the folder of a SavedModel)';
const passAs = (role: string): string => `Pass it as the ${role}, and the graph (.pb, .pbtxt or .meta) as the graph`;

/** Checkpoints are what people hold who trained a model; the graph is what they lack. */
const noGraphHere =
  'A checkpoint has the values of the variables and not the graph that computes with them, so it cannot be frozen alone. ' +
  'In the program that builds the model, save both with tf.saved_model.save(model, folder) or, for Keras, ' +
  'model.export(folder), and pass that folder; or pass the graph (.pb, .pbtxt or .meta), and this as the checkpoint';

const exportAdvice = 'If it is a Keras model, load it in Keras, call model.export(folder) and pass that folder';

/** What to pass in place of a file of another kind. */
const advice: Partial<Record<FileKind, string>> = {
  'saved-model-chunks':
    'TensorFlow splits a model like that when it is larger than a file of this kind can be. Load it in TensorFlow and ' +
    'save it again without experimental_image_format; this version reads saved_model.pb and saved_model.pbtxt',
  folder: `Of all folders, only a SavedModel's, with a saved_model.pb in it, has a graph. ${noGraphHere}`,
  hdf5: exportAdvice,
  zip: exportAdvice,
  'checkpoint-index': noGraphHere,
  'checkpoint-v1': noGraphHere,
  'checkpoint-state': noGraphHere,
  'checkpoint-shard': noGraphHere,
  saver: passAs('saver'),
  'saver-text': passAs('saver'),
};

type Form = { readonly message: 'GraphDef' | 'MetaGraphDef' | 'SavedModel'; readonly text: boolean };

const forms: Partial<Record<FileKind, Form>> = {
  graph: { message: 'GraphDef', text: false },
  'graph-text': { message: 'GraphDef', text: true },
  'meta-graph': { message: 'MetaGraphDef', text: false },
  'meta-graph-text': { message: 'MetaGraphDef', text: true },
  'saved-model': { message: 'SavedModel', text: false },
  'saved-model-text': { message: 'SavedModel', text: true },
};

/**
 * @param tags of the graph to take from a SavedModel; by default, `serve`.
 * @throws PermafrostError FILE_NOT_FOUND, READ_FAILED, WRONG_FILE_KIND, GRAPH_MALFORMED; INVALID_ARGUMENT where no graph
 * has the tags
 */
export async function readGraph(given: Source, tags?: readonly string[]): Promise<GraphFile> {
  const kindGiven = await kindOf(given);
  const isFolder = kindGiven === 'saved-model-folder';
  const source = isFolder ? await savedModelFile(given as string) : given;
  const kind = isFolder ? await kindOf(source) : kindGiven;
  const path = sourceName(source);
  const form = forms[kind] ?? formByName(path, kind);
  if (!form) {
    throw new PermafrostError(
      'WRONG_FILE_KIND',
      `${path} is ${kindName(kind)}, not a graph. ${advice[kind] ?? graphAdvice}.`,
    );
  }
  if (tags && form.message !== 'SavedModel') {
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `${path} is ${kindName(kind)}, and only the graphs of a SavedModel are chosen by tags. Leave the tags out.`,
    );
  }
  const bytes = await readMessage(source, form.message, form.text);
  if (form.message === 'GraphDef') {
    return { ...plain, graph: decodeGraph(bytes, path), kind: kindName(kind), path };
  }
  if (form.message === 'MetaGraphDef') return metaGraphFile(bytes, path, kindName(kind), undefined);
  const wanted = tags ?? servingTags;
  const metaGraph = chooseMetaGraph(bytes, wanted, path);
  const folder = typeof source === 'string' ? dirname(source) : undefined;
  return metaGraphFile(metaGraph, path, `a SavedModel (${basename(path)}, tags '${wanted.join(',')}')`, folder);
}

const plain: Omit<GraphFile, 'graph' | 'kind' | 'path'> = {
  info: new Uint8Array(0),
  saver: undefined,
  signatures: [],
  assets: [],
  initOp: undefined,
  slices: new Map(),
  objects: new Uint8Array(0),
  folder: undefined,
};

/** What carries the name of a SavedModel's file, and is so damaged or empty that its content says nothing. */
function formByName(file: string, kind: FileKind): Form | undefined {
  if (basename(file) === 'saved_model.pb' && (kind === 'unknown' || kind === 'empty')) return forms['saved-model'];
  if (basename(file) === 'saved_model.pbtxt' && (kind === 'text' || kind === 'empty')) return forms['saved-model-text'];
  return undefined;
}

function metaGraphFile(bytes: Uint8Array, source: string, kind: string, folder: string | undefined): GraphFile {
  const metaGraph = decodeMetaGraph(bytes, source);
  return { ...metaGraph, graph: decodeGraph(metaGraph.graph, source), kind, path: source, folder };
}

/** @throws PermafrostError FILE_NOT_FOUND, READ_FAILED, WRONG_FILE_KIND, GRAPH_MALFORMED */
export async function readSaver(path: string): Promise<SaverDef> {
  const kind = await fileKind(path);
  if (kind !== 'saver' && kind !== 'saver-text') {
    throw new PermafrostError('WRONG_FILE_KIND', `${path} is ${kindName(kind)}, not a SaverDef.`);
  }
  const bytes = await readMessage(path, 'SaverDef', kind === 'saver-text');
  return decoding(
    () => `The SaverDef ${path}`,
    () => messageType('SaverDef').decode(bytes) as SaverDef,
  );
}
