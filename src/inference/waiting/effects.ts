/**
 * What running a node does besides computing its outputs. Which ops are stateful, TensorFlow's registry says; the lists here
 * say which of them leave nothing behind that a later run, or another node, could see.
 */
import { CallBits } from '../../graph/call-bits.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { allReduces } from '../../graph/op-kinds/all-reduces.js';
import { handlesTrainingData } from '../../graph/op-kinds/data-sources.js';
import { checkOps, isOptimizer, isSummary, printOps } from '../../graph/op-kinds/training.js';
import { opSignature } from '../../graph/op-signature.js';
import { isWriter } from '../../passes/writes/variable-writes.js';

/** `training`: of use while training only. `input`: takes data in. `lasting`: whatever else is left behind, or not known. */
export type Effect = 'none' | 'training' | 'input' | 'lasting';

const training =
  /^(ImportEvent|StopGradient|PreventGradient|LogTimeStamp|Npu(Alloc|Clear|Get)FloatStatus(V2|Operator)?|Save|SaveV2|SaveSlices|ShardedFilename|MergeV2Checkpoints)$/;

/** Stateful, and yet they only read, or draw random numbers, or hold what flows through them in one run. */
const harmless =
  /^(_Arg|_Retval|VarHandleOp|Variable(V2|Shape)?|(_?ReadVariables?|VarIsInitialized)Op|ResourceGather(Nd)?|\w*HashTable(V2|OfTensors|OfTensorsV2)?|LookupTable(Find|Size|Export)V2|Random\w+|Stateful(Random|Standard|Truncated|Uniform)\w+|StatelessRandomGetAlg|(Parameterized)?TruncatedNormal|Multinomial|\w+CandidateSampler|TensorArray\w+|Stack\w*|Restore\w*|GuaranteeConst|DeepCopy|Empty|CudnnRNN\w*|If|While|Case|StatefulPartitionedCall)$/;

/** @param isLeftOver whether what an op writes to matters to nothing but training. */
export function effectOf(node: GraphNode, isLeftOver: (writer: GraphNode) => boolean): Effect {
  if (isOfTraining(node.op)) return 'training';
  if (isWriter(node)) return isLeftOver(node) ? 'training' : 'lasting';
  if (handlesTrainingData(node.op)) return 'input';
  const signature = opSignature(node.op);
  return signature && (!signature.isStateful || harmless.test(node.op)) ? 'none' : 'lasting';
}

function isOfTraining(op: string): boolean {
  return (
    isOptimizer(op) || isSummary(op) || printOps.has(op) || checkOps.has(op) || allReduces.has(op) || training.test(op)
  );
}

/** Effects of a node, each of them one bit; those of the functions that it calls are its own. */
export const effectBits: Readonly<Record<Effect, number>> = { none: 0, training: 1, input: 2, lasting: 4 };

/**
 * Bits of the effects that the functions a node calls have. What a function writes to may be read by others, so only what
 * optimisers write to is left over.
 */
export function effectsOfCalls({ library }: Pick<Graph, 'library'>): CallBits {
  return new CallBits(library, (node) => effectBits[effectOf(node, () => false)]);
}
