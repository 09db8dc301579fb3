/** What tells nodes that only run in training: batch norm by the batch, dropout, and writes to variables. */
import { readAttribute } from '../../graph/attributes.js';
import type { GraphNode } from '../../graph/node.js';
import { isWriter } from '../../passes/writes/variable-writes.js';

const batchNorms = /^FusedBatchNorm(V2|V3|Ex)?$|^_FusedBatchNormEx$/;
const uniformNumbers = /^(Stateless)?RandomUniform(V2)?$/;
const thresholds: ReadonlySet<string> = new Set(['Floor', 'GreaterEqual', 'Greater', 'Less', 'LessEqual']);
/** Of Ascend. */
const dropoutMasks = /^(Stateless)?DropOutGenMask(V\d)?$/;

/**
 * A sampler that is part of a model has random numbers as well; those of dropout are compared with a rate.
 * @returns in words what they have; undefined where nothing tells.
 */
export function trainingEvidence(nodes: readonly GraphNode[]): string | undefined {
  const batchNorm = nodes.find((node) => batchNorms.test(node.op) && (readAttribute(node, 'is_training')?.b ?? true));
  if (batchNorm) return `batch norm by the batch ('${batchNorm.name}')`;
  const random = nodes.find(({ op }) => uniformNumbers.test(op));
  const isCompared = nodes.some(({ op }) => thresholds.has(op));
  const mask = nodes.find(({ op }) => dropoutMasks.test(op)) ?? (isCompared ? random : undefined);
  if (mask) return `dropout ('${mask.name}')`;
  const writer = nodes.find(isWriter);
  return writer && `a write to a variable ('${writer.name}')`;
}
