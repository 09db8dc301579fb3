/** What goes to the native core, and comes back, where a checkpoint is read (`native.ts`). */
import type { PermafrostErrorCode } from './errors.js';

/**
 * The tensors of a checkpoint in key order, one array a property. Row i of the ragged ones ends at `ends[i]` and begins
 * where row i - 1 ends.
 */
export interface CheckpointColumns {
  /** All keys, back to back, as stored (UTF-8 for every name a user can give). */
  readonly keys: Uint8Array;
  readonly keyEnds: Uint32Array;
  /** TensorFlow's DataType numbers. */
  readonly dtypes: Int32Array;
  /** All dimensions, back to back. */
  readonly dims: Float64Array;
  readonly dimEnds: Uint32Array;
  /** Bytes as stored, below 2^53. */
  readonly sizes: Float64Array;
}

/** Tensors of a checkpoint, or parts of them. */
export interface TensorColumns {
  /** -1: none. */
  readonly rows: Int32Array;
  readonly encodings: Uint8Array;
  /** Start and length for each dimension of the part, back to back; nothing for a whole tensor. Ragged, as above. */
  readonly extents: Float64Array;
  readonly extentEnds: Uint32Array;
  /** Of those that become int8, the scales of all channels, back to back. Ragged, as above. */
  readonly scales: Float32Array;
  readonly scaleEnds: Uint32Array;
  /** Count, run and block of each (`Channels`); zeros where there are none. */
  readonly channels: Float64Array;
  /** Of those that are scaled first, the factors of all channels, back to back. Ragged, as above. */
  readonly factors: Float64Array;
  readonly factorEnds: Uint32Array;
  /** As `channels`. */
  readonly factorChannels: Float64Array;
}

/**
 * Where the bytes of the tensors are, in the rows of `CheckpointColumns`: one piece for a tensor, or one for each of its
 * slices.
 */
export interface PieceColumns {
  /** Ragged, as above: the pieces of each tensor. */
  readonly pieceEnds: Uint32Array;
  readonly shards: Uint32Array;
  /** Bytes as stored. */
  readonly sizes: Float64Array;
  /** Start and length for each dimension of a slice, back to back; nothing for a whole tensor. Ragged, by piece. */
  readonly extents: Float64Array;
  readonly extentEnds: Uint32Array;
}

/** An open checkpoint. The files that it has open stay so until it is closed, or garbage, and what it has begun has ended. */
export interface NativeCheckpoint {
  columns(): CheckpointColumns;
  pieces(): PieceColumns;
  /** Bytes that `writePlan` will produce for each tensor. Opens the shards. */
  payloadSizes(tensors: TensorColumns): Promise<Float64Array>;
  /** What `writePlan` will produce for each tensor, in memory. Verifies the checksums. */
  payloads(tensors: TensorColumns): Promise<readonly Uint8Array[]>;
  /** The elements of a string tensor as `string_val` fields of a TensorProto. Verifies the checksum. */
  strings(row: number): Promise<Uint8Array>;
  /** Everything else throws from then on. What was begun goes on. */
  close(): void;
  /** The start of the path of every shard and of the index. */
  readonly prefix: string;
  readonly shardCount: number;
  shardPath(shard: number): string;
}

/** Neighbours among the elements of a tensor, or of a part of one, in row-major order. */
export interface ElementWindow {
  readonly start: number;
  readonly count: number;
}

/** The payload of a tensor, stretch after stretch, as somebody asks for it. */
export interface NativePayloadStream {
  /**
   * Fills the array with the bytes that come next, on another thread; nobody else may touch it meanwhile. One call at a time,
   * and none after one that was rejected. The first call opens the shards.
   * @returns how many bytes came: fewer than asked for only at the end. The last ones come only where the checksums hold.
   */
  fill(bytes: Uint8Array): Promise<number>;
  /** While no call is under way: as of `NativeWrite`, of what came so far. */
  overflows(): number;
  /** Ends a call that is under way, with `ABORTED`, and lets go of the files. */
  close(): void;
}

/** A tensor that cannot be read, or is not what was saved: the error that reading it would end with. */
export interface NativeDamage {
  readonly row: number;
  readonly code: PermafrostErrorCode;
  readonly message: string;
}

/** Reads all tensors but resources and variants, step by step, and holds them against their checksums. */
export interface NativeDamageSearch {
  /**
   * Reads some more on other threads: what the end of an environment has to wait for. One call at a time, and none after one
   * that was rejected.
   * @param threads 0: as many as are of use.
   * @returns whether there is more to read.
   */
  step(threads: number): Promise<boolean>;
  /** When all is read, once: in the order of rows. */
  takeDamage(): readonly NativeDamage[];
  /** As stored. */
  bytesRead(): number;
  /** Ends the step that is under way, with `ABORTED`, and lets go of the checkpoint. Everything else throws from then on. */
  close(): void;
}

/** What this copy of the core holds, for all threads of the process. */
export interface NativeLiveHandles {
  /** Open checkpoints, and those closed ones that something under way still reads. */
  readonly checkpoints: number;
  /** Payload streams that are not closed. */
  readonly streams: number;
  /** Work on other threads that has not come back yet. */
  readonly jobs: number;
}

/** A checkpoint that is being opened on another thread. */
export interface NativeOpening {
  readonly done: Promise<NativeCheckpoint>;
  /** Ends it early, and once it is open, all that is read and written of it: with `ABORTED`. */
  abort(): void;
}
