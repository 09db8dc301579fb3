/** The signatures of a frozen model, encoded: those of its source that it can still answer, or else one of its own. */
import { PermafrostError } from '../errors.js';
import { inputNode } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { Signature } from '../io/signature.js';
import { messageType } from '../proto/types.js';
import { readFields, withoutFields } from '../proto/wire-fields.js';
import { entryFields } from '../proto/wire-writer.js';
import { inputTensors, outputTensors, tensorInfos } from './node-tensors.js';
import { requirePorts } from './require-ports.js';
import { hasOutputs } from './restore-inputs.js';

/** Field number of SignatureDef. */
const inputsField = 1;

/** What TensorFlow's servers and loaders take when no signature is named, and what they do with it. */
const usualName = 'serving_default';
const usualMethod = 'tensorflow/serving/predict';

/**
 * Keeps each signature whose outputs are all in the graph, as it was encoded, but for inputs that the graph lacks. Where
 * there is none, the outputs that were asked for make one, with every placeholder as an input.
 * @returns SignatureDefs by name.
 * @throws PermafrostError GRAPH_INVALID where one names an output that its node does not have; INVALID_ARGUMENT where no
 * output has a value.
 */
export async function frozenSignatures(
  graph: Graph,
  signatures: readonly Signature[],
  outputs: readonly string[],
): Promise<ReadonlyMap<string, Uint8Array>> {
  const kept = signatures.filter((signature) => hasOutputs(graph, signature));
  for (const signature of kept) await requirePorts(graph, signature);
  if (kept.length > 0) return new Map(kept.map((each) => [each.name, withoutMissingInputs(each, graph)]));
  return new Map([[usualName, await ownSignature(graph, outputs)]]);
}

function withoutMissingInputs({ inputs, encoded }: Signature, graph: Graph): Uint8Array {
  const missing = new Set(inputs.flatMap(({ name, tensor }) => (graph.byName.has(inputNode(tensor)) ? [] : name)));
  return withoutInputs(encoded, missing);
}

/** @param names of the inputs to leave out. */
export function withoutInputs(encoded: Uint8Array, names: ReadonlySet<string>): Uint8Array {
  if (names.size === 0) return encoded;
  return withoutFields(
    encoded,
    ({ number, payload }) => number === inputsField && payload !== undefined && names.has(keyOf(payload)),
  );
}

/** The key of a map's encoded entry. */
function keyOf(entry: Uint8Array): string {
  const key = readFields(entry).findLast(({ number }) => number === entryFields.key)?.payload;
  return Buffer.from(key ?? []).toString('utf8');
}

async function ownSignature(graph: Graph, outputs: readonly string[]): Promise<Uint8Array> {
  const given = (await Promise.all(outputs.map((name) => outputTensors(graph, name)))).flat();
  if (given.length === 0) {
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `None of the outputs (${outputs.join(', ')}) has a value to give, so there is no signature for a SavedModel. ` +
        'Name nodes that compute something.',
    );
  }
  const inputs = tensorInfos(inputTensors(graph, outputs));
  return messageType('SignatureDef')
    .encode({ inputs, outputs: tensorInfos(given), method_name: usualMethod })
    .finish();
}
