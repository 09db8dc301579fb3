/**
 * Placeholders that tell training from inference, to be bound for inference: that of Keras, and bools that decide nothing
 * but branches, one side of which is training. The name decides last of all, and is named as the reason then.
 */
import { readType } from '../../../graph/attributes.js';
import type { Graph } from '../../../graph/graph.js';
import type { GraphNode } from '../../../graph/node.js';
import { placeholderOps } from '../../../graph/op-kinds/placeholders.js';
import { readShape } from '../../../graph/shape.js';
import { type NodeSet, upstream } from '../../../graph/upstream.js';
import { DataType } from '../../../proto/data-types.js';
import type { Change } from '../../change.js';
import type { Binding, BoundJson } from '../binding.js';
import { Place } from './place.js';
import { learningPhase, trainingSwitch } from './switch-names.js';
import { type SwitchUses, SwitchUsesFinder } from './switch-uses.js';
import { TrainingEvidence } from './training-evidence.js';

export interface FoundBindings {
  readonly bindings: readonly Binding[];
  /** Those that are something else besides, which other rewrites may take away: a rate of dropout, say. */
  readonly pending: readonly Binding[];
}

/** @param outputs names of nodes. */
export function findBindings(graph: Graph, outputs: readonly string[]): FoundBindings {
  const { needed, usesOf } = usesIn(graph, outputs);
  const results = new Set(outputs);
  const candidates = needed.nodes().filter((node) => mayTellTraining(node) && !results.has(node.name));
  const evidence = new TrainingEvidence(graph, outputs);
  const found = candidates.flatMap((node) => bindingOf(node, () => usesOf(node.name), evidence) ?? []);
  return {
    bindings: found.flatMap(({ binding, isData }) => (isData ? [] : binding)),
    pending: found.flatMap(({ binding, isData }) => (isData ? binding : [])),
  };
}

/** Those of the pending that nothing takes for data any more. */
export function withoutOtherUses(graph: Graph, outputs: readonly string[], pending: readonly Binding[]): Binding[] {
  const { needed, usesOf } = usesIn(graph, outputs);
  return pending.filter(({ name }) => needed.has(name) && !usesOf(name).isData);
}

/** Bools with names of what tells training from inference that are to be fed all the same. @returns notes on them. */
export function switchesLeft(graph: Graph, outputs: readonly string[]): Change[] {
  return upstream(graph, outputs)
    .nodes()
    .filter(
      (node) => mayTellTraining(node) && readType(node, 'dtype') === DataType.bool && trainingSwitch.test(node.name),
    )
    .map(({ name }) => ({
      rewrite: 'bindings',
      node: name,
      functionName: undefined,
      isLeft: true,
      text: `is to be fed: the graph does not say which of its values is that of inference; --bind ${name}=VALUE binds it`,
    }));
}

function usesIn(graph: Graph, outputs: readonly string[]): { needed: NodeSet; usesOf: (name: string) => SwitchUses } {
  const needed = upstream(graph, outputs);
  const finder = new SwitchUsesFinder(new Place(graph, needed, new Set(outputs)));
  return { needed, usesOf: (name) => finder.of(name) };
}

function mayTellTraining(node: GraphNode): boolean {
  if (!placeholderOps.has(node.op)) return false;
  const shape = readShape(node, 'shape');
  return shape === undefined || shape.every((size) => size === 1);
}

interface Found {
  readonly binding: Binding;
  readonly isData: boolean;
}

function bindingOf(node: GraphNode, findUses: () => SwitchUses, telling: TrainingEvidence): Found | undefined {
  const { name } = node;
  const dtype = readType(node, 'dtype');
  if (learningPhase.test(name) && (dtype === DataType.bool || dtype === DataType.int32)) {
    const value = shaped(node, dtype === DataType.bool ? false : 0);
    return { binding: { name, value, reason: 'Keras feeds it so for inference' }, isData: false };
  }
  if (dtype !== DataType.bool) return undefined;
  const uses = findUses();
  const { isData, decides } = uses;
  if (!decides) return undefined;
  const [whenTrue, whenFalse] = [telling.of(uses.whenTrue), telling.of(uses.whenFalse)];
  if (whenTrue !== undefined && whenFalse !== undefined) return undefined;
  const evidence = whenTrue ?? whenFalse;
  if (evidence !== undefined) {
    const value = whenTrue === undefined;
    const reason = `only where it is ${!value} there is ${evidence}`;
    return { binding: { name, value: shaped(node, value), reason }, isData };
  }
  if (!trainingSwitch.test(name)) return undefined;
  return { binding: { name, value: shaped(node, false), reason: 'concluded from its name alone' }, isData };
}

/** A single value in the shape of a placeholder. */
function shaped(node: GraphNode, value: BoundJson): BoundJson {
  return (readShape(node, 'shape') ?? []).reduce<BoundJson>((inner) => [inner], value);
}
