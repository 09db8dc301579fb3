/** One binary GraphDef with all constants inside: the frozen graph that every tool reads. */
import { PermafrostError } from '../errors.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { planGraph, storedTensors } from '../plan/graph-plan.js';
import { measurePayloads } from '../plan/payload-sizes.js';
import { type Plan, PlanBuilder } from '../plan/plan.js';
import type { FrozenModel } from './frozen-model.js';

/** Protobuf's limit: TensorFlow cannot read a message that is larger. */
const maxSize = 0x7fff_ffff;

/**
 * @throws PermafrostError OUTPUT_TOO_LARGE, UNSUPPORTED; SHARD_MISSING, CHECKPOINT_MALFORMED and READ_FAILED where a shard
 * that is needed is not there or too short: the write would fail.
 */
export async function layOutGraphDef({ graph, checkpoint }: FrozenModel): Promise<Plan> {
  const tensors = storedTensors(graph);
  const plan = new PlanBuilder();
  plan.append(planGraph(graph, await measurePayloads(tensors, checkpoint)));
  if (plan.size > maxSize) throw tooLarge(plan.size, tensors);
  plan.endFile('');
  return plan.finish();
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
