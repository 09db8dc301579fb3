/** The ops that normalise and give the statistics of the batch out besides. */
import { readAttribute } from '../attributes.js';
import type { GraphNode } from '../node.js';

const fusedOps: ReadonlySet<string> = new Set([
  'FusedBatchNorm',
  'FusedBatchNormV2',
  'FusedBatchNormV3',
  '_FusedBatchNormEx',
]);

/** Numbers of their inputs. */
export const fusedInputs = { scale: 1, offset: 2, mean: 3, variance: 4 } as const;

/** Numbers of their outputs. */
export const fusedOutputs = { mean: 1, variance: 2 } as const;

export function isFused(node: GraphNode): boolean {
  return fusedOps.has(node.op);
}

/** Whether it normalises by the batch, as it does by default. */
export function isTraining(node: GraphNode): boolean {
  return readAttribute(node, 'is_training')?.b ?? true;
}
