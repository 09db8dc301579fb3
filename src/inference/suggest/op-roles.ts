/** What ops say of the part that their nodes have in a graph. */

import type { GraphNode } from '../../graph/node.js';
import { handlesTrainingData, handsOut } from '../../graph/op-kinds/data-sources.js';
import { placeholderOps } from '../../graph/op-kinds/placeholders.js';
import { checkOps, isOptimizer, isSummary, printOps } from '../../graph/op-kinds/training.js';

/** What writes, reports, checks, fills queues or makes data: never what a model computes. */
const ends: readonly RegExp[] = [
  /^(NoOp|Const|Placeholder.*|_Arg|_Retval|Log.*Timestamp)$/,
  /^((Resource)?(Assign|Scatter|CountUpTo).*|Assign.*|DestroyTemporaryVariable|.*Initialize.*|VarIs.*)$/,
  /^(Save.*|Restore.*|MergeV2Checkpoints|ShardedFilename|WriteFile|.*Import.*|.*Insert.*|LookupTable(Export|Size).*)$/,
  /^(VariableV2|Variable|VarHandleOp|.*HashTable.*|.*Barrier.*)$/,
  /^(StackV2|TensorArray(V[23])?|TensorArrayClose.*|Close.*|Outfeed.*|Infeed.*|Send|Recv|Hcom.*|.*AllReduce.*)$/,
];

/** Whether nobody would call what the node gives an output of a model. */
export function isEnd({ op, name }: GraphNode): boolean {
  const isNamed = ends.some((each) => each.test(op)) || bookkeeping.test(name);
  return isNamed || isOptimizer(op) || isReport(op) || checkOps.has(op) || handlesTrainingData(op);
}

/** The names that TensorFlow gives to what it adds itself for training and for saving, where ops do not tell. */
export const bookkeeping: RegExp =
  /(^|\/)(gradients(_\d+)?|gradient_tape|save(_\d+)?|report_uninitialized_variables|AssertGuard)\/|^saver_filename$/;

/** Whether data comes from a node; the path that a Saver takes is none. */
export function isSource({ op, name }: GraphNode): boolean {
  if (bookkeeping.test(name)) return false;
  return placeholderOps.has(op) || handsOut(op) !== undefined;
}

/** What sums up for a summary. */
export const summing: RegExp = /^(Mean|Sum|Max|Min|Prod|Norm|EuclideanNorm|L2Loss|All|Any|RealDiv|Sqrt)$/;

/** What tells of a value. */
export function isReport(op: string): boolean {
  return isSummary(op) || printOps.has(op) || op === 'StringFormat';
}

/** What says how large a tensor is. */
export const measuring: RegExp = /^(Shape|ShapeN|Size|Rank|BroadcastArgs|BroadcastGradientArgs)$/;
