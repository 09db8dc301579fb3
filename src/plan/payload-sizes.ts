/** How many bytes tensors take in the output. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { payloadSizes } from '../native.js';
import type { PayloadSize } from './graph-plan.js';
import { type EncodedTensor, tensorColumns } from './tensor-columns.js';
import { tensorForm } from './tensor-form.js';

/**
 * Payload sizes in TensorProtos. The core looks at the values where they decide, and at the shard's length everywhere else.
 * @throws PermafrostError UNSUPPORTED; SHARD_MISSING, CHECKPOINT_MALFORMED and READ_FAILED where a shard that is needed is
 * not there or too short: the write would fail.
 */
export async function measurePayloads(tensors: readonly StoredTensor[], checkpoint: Checkpoint): Promise<PayloadSize> {
  const wanted: EncodedTensor[] = [];
  const places = new Map<StoredTensor, number>();
  for (const tensor of tensors) {
    const form = places.has(tensor) ? undefined : tensorForm(tensor);
    if (form) places.set(tensor, wanted.push({ tensor, encoding: form.encoding }) - 1);
  }
  const sizes = await measure(wanted, checkpoint);
  return (tensor) => sizes[places.get(tensor) as number] as number;
}

/**
 * @returns a size for each, in their order.
 * @throws PermafrostError as `measurePayloads`.
 */
export function measure(tensors: readonly EncodedTensor[], checkpoint: Checkpoint): Promise<Float64Array> {
  return payloadSizes(checkpoint.native, tensorColumns(tensors));
}
