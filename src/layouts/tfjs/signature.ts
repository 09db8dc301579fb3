/** Which inputs and outputs the loader offers, and under which names. */
import { inputNode } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { Signature, SignatureTensor } from '../../io/signature.js';
import { type Json, jsonForm } from '../../proto/json-form.js';
import { messageType } from '../../proto/types.js';
import { inputTensors, outputTensors, tensorInfos } from '../node-tensors.js';
import { requirePorts } from '../require-ports.js';

export interface OfferedTensors {
  readonly inputs: readonly SignatureTensor[];
  readonly outputs: readonly SignatureTensor[];
}

/**
 * @param given the signature that was chosen or that gave the outputs, where there is one.
 * @param outputs names of nodes; those that are none of the signature's come under these names.
 * @throws PermafrostError GRAPH_INVALID where the signature names an output that its node does not have.
 */
export async function offeredTensors(
  graph: Graph,
  given: Signature | undefined,
  outputs: readonly string[],
): Promise<OfferedTensors> {
  const wanted = new Set(outputs);
  const named = given?.outputs.filter(({ tensor }) => wanted.has(inputNode(tensor))) ?? [];
  if (given) await requirePorts(graph, { ...given, outputs: named });
  for (const { tensor } of named) wanted.delete(inputNode(tensor));
  const others = await Promise.all(Array.from(wanted, (name) => outputTensors(graph, name)));
  return { inputs: given?.inputs ?? inputTensors(graph, outputs), outputs: [...named, ...others.flat()] };
}

/** As a SignatureDef in JSON. */
export function signatureJson({ inputs, outputs }: OfferedTensors): Json {
  const type = messageType('SignatureDef');
  return jsonForm(type, type.encode({ inputs: tensorInfos(inputs), outputs: tensorInfos(outputs) }).finish());
}
