/** A conditional by what tells training from inference, of which one branch adds noise and the other one goes without. */
import { inputNode } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { mergeOps, switchOps } from '../../graph/op-kinds/control-flow.js';
import { learningPhase, trainingSwitch } from '../bindings/finding/switch-names.js';
import { Remembered } from '../remembered.js';
import type { Scope } from '../scope.js';
import { passing, sourceOf } from './amount.js';

export interface Twin {
  /** The Merge at which the conditional takes the data, or the node that adds to them. */
  readonly merge: string;
  /** What the conditional goes by. */
  readonly flag: string;
}

/** @param name of the node that adds to the data. */
export function twinWithout(scope: Scope, name: string, data: string): Twin | undefined {
  for (const merge of mergesOf(scope, name, inputNode(data))) {
    const plain = firstOfEach(scope, merge).get(data);
    const flag = plain === undefined ? undefined : flagOf(scope, plain);
    if (flag) return { merge: merge.name, flag };
  }
  return undefined;
}

/** By scope, before anything in it is edited. */
const firsts = new Remembered<ReadonlyMap<string, string>>();

/** Of all inputs of a Merge that hand the same tensor on the first, by the tensor: thousands of noises may go to one. */
function firstOfEach(scope: Scope, merge: GraphNode): ReadonlyMap<string, string> {
  const sources = () => new Map(merge.inputs.toReversed().map((input) => [sourceOf(scope, input), input]));
  return firsts.of(scope, merge.name, sources);
}

/**
 * The Merges that read a node, itself or behind any Identity.
 * @param other name of the node that must not be what they read.
 */
function mergesOf(scope: Scope, name: string, other: string): Set<GraphNode> {
  const merges = new Set<GraphNode>();
  const readersOf = (from: string): { from: string; node: GraphNode; input: number }[] =>
    scope
      .readers(from)
      .map(({ node, input }) => ({ from, node, input }))
      .reverse();
  // No recursion: a long chain would take more stack than there is.
  const waiting = readersOf(name);
  for (let each = waiting.pop(); each; each = waiting.pop()) {
    const { from, node, input } = each;
    // One of a damaged graph may have more inputs than it hands on.
    if (node.op === 'Identity' && input === 0) for (const reader of readersOf(node.name)) waiting.push(reader);
    else if (mergeOps.has(node.op) && from !== other) merges.add(node);
  }
  return merges;
}

const logical: ReadonlySet<string> = new Set(['LogicalNot', 'LogicalAnd', 'Identity', 'Cast', 'Squeeze', 'Reshape']);
const maxSteps = 32;

/** By scope, too. */
const flags = new Remembered<string | undefined>();

/** A model may have samplers that users switch on: the name is all that tells what a switch is for. */
function flagOf(scope: Scope, branch: string): string | undefined {
  let input = branch;
  for (let steps = 0; steps < maxSteps; steps++) {
    const node = scope.node(inputNode(input));
    if (node && switchOps.has(node.op)) {
      const predicate = node.inputs[1] ?? '';
      return flags.of(scope, predicate, () => trainingFlag(scope, predicate, 0, new Map()));
    }
    if (!node || !passing.has(node.op)) return undefined;
    input = node.inputs[0] ?? '';
  }
  return undefined;
}

/** @param without by the names of nodes behind which there is none: at which depth that was seen. */
function trainingFlag(
  scope: Scope,
  predicate: string,
  depth: number,
  without: Map<string, number>,
): string | undefined {
  const node = scope.node(inputNode(predicate));
  // Where ways meet, none is gone twice: there are 2^n of them.
  if (!node || depth === maxSteps || (without.get(node.name) ?? maxSteps) <= depth) return undefined;
  if (trainingSwitch.test(node.name) || learningPhase.test(node.name)) return node.name;
  for (const input of node.inputs.slice(0, decidingInputs(node))) {
    const found = trainingFlag(scope, input, depth + 1, without);
    if (found !== undefined) return found;
  }
  without.set(node.name, depth);
  return undefined;
}

/** How many of its first inputs decide what a truth value is. */
function decidingInputs({ op }: GraphNode): number {
  if (op === 'LogicalAnd') return 2;
  return logical.has(op) || op === 'ReadVariableOp' || switchOps.has(op) ? 1 : 0;
}
