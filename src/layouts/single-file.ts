/** One binary GraphDef with all constants inside: the frozen graph that every tool reads. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { PermafrostError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { payloadSizes } from '../native.js';
import { planGraph, storedTensors } from '../plan/graph-plan.js';
import type { Plan } from '../plan/plan.js';
import { tensorColumns } from '../plan/tensor-columns.js';
import { tensorForm } from '../plan/tensor-form.js';

/** Protobuf's limit: TensorFlow cannot read a message that is larger. */
const maxSize = 0x7fff_ffff;

/**
 * @throws PermafrostError OUTPUT_TOO_LARGE, UNSUPPORTED; SHARD_MISSING, CHECKPOINT_MALFORMED and READ_FAILED where a shard
 * that is needed is not there or too short: the write would fail.
 */
export async function planSingleFile(graph: Graph, checkpoint: Checkpoint): Promise<Plan> {
  const tensors = storedTensors(graph);
  const sizes = await measure(tensors, checkpoint);
  const plan = planGraph(graph, (tensor) => sizes.get(tensor) as number);
  if (plan.size > maxSize) throw tooLarge(plan.size, tensors);
  return plan;
}

/** Payload sizes. The core looks at the values where they decide, and at the shard's length everywhere else. */
async function measure(
  tensors: readonly StoredTensor[],
  checkpoint: Checkpoint,
): Promise<ReadonlyMap<StoredTensor, number>> {
  const wanted = [...new Set(tensors)].flatMap((tensor) => {
    const form = tensorForm(tensor);
    return form ? { tensor, encoding: form.encoding } : [];
  });
  const sizes = await payloadSizes(checkpoint.native, tensorColumns(wanted));
  return new Map(wanted.map(({ tensor }, index) => [tensor, sizes[index] as number]));
}

function tooLarge(size: number, tensors: readonly StoredTensor[]): PermafrostError {
  const largest = [...tensors].sort((a, b) => b.byteLength - a.byteLength).slice(0, 5);
  const list = largest.map((tensor) => `'${tensor.key}' (${tensor.byteLength} bytes)`).join(', ');
  return new PermafrostError(
    'OUTPUT_TOO_LARGE',
    `The frozen graph would be ${size} bytes, and no program can read a GraphDef of more than ${maxSize} (2 GiB): ` +
      `nothing was written. The largest variables are ${list}. ` +
      'Choose outputs that need fewer of them, or keep some as variables with the deny list.',
  );
}
