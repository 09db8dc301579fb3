/** A conditional by what tells training from inference, of which one branch adds noise and the other one goes without. */
import { inputNode } from '../../graph/edges.js';
import { mergeOps, switchOps } from '../../graph/op-kinds/control-flow.js';
import { learningPhase, trainingSwitch } from '../bindings/finding/switch-names.js';
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
  for (const { node } of scope.readers(name)) {
    if (node.op === 'Identity') {
      const further = twinWithout(scope, node.name, data);
      if (further) return further;
    }
    if (!mergeOps.has(node.op)) continue;
    const others = node.inputs.filter((input) => inputNode(sourceOf(scope, input)) !== name);
    const plain = others.find((input) => sourceOf(scope, input) === data);
    const flag = plain === undefined ? undefined : flagOf(scope, plain);
    if (flag) return { merge: node.name, flag };
  }
  return undefined;
}

const logical: ReadonlySet<string> = new Set(['LogicalNot', 'LogicalAnd', 'Identity', 'Cast', 'Squeeze', 'Reshape']);
const maxSteps = 32;

/** A model may have samplers that users switch on: the name is all that tells what a switch is for. */
function flagOf(scope: Scope, branch: string): string | undefined {
  let input = branch;
  for (let steps = 0; steps < maxSteps; steps++) {
    const node = scope.node(inputNode(input));
    if (node && switchOps.has(node.op)) return trainingFlag(scope, node.inputs[1] ?? '', 0);
    if (!node || !passing.has(node.op)) return undefined;
    input = node.inputs[0] ?? '';
  }
  return undefined;
}

function trainingFlag(scope: Scope, predicate: string, depth: number): string | undefined {
  const node = scope.node(inputNode(predicate));
  if (!node || depth === maxSteps) return undefined;
  if (trainingSwitch.test(node.name) || learningPhase.test(node.name)) return node.name;
  if (node.op === 'ReadVariableOp' || switchOps.has(node.op))
    return trainingFlag(scope, node.inputs[0] ?? '', depth + 1);
  if (!logical.has(node.op)) return undefined;
  for (const input of node.inputs.slice(0, node.op === 'LogicalAnd' ? 2 : 1)) {
    const found = trainingFlag(scope, input, depth + 1);
    if (found) return found;
  }
  return undefined;
}
