/** Suggests inputs and outputs of a graph: those of its signatures, or else those that its data flow speaks for. */
import { inputNode } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { Signature } from '../../io/signature.js';
import { suggestInputs } from './suggest-inputs.js';
import { suggestOutputs } from './suggest-outputs.js';
import type { SuggestedOutput, Suggestions } from './suggestion.js';

/** @param usual the signature that is taken where none is named; undefined where there are none, or it is open which. */
export function suggestFor(graph: Graph, signatures: readonly Signature[], usual: Signature | undefined): Suggestions {
  const ranked = suggestOutputs(graph);
  const first = usual ? [usual, ...signatures.filter((each) => each !== usual)] : signatures;
  const named = first.flatMap((signature) => outputsOf(signature, graph));
  const own = new Set(named.map(({ tensor }) => inputNode(tensor)));
  const outputs = [...named, ...ranked.outputs.filter(({ tensor }) => !own.has(tensor))];
  const nodes = usual && new Set(outputsOf(usual, graph).map(({ tensor }) => inputNode(tensor)));
  const auto = signatures.length === 0 ? ranked.auto : nodes && [...nodes];
  const best = outputs.filter(({ confidence }) => confidence === outputs[0]?.confidence);
  return { inputs: suggestInputs(graph, auto ?? best.map(({ tensor }) => inputNode(tensor))), outputs, auto };
}

function outputsOf({ name, outputs }: Signature, graph: Graph): SuggestedOutput[] {
  return outputs.flatMap(({ name: output, tensor, dtype, shape }) => {
    const node = graph.byName.get(inputNode(tensor));
    if (!node) return [];
    const reasons = [`is the output '${output}' of the signature '${name}'`];
    return [{ tensor: tensor.replace(/:0$/, ''), op: node.op, dtype, shape, confidence: 'signature', reasons }];
  });
}
