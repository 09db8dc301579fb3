/** A graph as the graph model that the layout `tfjs` makes of it, whether the layout would refuse it or not. */
import { Checkpoint } from '../../src/checkpoint/checkpoint.js';
import { isPermafrostError } from '../../src/errors.js';
import { decodeGraph } from '../../src/graph/decode.js';
import type { FrozenModel } from '../../src/layouts/frozen-model.js';
import { modelJson } from '../../src/layouts/tfjs/model-json.js';
import { refuseDifferences } from '../../src/layouts/tfjs/refuse-differences.js';
import { refuseUnknownOps } from '../../src/layouts/tfjs/refuse-unknown-ops.js';
import { runnableGraph } from '../../src/layouts/tfjs/runnable-graph.js';
import { weightsOf } from '../../src/layouts/tfjs/weights.js';

export { differences } from '../../src/layouts/tfjs/differences/table.js';
export { tfjsOps } from '../../src/layouts/tfjs/op-list.generated.js';

export interface GraphModel {
  /** What the layout says; undefined where it writes the model. */
  readonly refusal: string | undefined;
  /** `model.json`, without files in its manifest. */
  readonly json: object;
  readonly weights: Uint8Array;
}

/** @param bytes a GraphDef without variables. */
export async function graphModel(bytes: Uint8Array, outputs: readonly string[]): Promise<GraphModel> {
  const checkpoint = Checkpoint.empty();
  const graph = decodeGraph(bytes, 'the graph');
  const model = { graph, checkpoint, outputs, tableInitializers: [] } as unknown as FrozenModel;
  const runnable = await runnableGraph(model);
  const { nodes } = runnable.inference;
  const weights = await weightsOf(
    nodes.filter(({ op }) => op === 'Const'),
    checkpoint,
  );
  return {
    refusal: refusalOf(() => {
      refuseUnknownOps(nodes);
      refuseDifferences(runnable.inference);
    }),
    json: JSON.parse(Buffer.from(modelJson(runnable, weights, [])).toString()),
    weights: Buffer.concat(weights.map(({ value }) => value as Uint8Array)),
  };
}

function refusalOf(check: () => void): string | undefined {
  try {
    check();
    return undefined;
  } catch (error) {
    if (isPermafrostError(error)) return error.message;
    throw error;
  }
}
