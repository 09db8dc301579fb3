/** Which inputs and outputs the loader offers: those of a signature of the model, or else placeholders and outputs. */
import { readAttribute, readType } from '../../graph/attributes.js';
import { inputNode } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import type { Signature, SignatureTensor } from '../../io/signature.js';
import { dataTypeName, dataTypeNumber } from '../../proto/data-types.js';
import { type Json, jsonForm } from '../../proto/json-form.js';
import { messageType } from '../../proto/types.js';

/**
 * @param given the signature that was chosen or that gave the outputs, where there is one.
 * @param outputs names of nodes; those that are none of the signature's come under these names.
 */
export async function offeredSignature(
  graph: Graph,
  given: Signature | undefined,
  outputs: readonly string[],
): Promise<Signature> {
  const wanted = new Set(outputs);
  const named = given?.outputs.filter(({ tensor }) => wanted.has(inputNode(tensor))) ?? [];
  for (const { tensor } of named) wanted.delete(inputNode(tensor));
  const others = await Promise.all(Array.from(wanted, (name) => outputsOf(graph.byName.get(name) as GraphNode)));
  const inputs = given?.inputs ?? graph.nodes.filter(isInput).map(inputOf);
  return { name: given?.name ?? '', inputs, outputs: [...named, ...others.flat()] };
}

/** A placeholder that has a default can do without a caller. */
function isInput({ op }: GraphNode): boolean {
  return op === 'Placeholder' || op === 'PlaceholderV2';
}

function inputOf(node: GraphNode): SignatureTensor {
  const shape = readAttribute(node, 'shape')?.shape;
  return {
    name: node.name,
    part: '',
    tensor: `${node.name}:0`,
    dtype: dataTypeName(readType(node, 'dtype')),
    shape: !shape || shape.unknown_rank ? undefined : (shape.dim ?? []).map(({ size }) => size?.toNumber() ?? 0),
  };
}

/** Every output of a node: the first under the node's name, the others as `name:1`. */
async function outputsOf(node: GraphNode): Promise<SignatureTensor[]> {
  // What TensorFlow knows of its ops is large, and a model with signatures does without.
  const { argumentTypes, opSignature } = await import('../../graph/op-signature.js');
  const types = opSignature(node.op)?.outputs.flatMap((output) => argumentTypes(node, output) ?? 0) ?? [0];
  return types.map((dtype, port) => ({
    name: port === 0 ? node.name : `${node.name}:${port}`,
    part: '',
    tensor: `${node.name}:${port}`,
    dtype: dataTypeName(dtype),
    shape: undefined,
  }));
}

/** As a SignatureDef in JSON. The parts of a sparse or composite tensor are tensors of their own here. */
export function signatureJson({ inputs, outputs }: Signature): Json {
  const type = messageType('SignatureDef');
  return jsonForm(type, type.encode({ inputs: infosOf(inputs), outputs: infosOf(outputs) }).finish());
}

function infosOf(tensors: readonly SignatureTensor[]): object {
  return Object.fromEntries(
    tensors.map(({ name, part, tensor, dtype, shape }) => [
      part === '' ? name : `${name}.${part}`,
      {
        name: tensor,
        dtype: dataTypeNumber(dtype),
        tensor_shape: shape ? { dim: shape.map((size) => ({ size })) } : { unknown_rank: true },
      },
    ]),
  );
}
