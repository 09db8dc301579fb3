/** The bytes of a GraphDef that programs can read. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Graph } from '../graph/graph.js';
import { planGraph, storedTensors } from '../plan/graph-plan.js';
import { measurePayloads } from '../plan/payload-sizes.js';
import type { Segments } from '../plan/plan.js';
import { refuseLargeMessage } from './message-size.js';

/**
 * @param advice what to do where the graph is too large; undefined: the usual.
 * @throws PermafrostError OUTPUT_TOO_LARGE, UNSUPPORTED; SHARD_MISSING, CHECKPOINT_MALFORMED and READ_FAILED where a shard
 * that is needed is not there or too short: the write would fail.
 */
export async function planBoundedGraph(graph: Graph, checkpoint: Checkpoint, advice?: string): Promise<Segments> {
  const tensors = storedTensors(graph);
  const segments = planGraph(graph, await measurePayloads(tensors, checkpoint));
  refuseLargeMessage('GraphDef', segments.size, tensors, advice);
  return segments;
}
