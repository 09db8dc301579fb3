/** What a file is, told by its content: people hand over every file that lies near a model. */
import { open, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { refuseHidden } from '../permission.js';
import { asBuffer } from '../proto/as-buffer.js';
import { endOfFirstField, type ProtobufKind, protobufKind } from './protobuf-kind.js';
import { cannotRead, fileInfo } from './read-file.js';
import { savedModelNames } from './saved-model.js';
import type { Source } from './source.js';

export type FileKind =
  | ProtobufKind
  | 'graph-text'
  | 'meta-graph-text'
  | 'saver-text'
  | 'saved-model-text'
  | 'saved-model-folder'
  | 'saved-model-chunks'
  | 'folder'
  | 'checkpoint-index'
  | 'checkpoint-v1'
  | 'checkpoint-shard'
  | 'checkpoint-state'
  | 'tflite'
  | 'hdf5'
  | 'zip'
  | 'gzip'
  | 'git-lfs-pointer'
  | 'json'
  | 'text'
  | 'empty'
  | 'unknown';

const names: Record<FileKind, string> = {
  graph: 'a binary GraphDef',
  'graph-text': 'a text GraphDef',
  'meta-graph': 'a binary MetaGraphDef (.meta)',
  'meta-graph-text': 'a text MetaGraphDef',
  saver: 'a binary SaverDef',
  'saver-text': 'a text SaverDef',
  'saved-model': 'a SavedModel file (saved_model.pb)',
  'saved-model-text': 'a text SavedModel file (saved_model.pbtxt)',
  'saved-model-folder': 'a SavedModel folder',
  'saved-model-chunks': 'a SavedModel in chunks (saved_model.cpb)',
  folder: 'a folder',
  'checkpoint-index': 'the index of a checkpoint',
  'checkpoint-v1': 'a V1 checkpoint',
  'checkpoint-shard': 'a shard of a checkpoint (.data-NNNNN-of-NNNNN)',
  'checkpoint-state': "the 'checkpoint' file that names the newest checkpoint of a folder",
  onnx: 'an ONNX model',
  tflite: 'a TensorFlow Lite model',
  hdf5: 'an HDF5 file (Keras .h5)',
  zip: 'a ZIP archive (Keras .keras, PyTorch or NumPy .npz)',
  gzip: 'a gzip archive',
  'git-lfs-pointer': "a Git LFS pointer, not the file itself (run 'git lfs pull')",
  json: 'a JSON file',
  text: 'a text file',
  empty: 'an empty file',
  unknown: 'a file of no kind that permafrost knows',
};

/** As part of a sentence: "model.tflite is a TensorFlow Lite model". */
export function kindName(kind: FileKind): string {
  return names[kind];
}

/** Enough of a file to tell its kind: node names and op names are short. */
const headSize = 65_536;

/** How files of other kinds begin; no graph can. */
const signatures: readonly { kind: FileKind; bytes: Buffer }[] = [
  { kind: 'hdf5', bytes: Buffer.from('\x89HDF\r\n\x1a\n', 'latin1') },
  { kind: 'zip', bytes: Buffer.from('PK\x03\x04', 'latin1') },
  { kind: 'gzip', bytes: Buffer.from([0x1f, 0x8b]) },
];

/** The last eight bytes of every table file (docs/formats.md). */
const tableMagic = Buffer.from('57fb808b247547db', 'hex');

/** The first field names of text messages. */
const textFields: readonly { kind: FileKind; names: RegExp }[] = [
  { kind: 'graph-text', names: /^(node|library|versions|version|debug_info)$/ },
  {
    kind: 'meta-graph-text',
    names: /^(meta_info_def|graph_def|saver_def|collection_def|signature_def|asset_file_def)$/,
  },
  { kind: 'saved-model-text', names: /^(saved_model_schema_version|meta_graphs)$/ },
  { kind: 'saver-text', names: /^(filename_tensor_name|save_tensor_name|restore_op_name|max_to_keep)$/ },
  { kind: 'checkpoint-state', names: /^(all_)?model_checkpoint_paths?$/ },
];

/** @throws PermafrostError FILE_NOT_FOUND, READ_FAILED */
export async function kindOf(source: Source): Promise<FileKind> {
  return typeof source === 'string' ? fileKind(source) : bytesKind(source);
}

/** As of a file with this content and a name that tells nothing. */
function bytesKind(given: Uint8Array): FileKind {
  const bytes = asBuffer(given);
  const head = bytes.subarray(0, headSize);
  const tail = bytes.subarray(Math.max(0, bytes.length - tableMagic.length));
  const next = endOfFirstField(head) ?? 0;
  const second = next > head.length ? bytes.subarray(next, next + headSize) : Buffer.alloc(0);
  return contentKind({ head, tail, second }, bytes.length) ?? 'unknown';
}

/** @throws PermafrostError FILE_NOT_FOUND, READ_FAILED */
export async function fileKind(path: string): Promise<FileKind> {
  const info = await fileInfo(path);
  if (info.isDirectory()) return folderKind(path);
  // A container of TensorFlow's own, of which only the name can be told.
  if (path.endsWith('.cpb')) return 'saved-model-chunks';
  const pieces = await readPieces(path, info.size);
  return contentKind(pieces, info.size) ?? (/\.data-\d{5}-of-\d{5}$/.test(path) ? 'checkpoint-shard' : 'unknown');
}

async function folderKind(path: string): Promise<FileKind> {
  for (const name of savedModelNames) {
    if (await stat(join(path, name)).catch(() => undefined)) return 'saved-model-folder';
  }
  refuseHidden(join(path, savedModelNames[0]));
  return 'folder';
}

interface Pieces {
  readonly head: Buffer;
  readonly tail: Buffer;
  /** The bytes after the file's first protobuf field, where that field passes the head. */
  readonly second: Buffer;
}

async function readPieces(path: string, size: number): Promise<Pieces> {
  try {
    const file = await open(path);
    const piece = async (start: number, end: number): Promise<Buffer> => {
      const bytes = Buffer.alloc(Math.max(0, Math.min(end, size) - start));
      await file.read(bytes, 0, bytes.length, start);
      return bytes;
    };
    try {
      const head = await piece(0, headSize);
      const tail = await piece(Math.max(0, size - tableMagic.length), size);
      const next = endOfFirstField(head) ?? 0;
      const second = next > head.length && next < size ? await piece(next, next + headSize) : Buffer.alloc(0);
      return { head, tail, second };
    } finally {
      await file.close();
    }
  } catch (error) {
    throw cannotRead(path, error);
  }
}

function contentKind({ head, tail, second }: Pieces, size: number): FileKind | undefined {
  if (size === 0) return 'empty';
  if (tail.equals(tableMagic)) return tableKind(head);
  for (const { kind, bytes } of signatures) if (head.subarray(0, bytes.length).equals(bytes)) return kind;
  return textKind(head, size) ?? protobufKind(head, second, size) ?? (isTflite(head) ? 'tflite' : undefined);
}

/** Its signature stands where a graph may have the name of its first node, so it is looked for last. */
function isTflite(head: Buffer): boolean {
  return head.toString('latin1', 4, 8) === 'TFL3';
}

/**
 * Both kinds of checkpoint are tables that begin with the record of key "": a BundleHeaderProto (first field a number)
 * or the SavedTensorSlices of a V1 checkpoint (first field a message).
 */
function tableKind(head: Buffer): FileKind {
  const [shared, unshared, length, first] = head;
  const isV1 = shared === 0 && unshared === 0 && ((length ?? 0) < 0x80 ? first : head[4 + varintTail(head)]) === 0x0a;
  return isV1 ? 'checkpoint-v1' : 'checkpoint-index';
}

/** How many bytes follow the first two of the varint at byte 2. */
function varintTail(head: Buffer): number {
  let more = 0;
  while ((head[3 + more] ?? 0) >= 0x80) more++;
  return more;
}

function textKind(head: Buffer, size: number): FileKind | undefined {
  // A head that was cut may end within a character.
  const text = new TextDecoder('utf-8').decode(head, { stream: head.length < size });
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary from text
  if (/[\x00-\x08\x0e-\x1f\ufffd]/.test(text)) return undefined;
  const start = text.replace(/^(\s+|#[^\n]*\n?)+/, '');
  if (start.startsWith('version https://git-lfs')) return 'git-lfs-pointer';
  if (start.startsWith('{') || start.startsWith('[{')) return 'json';
  const field = /^(\w+)\s*[:{<]/.exec(start)?.[1] ?? '';
  return textFields.find(({ names }) => names.test(field))?.kind ?? 'text';
}
