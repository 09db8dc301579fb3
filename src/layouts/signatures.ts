/** The signatures of a frozen model, encoded: those of its source that it can still answer, or else one of its own. */
import { PermafrostError } from '../errors.js';
import { readAttribute, readType } from '../graph/attributes.js';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { upstream } from '../graph/upstream.js';
import type { Signature } from '../io/signature.js';
import { hasOutputs } from '../passes/restore-inputs.js';
import { messageType, type TensorInfo } from '../proto/types.js';
import { readFields } from '../proto/wire-fields.js';
import { entryFields } from '../proto/wire-writer.js';

/** Field number of SignatureDef. */
const inputsField = 1;

/** What TensorFlow's servers and loaders take when no signature is named, and what they do with it. */
const usualName = 'serving_default';
const usualMethod = 'tensorflow/serving/predict';

/**
 * Keeps each signature whose outputs are all in the graph, as it was encoded, but for inputs that the graph lacks. Where
 * there is none, the outputs that were asked for make one, with every placeholder as an input.
 * @returns SignatureDefs by name.
 */
export async function frozenSignatures(
  graph: Graph,
  signatures: readonly Signature[],
  outputs: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const kept = signatures.filter((signature) => hasOutputs(graph, signature));
  if (kept.length > 0) return new Map(kept.map((each) => [each.name, withoutMissingInputs(each, graph)]));
  return new Map([[usualName, await ownSignature(graph, outputs)]]);
}

function withoutMissingInputs({ inputs, encoded }: Signature, graph: Graph): Uint8Array {
  const missing = new Set(inputs.flatMap(({ name, tensor }) => (graph.byName.has(inputNode(tensor)) ? [] : name)));
  if (missing.size === 0) return encoded;
  const fields = readFields(encoded);
  return Buffer.concat(
    fields.flatMap(({ number, payload, bytes }) =>
      number === inputsField && payload && missing.has(keyOf(payload)) ? [] : bytes,
    ),
  );
}

/** The key of a map's encoded entry. */
function keyOf(entry: Uint8Array): string {
  const key = readFields(entry).findLast(({ number }) => number === entryFields.key)?.payload;
  return Buffer.from(key ?? []).toString('utf8');
}

/**
 * A placeholder that has a default can do without a caller, so it is no input. Neither is one that only tables need: that
 * is an asset's path, which the loader feeds.
 */
async function ownSignature(graph: Graph, outputs: readonly string[]): Promise<Uint8Array> {
  const needed = upstream(graph, outputs);
  const inputs = graph.nodes.filter(({ name, op }) => /^Placeholder(V2)?$/.test(op) && needed.has(name));
  const given = (await Promise.all(outputs.map((name) => outputsOf(graph, name)))).flat();
  if (given.length === 0) {
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `None of the outputs (${outputs.join(', ')}) has a value to give, so there is no signature for a SavedModel. ` +
        'Name nodes that compute something.',
    );
  }
  return messageType('SignatureDef')
    .encode({
      inputs: Object.fromEntries(inputs.map((node) => [node.name, inputInfo(node)])),
      outputs: Object.fromEntries(given),
      method_name: usualMethod,
    })
    .finish();
}

function inputInfo(node: GraphNode): TensorInfo {
  const shape = readAttribute(node, 'shape')?.shape ?? { unknown_rank: true };
  return { name: `${node.name}:0`, dtype: readType(node, 'dtype'), tensor_shape: shape };
}

/** Every output of a node: the first under the node's name, the others as `name:1`. What TensorFlow has no such op for has one. */
async function outputsOf(graph: Graph, name: string): Promise<[string, TensorInfo][]> {
  const node = graph.byName.get(name) as GraphNode;
  // What TensorFlow knows of its ops is large, and a model with signatures does without.
  const { argumentTypes, opSignature } = await import('../graph/op-signature.js');
  const types = opSignature(node.op)?.outputs.flatMap((output) => argumentTypes(node, output) ?? 0) ?? [0];
  return types.map((dtype, port) => [
    port === 0 ? name : `${name}:${port}`,
    { name: `${name}:${port}`, dtype, tensor_shape: { unknown_rank: true } },
  ]);
}
