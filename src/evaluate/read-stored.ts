/** The values of tensors that the checkpoint holds, for those few that must be at hand before the plan stands. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { payloads } from '../native.js';
import { tensorColumns } from '../plan/tensor-columns.js';
import { contentEncoding } from '../plan/tensor-form.js';
import { Tensor } from './tensor.js';

/**
 * @param tensors no strings; together they must fit into memory.
 * @throws PermafrostError SHARD_MISSING, READ_FAILED, CHECKPOINT_MALFORMED, CHECKSUM_MISMATCH
 */
export async function readStored(
  tensors: readonly StoredTensor[],
  checkpoint: Checkpoint,
): Promise<Map<StoredTensor, Tensor>> {
  if (tensors.length === 0) return new Map();
  const wanted = tensors.map((tensor) => ({ tensor, encoding: contentEncoding(tensor) }));
  const bytes = await payloads(checkpoint.native, tensorColumns(wanted));
  return new Map(
    tensors.map((tensor, index) => [tensor, new Tensor(tensor.dtype, tensor.shape, bytes[index] as Uint8Array)]),
  );
}
