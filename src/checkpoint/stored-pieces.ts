/** Where the bytes of a checkpoint's tensors are. */
import type { Extent } from '../graph/stored-tensor.js';
import type { NativeCheckpoint, PieceColumns } from '../native-checkpoint.js';

/** A tensor, or a slice of one, as it is stored. */
export interface StoredPiece {
  /** Path of the file. */
  readonly shard: string;
  /** As stored. */
  readonly bytes: number;
  /** Which part of the tensor it is, an extent for each dimension; none for all of it. */
  readonly extents: readonly Extent[];
}

export class StoredPieces {
  readonly #columns: PieceColumns;
  readonly #paths: readonly string[];

  constructor(native: NativeCheckpoint) {
    this.#columns = native.pieces();
    this.#paths = Array.from({ length: native.shardCount }, (_, shard) => native.shardPath(shard));
  }

  /** @param row of the tensor. */
  of(row: number): StoredPiece[] {
    const { pieceEnds, shards, sizes } = this.#columns;
    const begin = pieceEnds[row - 1] ?? 0;
    return Array.from({ length: (pieceEnds[row] as number) - begin }, (_, at) => ({
      shard: this.#paths[shards[begin + at] as number] as string,
      bytes: sizes[begin + at] as number,
      extents: this.#extents(begin + at),
    }));
  }

  #extents(piece: number): Extent[] {
    const { extents, extentEnds } = this.#columns;
    const begin = extentEnds[piece - 1] ?? 0;
    return Array.from({ length: ((extentEnds[piece] as number) - begin) / 2 }, (_, axis) => ({
      start: extents[begin + 2 * axis] as number,
      length: extents[begin + 2 * axis + 1] as number,
    }));
  }
}
