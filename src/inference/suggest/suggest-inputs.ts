/** Ranks what may be an input: what outputs are computed from, and the switches between training and inference. */
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { handsOut } from '../../graph/op-kinds/data-sources.js';
import { DataType, dataTypeName } from '../../proto/data-types.js';
import { learningPhase, trainingAmount, trainingSwitch } from '../bindings/finding/switch-names.js';
import { OutputFacts } from '../inputs/tensor-facts.js';
import { positionsOf } from './find-losses.js';
import { isSource } from './op-roles.js';
import { sourceTensors } from './source-tensors.js';
import type { SuggestedInput } from './suggestion.js';

const switchNames: readonly RegExp[] = [learningPhase, trainingSwitch, trainingAmount];

const uses = ['feed', 'bind', 'unused'] as const;

/** @param outputs names of nodes. */
export function suggestInputs(graph: Graph, outputs: readonly string[]): SuggestedInput[] {
  const needed = sourceTensors(
    graph,
    outputs
      .map((output) => ({ position: graph.wiring.positionOf(output), port: 0 }))
      .filter(({ position }) => position >= 0),
  );
  const inputs = positionsOf(graph, isSource).flatMap((position) => {
    const facts = new OutputFacts(graph, graph.nodes[position] as GraphNode);
    const ports = [...facts.readers.keys()].sort((a, b) => a - b);
    return ports.map((port) => describe(facts, port, needed.get(position)?.has(port) ?? false));
  });
  return inputs.sort((a, b) => uses.indexOf(a.use) - uses.indexOf(b.use));
}

function describe(facts: OutputFacts, port: number, isNeeded: boolean): SuggestedInput {
  const { node, types } = facts;
  const type = types?.[port] ?? 0;
  const shape = facts.shape(port)?.value;
  const source = handsOut(node.op);
  const tensor = source === undefined ? node.name : `${node.name}:${port}`;
  const about = { tensor, op: node.op, dtype: type === 0 ? 'unknown' : dataTypeName(type), shape };
  if (!isNeeded) return { ...about, use: 'unused', reasons: ['no suggested output is computed from it'] };
  if (source !== undefined) {
    const reason = `comes from ${/^[aei]/.test(source) ? 'an' : 'a'} ${source}: --inputs '${tensor}' makes it a placeholder`;
    return { ...about, use: 'feed', reasons: [reason] };
  }
  const isTruth = type === DataType.bool && (shape === undefined || shape.length === 0);
  const hasDefault = node.op === 'PlaceholderWithDefault' && shape?.length === 0;
  if (!isTruth && !hasDefault && !switchNames.some((each) => each.test(node.name))) {
    return { ...about, use: 'feed', reasons: [`is a ${node.op}`] };
  }
  const reason = isTruth
    ? 'is one truth value, as those that tell training from inference'
    : hasDefault
      ? 'is one number with a default'
      : 'has the name of a switch between training and inference';
  return { ...about, use: 'bind', reasons: [`${reason}: --bind ${node.name}=VALUE makes it a constant`] };
}
