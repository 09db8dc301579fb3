/** An open checkpoint: its tensors by key. The bytes stay with the native core. */
import { isAbsolute, resolve } from 'node:path';
import { type Extent, StoredTensor } from '../graph/stored-tensor.js';
import { emptyCheckpoint, openBundle, openV1, strings } from '../native.js';
import type { CheckpointColumns, NativeCheckpoint, NativeOpening } from '../native-checkpoint.js';
import { onAbort } from '../on-abort.js';
import { refuseHidden } from '../permission.js';
import { asBuffer } from '../proto/as-buffer.js';
import { DataType } from '../proto/data-types.js';
import { messageType, type TensorProto } from '../proto/types.js';
import { workingFolder } from '../working-folder.js';
import { locateCheckpoint } from './locate.js';

export class Checkpoint {
  readonly #columns: CheckpointColumns;
  readonly #rows: ReadonlyMap<string, number>;

  private constructor(
    readonly native: NativeCheckpoint,
    /** As it was given, for messages; empty for the checkpoint that is. */
    readonly prefix: string,
    /** The file that leads to the shards; a V1 checkpoint has none. */
    private readonly index: string | undefined,
    /** Called at the end. */
    private readonly release: () => void,
  ) {
    this.#columns = native.columns();
    this.#rows = rowsByKey(this.#columns);
  }

  /**
   * @param given a prefix, a folder, a `checkpoint` file or any file of the checkpoint.
   * @param signal ends the opening, and all reading until the checkpoint is closed.
   * @throws PermafrostError CHECKPOINT_NOT_FOUND, CHECKPOINT_MALFORMED, CHECKPOINT_UNSUPPORTED, WRONG_FILE_KIND;
   * SHARD_MISSING, CHECKSUM_MISMATCH, ABORTED; READ_FAILED where a file of it may not be read
   */
  static async open(given: string, signal?: AbortSignal): Promise<Checkpoint> {
    // An absolute path needs none.
    const folder = isAbsolute(given) ? '/' : workingFolder();
    const { prefix, files } = await locateCheckpoint(given);
    files?.forEach(refuseHidden);
    // Shards are opened when they are needed; the working folder may be another by then.
    const path = resolve(folder, prefix);
    const paths = files?.map((file) => resolve(folder, file));
    const opening = paths ? openV1(path, paths) : openBundle(path);
    const release = onAbort(signal, opening.abort);
    if (signal?.aborted) opening.abort();
    try {
      return await Checkpoint.#opened(opening, prefix, files ? undefined : `${path}.index`, release);
    } catch (error) {
      release();
      throw error;
    }
  }

  static async #opened(
    { done }: NativeOpening,
    prefix: string,
    index: string | undefined,
    release: () => void,
  ): Promise<Checkpoint> {
    const checkpoint = new Checkpoint(await done, prefix, index, release);
    try {
      checkpoint.files().forEach(refuseHidden);
      return checkpoint;
    } catch (error) {
      checkpoint.close();
      throw error;
    }
  }

  /** What a graph without variables is frozen with. */
  static empty(): Checkpoint {
    return new Checkpoint(emptyCheckpoint(), '', undefined, () => {});
  }

  /** Its prefix as an absolute path; empty for the checkpoint that is. */
  get path(): string {
    return this.native.prefix;
  }

  /** The paths of the index, if there is one, and of every shard, whether they exist or not. */
  files(): string[] {
    const shards = Array.from({ length: this.native.shardCount }, (_, shard) => this.native.shardPath(shard));
    return this.index === undefined ? shards : [this.index, ...shards];
  }

  /** Gives back the files that are open, as many as 64. Nothing can be read any more. */
  close(): void {
    this.release();
    this.native.close();
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
    const at = (column: ArrayLike<number>): number => column[row] as number;
    const shape: number[] = [];
    for (let dim = dimEnds[row - 1] ?? 0; dim < at(dimEnds); dim++) shape.push(dims[dim] as number);
    return new StoredTensor(key, row, at(dtypes), shape, at(sizes));
  }

  /**
   * The bytes of a string tensor of one element; undefined where there is no such tensor.
   * @throws PermafrostError SHARD_MISSING, READ_FAILED, CHECKPOINT_MALFORMED, CHECKSUM_MISMATCH
   */
  async text(key: string): Promise<Uint8Array | undefined> {
    const tensor = this.get(key);
    if (tensor?.dtype !== DataType.string || tensor.elementCount !== 1) return undefined;
    return (await this.strings(tensor))[0];
  }

  /**
   * The elements of a string tensor, or of a part of one.
   * @throws PermafrostError SHARD_MISSING, READ_FAILED, CHECKPOINT_MALFORMED, CHECKSUM_MISMATCH
   */
  async strings({ key, row, region }: StoredTensor): Promise<readonly Uint8Array[]> {
    const encoded = await strings(this.native, row);
    const elements = (messageType('TensorProto').decode(encoded) as TensorProto).string_val ?? [];
    if (!region) return elements;
    return elementsOfPart(this.get(key)?.shape ?? [], region).map((index) => elements[index] as Uint8Array);
  }
}

/** The places of the elements of a part among those of the whole. */
function elementsOfPart(shape: readonly number[], region: readonly Extent[]): number[] {
  return region.reduce(
    (places, { start, length }, axis) =>
      places.flatMap((place) => Array.from({ length }, (_, at) => place * (shape[axis] as number) + start + at)),
    [0],
  );
}

function rowsByKey({ keys, keyEnds }: CheckpointColumns): Map<string, number> {
  const bytes = asBuffer(keys);
  const rows = new Map<string, number>();
  let start = 0;
  keyEnds.forEach((end, row) => {
    rows.set(bytes.toString('utf8', start, end), row);
    start = end;
  });
  return rows;
}
