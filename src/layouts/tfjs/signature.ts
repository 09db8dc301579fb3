/** Which inputs and outputs the loader offers: those of a signature of the model, or else placeholders and outputs. */
import { readAttribute, readType } from '../../graph/attributes.js';
import { inputNode } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import type { Signature, SignatureTensor } from '../../io/signature.js';
import { dataTypeName, dataTypeNumber } from '../../proto/data-types.js';
import { type Json, jsonForm } from '../../proto/json-form.js';
import { messageType } from '../../proto/types.js';

/** What TensorFlow's servers and loaders take when no signature is named. */
const usualName = 'serving_default';

/** The model's signature that gives just these outputs; the usual one, where there are several. */
export async function signatureOf(
  graph: Graph,
  signatures: readonly Signature[],
  outputs: readonly string[],
): Promise<Signature> {
  const wanted = [...new Set(outputs)].sort().join();
  const matching = signatures.filter((each) => nodesOf(each.outputs).join() === wanted);
  return matching.find(({ name }) => name === usualName) ?? matching[0] ?? (await ownSignature(graph, outputs));
}

function nodesOf(tensors: readonly SignatureTensor[]): string[] {
  return [...new Set(tensors.map(({ tensor }) => inputNode(tensor)))].sort();
}

/** A placeholder that has a default can do without a caller, so it is no input. */
async function ownSignature(graph: Graph, outputs: readonly string[]): Promise<Signature> {
  const inputs = graph.nodes.filter(({ op }) => op === 'Placeholder' || op === 'PlaceholderV2');
  const given = await Promise.all(outputs.map((name) => outputsOf(graph.byName.get(name) as GraphNode)));
  return { name: usualName, inputs: inputs.map(inputOf), outputs: given.flat() };
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
