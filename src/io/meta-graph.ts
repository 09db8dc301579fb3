/**
 * Takes a MetaGraphDef apart without decoding its graph, which stays a slice of the file: a graph and what its exporter
 * wrote down about it.
 */
import { beyond, limits } from '../limits.js';
import { asBuffer } from '../proto/as-buffer.js';
import { decoding } from '../proto/decoding.js';
import {
  type AssetFileDef,
  type CollectionDef,
  type MessageName,
  messageType,
  type SaverDef,
  type SignatureDef,
} from '../proto/types.js';
import { eachField } from '../proto/wire-fields.js';
import { entryFields } from '../proto/wire-writer.js';
import { type Signature, signatureOf } from './signature.js';
import { type SliceInfo, sliceInfos, variableCollections } from './slice-infos.js';

/** Field numbers of MetaGraphDef. */
export const metaGraphFields = {
  info: 1,
  graph: 2,
  saver: 3,
  collection: 4,
  signature: 5,
  asset: 6,
  objects: 7,
} as const;

/** Field numbers of MetaInfoDef. */
export const infoFields = { tags: 4, functionAliases: 8 } as const;

/** Messages that occur once, and may come in pieces. */
const fieldsInPieces: ReadonlySet<number> = new Set([
  metaGraphFields.info,
  metaGraphFields.graph,
  metaGraphFields.saver,
  metaGraphFields.objects,
]);

/** The signatures and collections that name an op for the loader to run once, and not what the model computes. */
const initSignature = '__saved_model_init_op';
const trainSignature = '__saved_model_train_op';
export const mainOpCollection = 'saved_model_main_op';
const initCollections = [mainOpCollection, 'legacy_init_op'] as const;
const assetCollection = 'saved_model_assets';
const collectionsRead: ReadonlySet<string> = new Set([...initCollections, assetCollection, ...variableCollections]);

/** A file beside the model whose path a string constant of the graph holds. */
export interface Asset {
  /** The tensor with the path, as in `vocabulary:0`. */
  readonly tensor: string;
  /** Within the SavedModel's folder `assets`. */
  readonly file: string;
}

export interface MetaGraph {
  /** The encoded MetaInfoDef: tags, the version of TensorFlow… Empty where there is none. */
  readonly info: Uint8Array;
  /** The encoded GraphDef. */
  readonly graph: Uint8Array;
  /** How the model's own Saver restores it. */
  readonly saver: SaverDef | undefined;
  /** In the order of their names. */
  readonly signatures: readonly Signature[];
  readonly assets: readonly Asset[];
  /** Name of the node that a SavedModel's loader runs after restoring the variables; undefined where there is none. */
  readonly initOp: string | undefined;
  /** Which variables are parts of partitioned ones, by name. */
  readonly slices: ReadonlyMap<string, SliceInfo>;
  /** The encoded SavedObjectGraph; empty where there is none. */
  readonly objects: Uint8Array;
}

/**
 * @param source the file's name for messages.
 * @throws PermafrostError GRAPH_MALFORMED, LIMIT_EXCEEDED
 */
export function decodeMetaGraph(bytes: Uint8Array, source: string): MetaGraph {
  return decoding(
    () => `The MetaGraphDef of ${source}`,
    () => {
      const { pieces, collections, signatures, assets } = takeApart(bytes);
      const merged = (field: number): Uint8Array => joined(pieces.get(field) ?? []);
      return {
        info: merged(metaGraphFields.info),
        graph: merged(metaGraphFields.graph),
        saver: pieces.has(metaGraphFields.saver)
          ? decode<SaverDef>('SaverDef', merged(metaGraphFields.saver))
          : undefined,
        signatures: [...signatures]
          .filter(([name]) => name !== initSignature && name !== trainSignature)
          .map(([name, value]) => signatureOf(name, value))
          .sort((a, b) => (a.name < b.name ? -1 : 1)),
        assets: assetsOf(assets, collections),
        initOp: initOpOf(signatures.get(initSignature), collections),
        slices: sliceInfos(collections),
        objects: merged(metaGraphFields.objects),
      };
    },
  );
}

