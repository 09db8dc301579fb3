/** What is said of a checkpoint's tensors. */
import type { StoredPieces } from '../../checkpoint/stored-pieces.js';
import type { Extent, StoredTensor } from '../../graph/stored-tensor.js';
import { type DataTypeName, valueTypeName } from '../../proto/data-types.js';

/** A part of a tensor that has bytes of its own: one of those that a partitioned variable was saved in. */
export interface TensorSlice {
  /** Start and length along each dimension. */
  readonly extents: readonly Extent[];
  /** Bytes as stored. */
  readonly bytes: number;
  /** Path of the file that has them. */
  readonly shard: string;
}

export interface CheckpointTensor {
  /** The checkpoint's key. */
  readonly name: string;
  /** As TensorFlow's Python says it: 'float32', 'int64', 'string' … */
  readonly dtype: DataTypeName;
  readonly shape: readonly number[];
  /** Bytes as stored: of strings with their lengths, of a V1 checkpoint with what it puts around them. */
  readonly bytes: number;
  /** Paths of the files that have them, each once. They need not exist. */
  readonly shards: readonly string[];
  /** In no particular order; empty where the tensor is stored whole. */
  readonly slices: readonly TensorSlice[];
}

export function describeTensor(
  { key, row, dtype, shape, byteLength }: StoredTensor,
  stored: StoredPieces,
): CheckpointTensor {
  const pieces = stored.of(row);
  return {
    name: key,
    dtype: valueTypeName(dtype),
    shape,
    bytes: byteLength,
    shards: [...new Set(pieces.map(({ shard }) => shard))],
    slices: pieces.filter(({ extents }) => extents.length > 0),
  };
}
