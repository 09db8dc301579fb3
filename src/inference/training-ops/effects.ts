/**
 * What running a node does besides computing its outputs. Which ops are stateful, TensorFlow's registry says; the lists here
 * say which of them leave nothing behind that a later run, or another node, could see.
 */
import { reachableFunctions } from '../../graph/function-references.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { handlesTrainingData } from '../../graph/op-kinds/data-sources.js';
import { checkOps, isOptimizer, isSummary, printOps } from '../../graph/op-kinds/training.js';
import { opSignature } from '../../graph/op-signature.js';
import { isWriter } from '../../passes/writes/variable-writes.js';

/** `training`: of use while training only. `input`: takes data in. `lasting`: whatever else is left behind, or not known. */
export type Effect = 'none' | 'training' | 'input' | 'lasting';

const training =
  /^(ImportEvent|StopGradient|PreventGradient|Save|SaveV2|SaveSlices|ShardedFilename|MergeV2Checkpoints)$/;

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
  return isOptimizer(op) || isSummary(op) || printOps.has(op) || checkOps.has(op) || training.test(op);
}

/** Effects of a node, each of them one bit; those of the functions that it calls are its own. */
export const effectBits: Readonly<Record<Effect, number>> = { none: 0, training: 1, input: 2, lasting: 4 };

/** Bits of the effects that the functions a node calls have. */
export class EffectsOfCalls {
  readonly #known = new Map<string, number>();

  constructor(private readonly graph: Graph) {}

  /** What a function writes to may be read by others, so only what optimisers write to is left over. */
  of(node: GraphNode): number {
    const { library } = this.graph;
    if (library.functions.length === 0) return 0;
    const called = [...reachableFunctions(this.graph.withNodes([node]))];
    return called.reduce((bits, name) => bits | this.#ofFunction(name), 0);
  }

  #ofFunction(name: string): number {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const { library } = this.graph;
    let bits = 0;
    for (const node of library.byName.get(name)?.nodes ?? []) {
      if (!library.byName.has(node.op)) bits |= effectBits[effectOf(node, () => false)];
    }
    this.#known.set(name, bits);
    return bits;
  }
}
