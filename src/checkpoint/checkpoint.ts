/** An open checkpoint: its tensors by key. The bytes stay with the native core. */

import { StoredTensor } from '../graph/stored-tensor.js';
import { type BundleColumns, emptyBundle, type NativeBundle, openBundle, strings } from '../native.js';
import { messageType, type TensorProto } from '../proto/types.js';
import { locateCheckpoint } from './locate.js';

export class Checkpoint {
  readonly #columns: BundleColumns;
  readonly #rows: ReadonlyMap<string, number>;

  private constructor(readonly bundle: NativeBundle) {
    this.#columns = bundle.columns();
    this.#rows = rowsByKey(this.#columns);
  }

  /**
   * @param given a prefix, a folder, a `checkpoint` file or any file of the checkpoint.
   * @throws PermafrostError CHECKPOINT_NOT_FOUND, CHECKPOINT_MALFORMED, CHECKPOINT_UNSUPPORTED, WRONG_FILE_KIND
   */
  static async open(given: string): Promise<Checkpoint> {
    return new Checkpoint(await openBundle(await locateCheckpoint(given)));
  }

  /** What a graph without variables is frozen with. */
  static empty(): Checkpoint {
    return new Checkpoint(emptyBundle());
  }

  /** Empty for the checkpoint that is. */
  get prefix(): string {
    return this.bundle.prefix;
  }

  /** The paths of the index and of every shard, whether they exist or not. */
  files(): string[] {
    if (this.prefix === '') return [];
    const shards = Array.from({ length: this.bundle.shardCount }, (_, shard) => this.bundle.shardPath(shard));
    return [`${this.prefix}.index`, ...shards];
  }

  /** In the index's order, which is that of the keys' bytes. */
  keys(): Iterable<string> {
    return this.#rows.keys();
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  get(key: string): StoredTensor | undefined {
    const row = this.#rows.get(key);
    if (row === undefined) return undefined;
    const { dtypes, dims, dimEnds, sizes } = this.#columns;
    const shape = [...dims.subarray(row === 0 ? 0 : dimEnds[row - 1], dimEnds[row])];
    const at = (column: ArrayLike<number>): number => column[row] as number;
    return new StoredTensor(key, row, at(dtypes), shape, at(sizes));
  }

  /**
   * The bytes of a string tensor of one element; undefined where there is no such tensor.
   * @throws PermafrostError SHARD_MISSING, READ_FAILED, CHECKPOINT_MALFORMED, CHECKSUM_MISMATCH
   */
  async text(key: string): Promise<Uint8Array | undefined> {
    const tensor = this.get(key);
    if (tensor?.dtype !== stringType || tensor.elementCount !== 1) return undefined;
    const encoded = await strings(this.bundle, tensor.row);
    return (messageType('TensorProto').decode(encoded) as TensorProto).string_val?.[0];
  }
}

/** DataType number. */
const stringType = 7;

function rowsByKey({ keys, keyEnds }: BundleColumns): Map<string, number> {
  const text = new TextDecoder('utf-8', { ignoreBOM: true });
  const rows = new Map<string, number>();
  let start = 0;
  keyEnds.forEach((end, row) => {
    rows.set(text.decode(keys.subarray(start, end)), row);
    start = end;
  });
  return rows;
}
