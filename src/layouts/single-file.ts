/** One binary GraphDef with all constants inside: the frozen graph that every tool reads. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { PermafrostError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { payloadSizes } from '../native.js';
import { planGraph, storedTensors } from '../plan/graph-plan.js';
import type { Plan } from '../plan/plan.js';
import { sizeDependsOnValues, type TensorForm, tensorForm } from '../plan/tensor-form.js';

/** Protobuf's limit: TensorFlow cannot read a message that is larger. */
const maxSize = 0x7fff_ffff;

/**
 * @throws PermafrostError OUTPUT_TOO_LARGE, UNSUPPORTED, and what reading string and small tensors can meet:
 * SHARD_MISSING, CHECKPOINT_MALFORMED, READ_FAILED
 */
export async function planSingleFile(graph: Graph, checkpoint: Checkpoint): Promise<Plan> {
  const tensors = storedTensors(graph);
  const measured = await measure(tensors, checkpoint);
  const plan = planGraph(graph, (tensor) => measured.get(tensor.row) ?? tensor.byteLength);
  if (plan.size > maxSize) throw tooLarge(plan.size, tensors);
  return plan;
}

/** Payload sizes, by row, of the tensors whose values decide them. The others take as many bytes as are stored. */
async function measure(tensors: readonly StoredTensor[], checkpoint: Checkpoint): Promise<Map<number, number>> {
  const wanted = new Map<number, TensorForm>();
  for (const tensor of tensors) {
    const form = tensorForm(tensor);
    if (form && sizeDependsOnValues(form)) wanted.set(tensor.row, form);
  }
  if (wanted.size === 0) return new Map();
  const rows = Uint32Array.from(wanted.keys());
  const encodings = Uint8Array.from(wanted.values(), (form) => form.encoding);
  const sizes = await payloadSizes(checkpoint.bundle, rows, encodings);
  return new Map(Array.from(rows, (row, index) => [row, sizes[index] as number]));
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
