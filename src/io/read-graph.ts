/** Reads a graph file, whatever its form: binary or text, GraphDef or MetaGraphDef. */
import { readFile } from 'node:fs/promises';
import { PermafrostError, reason } from '../errors.js';
import { decodeGraph } from '../graph/decode.js';
import type { Graph } from '../graph/graph.js';
import { decoding } from '../proto/decoding.js';
import { textToBinary } from '../proto/text-format.js';
import { messageType, type SaverDef } from '../proto/types.js';
import { payloadEnd, wireReader } from '../proto/wire-reader.js';
import { WireType } from '../proto/wire-schema.js';
import { type FileKind, fileKind, kindName } from './file-kind.js';
import { cannotRead } from './read-file.js';

export interface GraphFile {
  readonly graph: Graph;
  /** How the model's own Saver restores it; only a MetaGraphDef says so. */
  readonly saver: SaverDef | undefined;
  /** As in "a binary GraphDef". */
  readonly kind: string;
}

/** Field numbers of MetaGraphDef. */
const metaGraphFields = { graph: 2, saver: 3 } as const;

/** Protobuf's own limit: no message is larger. */
const maxMessageSize = 0x7fff_ffff;

/** Node's limit for one string. */
const maxTextSize = 0x1fff_ffe8;

const graphAdvice = 'Pass a GraphDef or a MetaGraphDef, binary or text (.pb, .pbtxt, .meta)';
const passAs = (role: string): string => `Pass it as the ${role}, and the graph (.pb, .pbtxt or .meta) as the graph`;
const savedModelAdvice =
  'This version freezes a graph and a checkpoint: pass a GraphDef or MetaGraphDef with the checkpoint that belongs to it';

/** What to pass in place of a file of another kind. */
const advice: Partial<Record<FileKind, string>> = {
  'saved-model-folder': savedModelAdvice,
  'saved-model': savedModelAdvice,
  'saved-model-text': savedModelAdvice,
  'checkpoint-index': passAs('checkpoint'),
  'checkpoint-v1': passAs('checkpoint'),
  'checkpoint-state': passAs('checkpoint'),
  'checkpoint-shard': 'Pass its prefix as the checkpoint, and the graph (.pb, .pbtxt or .meta) as the graph',
  saver: passAs('saver'),
  'saver-text': passAs('saver'),
};

/** @throws PermafrostError FILE_NOT_FOUND, READ_FAILED, WRONG_FILE_KIND, GRAPH_MALFORMED */
export async function readGraph(path: string): Promise<GraphFile> {
  const kind = await fileKind(path);
  const type = messageOf(kind);
  if (!type) {
    throw new PermafrostError(
      'WRONG_FILE_KIND',
      `${path} is ${kindName(kind)}, not a graph. ${advice[kind] ?? graphAdvice}.`,
    );
  }
  const bytes = await readMessage(path, type, kind.endsWith('-text'));
  const { graph, saver } = type === 'GraphDef' ? { graph: bytes, saver: undefined } : splitMetaGraph(bytes, path);
  return { graph: decodeGraph(graph, path), saver, kind: kindName(kind) };
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

function messageOf(kind: FileKind): 'GraphDef' | 'MetaGraphDef' | undefined {
  if (kind === 'graph' || kind === 'graph-text') return 'GraphDef';
  return kind === 'meta-graph' || kind === 'meta-graph-text' ? 'MetaGraphDef' : undefined;
}

async function readMessage(
  path: string,
  type: 'GraphDef' | 'MetaGraphDef' | 'SaverDef',
  text: boolean,
): Promise<Uint8Array> {
  const bytes = await readFile(path).catch((error) => {
    throw error.code === 'ERR_FS_FILE_TOO_LARGE' ? tooLarge(path, type, maxMessageSize) : cannotRead(path, error);
  });
  const limit = text ? maxTextSize : maxMessageSize;
  if (bytes.length > limit) throw tooLarge(path, type, limit);
  return text ? textToBinary(type, bytes.toString('utf8'), path) : bytes;
}

function tooLarge(path: string, type: string, limit: number): PermafrostError {
  return new PermafrostError(
    'GRAPH_MALFORMED',
    `${path} is larger than a ${type} of its form can be (${limit} bytes). A binary one without its weights is small: ` +
      'export the graph before it is frozen, with tf.io.write_graph(..., as_text=False).',
  );
}

function splitMetaGraph(bytes: Uint8Array, path: string): { graph: Uint8Array; saver: SaverDef | undefined } {
  const graphs: Uint8Array[] = [];
  const savers: Uint8Array[] = [];
  const reader = wireReader(bytes);
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      const number = (tag & 7) === WireType.bytes ? tag >>> 3 : 0;
      if (number === metaGraphFields.graph || number === metaGraphFields.saver) {
        const end = payloadEnd(reader);
        (number === metaGraphFields.graph ? graphs : savers).push(bytes.subarray(reader.pos, end));
        reader.pos = end;
      } else reader.skipType(tag & 7, 0, tag >>> 3);
    }
    const saver = savers.length > 0 ? (messageType('SaverDef').decode(Buffer.concat(savers)) as SaverDef) : undefined;
    return { graph: graphs.length === 1 ? (graphs[0] as Uint8Array) : Buffer.concat(graphs), saver };
  } catch (error) {
    throw new PermafrostError(
      'GRAPH_MALFORMED',
      `${path} is not a whole MetaGraphDef: ${reason(error)} (near byte ${reader.pos} of ${bytes.length}). ` +
        'The file may be cut off or damaged; export or copy it again.',
      { cause: error },
    );
  }
}