/** @throws RangeError where the bytes are no MetaGraphDef. */
export function tagsOf(metaGraph: Uint8Array): readonly string[] {
  const pieces: Uint8Array[] = [];
  for (const piece of payloadsOf(metaGraph, metaGraphFields.info)) if (piece.length > 0) pieces.push(piece);
  const info = joined(pieces);
  return Array.from(payloadsOf(info, infoFields.tags), textOf);
}

interface Fields {
  /** What the messages that occur once are made of, by the numbers of those that are there. */
  readonly pieces: ReadonlyMap<number, readonly Uint8Array[]>;
  /** Those that are looked into. */
  readonly collections: ReadonlyMap<string, CollectionDef>;
  readonly signatures: ReadonlyMap<string, Uint8Array>;
  readonly assets: readonly Uint8Array[];
}

/**
 * One field after the other, and nothing is kept of an empty one: there may be very many.
 * @throws PermafrostError LIMIT_EXCEEDED
 */
function takeApart(metaGraph: Uint8Array): Fields {
  const pieces = new Map<number, Uint8Array[]>();
  const collections = new Map<string, CollectionDef>();
  const signatures = new Map<string, Uint8Array>();
  const assets: Uint8Array[] = [];
  for (const { number, payload } of eachField(metaGraph)) {
    if (!payload) continue;
    if (number === metaGraphFields.collection) {
      const [name, value] = entryOf(payload);
      if (collectionsRead.has(name)) collections.set(name, decode<CollectionDef>('CollectionDef', value));
    } else if (number === metaGraphFields.signature) {
      signatures.set(...entryOf(payload));
    } else if (number === metaGraphFields.asset) {
      refuseAssets(assets.push(payload));
    } else if (fieldsInPieces.has(number)) {
      const own = pieces.get(number) ?? [];
      pieces.set(number, own);
      if (payload.length > 0) own.push(payload);
    }
  }
  return { pieces, collections, signatures, assets };
}

/** What stands in the fields of a number. */
function* payloadsOf(message: Uint8Array, field: number): Generator<Uint8Array> {
  for (const { number, payload } of eachField(message)) if (number === field && payload) yield payload;
}

/** The assets as the loader finds them: in their own field, or where TensorFlow 1 put them, in a collection. */
function assetsOf(encoded: readonly Uint8Array[], collections: ReadonlyMap<string, CollectionDef>): Asset[] {
  const inCollection = collections
    .get(assetCollection)
    ?.any_list?.value?.map(({ value }) => value ?? new Uint8Array(0));
  const all = encoded.length > 0 ? encoded : (inCollection ?? []);
  refuseAssets(all.length);
  return all.map((each) => {
    const asset = decode<AssetFileDef>('AssetFileDef', each);
    return { tensor: asset.tensor_info?.name ?? '', file: asset.filename ?? '' };
  });
}

function refuseAssets(count: number): void {
  const most = limits().assets;
  if (count > most) throw beyond('assets', `The model has more than ${most} assets`);
}

/** TensorFlow's loader runs one op: the signature's, or else the one of the first collection that names any. */
function initOpOf(
  encoded: Uint8Array | undefined,
  collections: ReadonlyMap<string, CollectionDef>,
): string | undefined {
  const signature = encoded && decode<SignatureDef>('SignatureDef', encoded);
  const tensors = [
    signature?.outputs?.[initSignature]?.name,
    ...initCollections.map((name) => collections.get(name)?.node_list?.value?.[0]),
  ];
  return tensors.find((tensor) => tensor)?.replace(/:\d+$/, '');
}

/** An entry of a map from text to messages, which stay encoded. */
function entryOf(entry: Uint8Array): [string, Uint8Array] {
  let key: Uint8Array = empty;
  let value: Uint8Array = empty;
  for (const { number, payload = empty } of eachField(entry)) {
    if (number === entryFields.key) key = payload;
    else if (number === entryFields.value) value = payload;
  }
  return [textOf(key), value];
}

const empty = new Uint8Array(0);

function textOf(bytes: Uint8Array): string {
  return asBuffer(bytes).toString('utf8');
}

function decode<T>(type: MessageName, bytes: Uint8Array): T {
  return messageType(type).decode(bytes) as T;
}

/** Several pieces of one message mean their merge, and a message's merge is its concatenation. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
}
