/**
 * Takes a MetaGraphDef apart without decoding its graph, which stays a slice of the file: a graph and what its exporter
 * wrote down about it.
 */
import { beyond, limits } from '../limits.js';
import { decoding } from '../proto/decoding.js';
import {
  type AssetFileDef,
  type CollectionDef,
  type MessageName,
  messageType,
  type SaverDef,
  type SignatureDef,
} from '../proto/types.js';
import { readFields } from '../proto/wire-fields.js';
import { entryFields } from '../proto/wire-writer.js';
import { type Signature, signatureOf } from './signature.js';
import { type SliceInfo, sliceInfos } from './slice-infos.js';

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

/** The signatures and collections that name an op for the loader to run once, and not what the model computes. */
const initSignature = '__saved_model_init_op';
const trainSignature = '__saved_model_train_op';
export const mainOpCollection = 'saved_model_main_op';
const initCollections = [mainOpCollection, 'legacy_init_op'] as const;
const assetCollection = 'saved_model_assets';

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
      const payloads = payloadsOf(bytes);
      const collections = new Map<string, CollectionDef>(
        payloads(metaGraphFields.collection).map((each) => {
          const [name, value] = entryOf(each);
          return [name, decode<CollectionDef>('CollectionDef', value)];
        }),
      );
      const signatures = payloads(metaGraphFields.signature).map(entryOf);
      const savers = payloads(metaGraphFields.saver);
      return {
        info: joined(payloads(metaGraphFields.info)),
        graph: joined(payloads(metaGraphFields.graph)),
        saver: savers.length === 0 ? undefined : decode<SaverDef>('SaverDef', joined(savers)),
        signatures: signatures
          .filter(([name]) => name !== initSignature && name !== trainSignature)
          .map(([name, value]) => signatureOf(name, value))
          .sort((a, b) => (a.name < b.name ? -1 : 1)),
        assets: assetsOf(payloads(metaGraphFields.asset), collections),
        initOp: initOpOf(new Map(signatures).get(initSignature), collections),
        slices: sliceInfos(collections),
        objects: joined(payloads(metaGraphFields.objects)),
      };
    },
  );
}

/** @throws RangeError where the bytes are no MetaGraphDef. */
export function tagsOf(metaGraph: Uint8Array): readonly string[] {
  const info = joined(payloadsOf(metaGraph)(metaGraphFields.info));
  return decode<{ tags?: readonly string[] }>('MetaGraphDef.MetaInfoDef', info).tags ?? [];
}

/** What stands in the fields of a number. */
function payloadsOf(message: Uint8Array): (field: number) => Uint8Array[] {
  const pieces = readFields(message);
  return (field) => pieces.flatMap(({ number, payload }) => (number === field && payload ? [payload] : []));
}

/** The assets as the loader finds them: in their own field, or where TensorFlow 1 put them, in a collection. */
function assetsOf(encoded: readonly Uint8Array[], collections: ReadonlyMap<string, CollectionDef>): Asset[] {
  const inCollection = collections
    .get(assetCollection)
    ?.any_list?.value?.map(({ value }) => value ?? new Uint8Array(0));
  const all = encoded.length > 0 ? encoded : (inCollection ?? []);
  const most = limits().assets;
  if (all.length > most) throw beyond('assets', `The model has ${all.length} assets, and ${most} are taken`);
  return all.map((each) => {
    const asset = decode<AssetFileDef>('AssetFileDef', each);
    return { tensor: asset.tensor_info?.name ?? '', file: asset.filename ?? '' };
  });
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
  const payloads = payloadsOf(entry);
  const last = (field: number): Uint8Array => payloads(field).at(-1) ?? new Uint8Array(0);
  return [Buffer.from(last(entryFields.key)).toString('utf8'), last(entryFields.value)];
}

function decode<T>(type: MessageName, bytes: Uint8Array): T {
  return messageType(type).decode(bytes) as T;
}

/** Several pieces of one message mean their merge, and a message's merge is its concatenation. */
function joined(pieces: readonly Uint8Array[]): Uint8Array {
  return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
}
