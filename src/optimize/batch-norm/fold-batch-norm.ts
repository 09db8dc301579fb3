/**
 * Folds normalisation into the convolution or product before it: what each channel is multiplied by goes into the weight,
 * and all that is added becomes one BiasAdd, which has the name of the last node that is folded. Nothing is folded where
 * something on the way is read by others too, or is an output.
 */
import { dataConsumersByName } from '../../graph/consumers.js';
import { graphNotation } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { Optimizing } from '../optimization.js';
import { candidate, type Fold, foldOf } from './candidates.js';
import { ConstantValues } from './constant-values.js';
import { foldChain } from './folded-chain.js';
import { foldsInRange } from './in-range.js';
import { NodeEdits } from './node-edits.js';
import { mostCopied, scaleWeight, type Version } from './scale-weights.js';

export async function foldBatchNorm(graph: Graph, optimizing: Optimizing): Promise<Graph> {
  const { outputs, laterOutputs, read, report, leave } = optimizing;
  const values = new ConstantValues(graph);
  const consumersOf = dataConsumersByName(graph.wiring, graphNotation);
  const context = { graph, consumersOf, outputs, laterOutputs, values };
  const candidates = graph.nodes.flatMap((node) => candidate(node, context, leave) ?? []);
  await values.load(read);
  const edits = new NodeEdits(graph);
  const known = candidates.flatMap((each) => foldOf(each, values) ?? []);
  const sound = await foldsInRange(known, optimizing, (fold, text) => leave(endOf(fold), text));
  for (const folds of byWeight(sound)) {
    const versions = scaleWeight(folds, context, edits);
    if (!versions) for (const fold of folds) leave(endOf(fold), tooLarge(fold));
    for (const version of versions ?? []) {
      for (const fold of version.folds) {
        foldChain(fold, edits);
        report(endOf(fold), describe(fold, version));
      }
    }
  }
  return edits.apply();
}

function byWeight(folds: readonly Fold[]): Iterable<readonly [Fold, ...Fold[]]> {
  const found = new Map<string, [Fold, ...Fold[]]>();
  for (const fold of folds) {
    const { name } = fold.weight.node;
    const same = found.get(name);
    if (same) same.push(fold);
    else found.set(name, [fold]);
  }
  return found.values();
}

function endOf({ chain }: Fold): string {
  return chain.at(-1)?.node.name ?? '';
}

function describe({ node, weight, chain }: Fold, { constant }: Version): string {
  const ops = chain.filter(({ affine }) => affine).map((link) => link.node.op);
  const copied = constant.name === weight.node.name ? '' : `, a copy of '${weight.node.name}'`;
  return `${ops.join(', ')} folded into '${constant.name}'${copied}, the weight of ${node.op} '${node.name}'`;
}

function tooLarge({ node, weight }: Fold): string {
  const others = `has readers that do not need it scaled alike, and ${weight.byteLength} bytes`;
  return `is not folded: '${weight.node.name}', the weight of ${node.op} '${node.name}', ${others}; copies have ${mostCopied} at most`;
}
