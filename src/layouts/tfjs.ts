/**
 * A graph model of TensorFlow.js: a folder with `model.json`, which has the graph without its constants, and files of
 * weights, which are the constants' bytes one after the other, cut at a size that browsers cache. As TensorFlow's
 * converter writes it, but for what the converter leaves to a rewriter of graphs.
 */
import { isUint8Array } from 'node:util/types';
import { PermafrostError } from '../errors.js';
import { PlanBuilder, type PlannedFile } from '../plan/plan.js';
import type { FrozenModel, LaidOut } from './frozen-model.js';
import { modelJson } from './tfjs/model-json.js';
import { refuseDifferences } from './tfjs/refuse-differences.js';
import { refuseUnknownOps } from './tfjs/refuse-unknown-ops.js';
import { runnableGraph } from './tfjs/runnable-graph.js';
import { weightsOf } from './tfjs/weights.js';

/** What browsers cache, says TensorFlow's converter. */
const usualShardBytes = 4 * 1024 * 1024;

/** Each is a path in `model.json`, and a request of a browser. */
const mostShards = 100_000;

/**
 * @throws PermafrostError UNSUPPORTED for an op, a type or a number that TensorFlow.js does not have; GRAPH_INVALID where
 * functions cannot be inlined; INVALID_ARGUMENT for files of so few bytes that there would be too many; what `weightsOf`
 * throws.
 */
export async function layOutTfjs(model: FrozenModel): Promise<LaidOut> {
  const runnable = await runnableGraph(model);
  const { inference, initializer } = runnable;
  // A table is in both.
  const nodes = [...new Set([...inference.nodes, ...initializer.nodes])];
  refuseUnknownOps(nodes);
  refuseDifferences(inference);
  refuseDifferences(initializer);
  const weights = await weightsOf(
    nodes.filter(({ op }) => op === 'Const'),
    model.checkpoint,
  );

  const bytes = weights.reduce((sum, { value }) => sum + (isUint8Array(value) ? value.length : value.size), 0);
  const shards = shardsOf(bytes, model.shardBytes ?? usualShardBytes);
  const plan = new PlanBuilder();
  plan.literal(modelJson(runnable, weights, shards));
  plan.endFile('model.json');
  for (const { value } of weights) {
    if (isUint8Array(value)) plan.literal(value);
    else plan.tensor(value);
  }
  const { segments, size, files } = plan.finish();
  return { plan: { segments, size, files: [...files, ...shards] }, graph: model.graph.withNodes(nodes) };
}

function shardsOf(bytes: number, shardBytes: number): PlannedFile[] {
  const count = Math.ceil(bytes / shardBytes);
  if (count > mostShards) {
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `The weights are ${bytes} bytes, and files of ${shardBytes} would be ${count}: more than ${mostShards} are not ` +
        `written. Pass ${Math.ceil(bytes / mostShards)} bytes or more for the size of a file.`,
    );
  }
  return Array.from({ length: count }, (_, index) => ({
    path: `group1-shard${index + 1}of${count}.bin`,
    size: Math.min(shardBytes, bytes - index * shardBytes),
  }));
}
