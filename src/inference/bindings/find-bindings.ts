/**
 * Placeholders that tell training from inference, to be bound for inference: that of Keras, and bools that decide nothing
 * but branches, one side of which is training. The name decides last of all, and is named as the reason then.
 */
import { readType } from '../../graph/attributes.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { placeholderOps } from '../../graph/op-kinds/placeholders.js';
import { readShape } from '../../graph/shape.js';
import { upstream } from '../../graph/upstream.js';
import { DataType } from '../../proto/data-types.js';
import { learningPhase, trainingSwitch } from '../switch-names.js';
import type { Binding } from './binding.js';
import { type SwitchUses, SwitchUsesFinder } from './switch-uses.js';
import { TrainingEvidence } from './training-evidence.js';

/** @param outputs names of nodes. */
export function findBindings(graph: Graph, outputs: readonly string[]): Binding[] {
  const needed = upstream(graph, outputs);
  const finder = new SwitchUsesFinder({ graph, isNeeded: (name) => needed.has(name) });
  const candidates = needed.nodes().filter((node) => mayTellTraining(node) && !outputs.includes(node.name));
  const evidence = new TrainingEvidence(graph, outputs);
  return candidates.flatMap((node) => bindingOf(node, () => finder.of(node.name), evidence) ?? []);
}

function mayTellTraining(node: GraphNode): boolean {
  if (!placeholderOps.has(node.op)) return false;
  const shape = readShape(node, 'shape');
  return shape === undefined || shape.length === 0;
}

function bindingOf(node: GraphNode, findUses: () => SwitchUses, telling: TrainingEvidence): Binding | undefined {
  const { name } = node;
  const dtype = readType(node, 'dtype');
  if (learningPhase.test(name) && (dtype === DataType.bool || dtype === DataType.int32)) {
    return { name, value: dtype === DataType.bool ? false : 0, reason: 'Keras feeds it so for inference' };
  }
  if (dtype !== DataType.bool) return undefined;
  const uses = findUses();
  if (uses.isData || !uses.decides) return undefined;
  const [whenTrue, whenFalse] = [telling.of(uses.whenTrue), telling.of(uses.whenFalse)];
  if (whenTrue !== undefined && whenFalse !== undefined) return undefined;
  const evidence = whenTrue ?? whenFalse;
  if (evidence !== undefined) {
    const value = whenTrue === undefined;
    return { name, value, reason: `only where it is ${!value} there is ${evidence}` };
  }
  return trainingSwitch.test(name) ? { name, value: false, reason: 'concluded from its name alone' } : undefined;
}
