/**
 * Gives the readers of a weight the scaled one that they need. Where all need the same, the weight itself is scaled, whatever
 * its size. Else there are copies if they are small: a fold saves less than a large weight costs that is written twice.
 */
import type { GraphNode } from '../../graph/node.js';
import type { Scaling } from '../../graph/stored-tensor.js';
import { textOfScaling } from '../same-scaling.js';
import type { ChainContext } from './affine-chain.js';
import type { Fold } from './candidates.js';
import type { NodeEdits } from './node-edits.js';
import { scaledConstant } from './scaled-constant.js';
import { weightInput } from './scaled-ops.js';
import { handsWeightOn, type Weight } from './weights.js';

/** Bytes of all copies of one weight. */
export const mostCopied = 65_536;

/** A scaled weight. */
export interface Version {
  readonly constant: GraphNode;
  readonly folds: readonly Fold[];
}

/**
 * @param folds all of one weight.
 * @returns undefined where the copies would be too large; without those folds for which the value is damaged.
 */
export function scaleWeight(
  folds: readonly [Fold, ...Fold[]],
  context: ChainContext,
  edits: NodeEdits,
): readonly Version[] | undefined {
  const [{ weight }] = folds;
  const scalings = bySameScaling(folds);
  const staysItself = hasOtherReaders(weight, folds, context);
  const copies = scalings.length - (staysItself ? 0 : 1);
  if (copies * weight.byteLength > mostCopied) return undefined;
  return scalings.flatMap(([scaling, own], index) => {
    const scaled = scaledConstant(weight.node, scaling);
    if (!scaled) return [];
    const isCopy = staysItself || index > 0;
    const constant = isCopy ? scaled.edit({ name: edits.freeName(`${own[0]?.node.name}/weight`) }) : scaled;
    if (isCopy) {
      edits.addBefore(weight.node, constant);
      for (const fold of own) readCopy(fold, constant, edits);
    } else edits.replace(constant);
    return { constant, folds: own };
  });
}

function bySameScaling(folds: readonly Fold[]): [Scaling, Fold[]][] {
  const found = new Map<string, [Scaling, Fold[]]>();
  for (const fold of folds) {
    const text = textOfScaling(fold.scaling);
    const same = found.get(text);
    if (same) same[1].push(fold);
    else found.set(text, [fold.scaling, [fold]]);
  }
  return [...found.values()];
}

/** Whether it is an output, or goes anywhere but into the folds, as it is or handed on. */
function hasOtherReaders({ node }: Weight, folds: readonly Fold[], { consumersOf, outputs }: ChainContext): boolean {
  const own = new Set(folds.map((fold) => fold.node.name));
  const names = [node.name];
  for (const name of names) {
    if (outputs.has(name)) return true;
    for (const { node: reader, input } of consumersOf(name)) {
      if (input === 0 && handsWeightOn(reader)) names.push(reader.name);
      else if (input !== weightInput || !own.has(reader.name)) return true;
    }
  }
  return false;
}

/** What hands the weight on is there once more for the copy. */
function readCopy({ node, weight }: Fold, constant: GraphNode, edits: NodeEdits): void {
  let from = constant.name;
  for (const step of weight.path) {
    const name = edits.freeName(`${node.name}/weight`);
    edits.addBefore(node, step.edit({ name, inputs: [from, ...step.inputs.slice(1)] }));
    from = name;
  }
  edits.replace(node.edit({ inputs: node.inputs.map((input, index) => (index === weightInput ? from : input)) }));
}
