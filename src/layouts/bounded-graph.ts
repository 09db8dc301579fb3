/** The bytes of a GraphDef, refused where no program could read them. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { PermafrostError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { planGraph, storedTensors } from '../plan/graph-plan.js';
import { measurePayloads } from '../plan/payload-sizes.js';
import type { Segments } from '../plan/plan.js';

/** Protobuf's limit: TensorFlow cannot read a message that is larger. */
const maxSize = 0x7fff_ffff;

/**
 * @throws PermafrostError OUTPUT_TOO_LARGE, UNSUPPORTED; SHARD_MISSING, CHECKPOINT_MALFORMED and READ_FAILED where a shard
 * that is needed is not there or too short: the write would fail.
 */
export async function planBoundedGraph(graph: Graph, checkpoint: Checkpoint): Promise<Segments> {
  const tensors = storedTensors(graph);
  const segments = planGraph(graph, await measurePayloads(tensors, checkpoint));
  if (segments.size > maxSize) throw tooLarge(segments.size, tensors);
  return segments;
}

function tooLarge(size: number, tensors: readonly StoredTensor[]): PermafrostError {
  const largest = [...tensors].sort((a, b) => b.byteLength - a.byteLength).slice(0, 5);
  const list = largest.map((tensor) => `'${tensor.key}' (${tensor.byteLength} bytes)`).join(', ');
  return new PermafrostError(
    'OUTPUT_TOO_LARGE',
    `The frozen graph would be ${size} bytes, and no program can read a GraphDef of more than ${maxSize} (2 GiB): ` +
      `nothing was written. The largest variables are ${list}. ` +
      "Choose a layout whose weights are not in the graph ('mmap', 'memmapped'), or outputs that need fewer of them, or " +
      'keep some as variables with the deny list.',
  );
}
