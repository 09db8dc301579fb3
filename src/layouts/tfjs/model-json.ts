/** The `model.json` of a graph model. https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts */
import { readType } from '../../graph/attributes.js';
import { encodeNode } from '../../graph/encode-node.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import type { PlannedFile } from '../../plan/plan.js';
import { decoding } from '../../proto/decoding.js';
import { type Json, jsonForm } from '../../proto/json-form.js';
import { messageType } from '../../proto/types.js';
import type { RunnableGraph } from './runnable-graph.js';
import { signatureJson } from './signature.js';
import type { Weight } from './weights.js';

export function modelJson(
  { inference, initializer, offered }: RunnableGraph,
  weights: readonly Weight[],
  shards: readonly PlannedFile[],
): Uint8Array {
  const byName = new Map(weights.map((weight) => [weight.spec.name, weight]));
  const model = {
    format: 'graph-model',
    generatedBy: 'TensorFlow',
    convertedBy: 'permafrost',
    signature: signatureJson(offered),
    modelTopology: topology(inference, byName),
    ...(initializer.nodes.length > 0 ? { modelInitializer: topology(initializer, byName) } : {}),
    weightsManifest: [{ paths: shards.map(({ path }) => path), weights: weights.map(({ spec }) => spec) }],
  };
  return Buffer.from(JSON.stringify(model));
}

function topology({ nodes, versions }: Graph, weights: ReadonlyMap<string, Weight>): Json {
  const nodeJson = (node: GraphNode): Json => {
    const encoded = encodeNode(withoutValue(node, weights.get(node.name)));
    const json = decoding(
      () => `Node '${node.name}' (${node.op})`,
      () => jsonForm(messageType('NodeDef'), encoded),
    );
    return node.op.startsWith('Placeholder') ? withEmptySizes(json) : json;
  };
  const versionJson = decoding(
    () => 'The versions of the graph',
    () => jsonForm(messageType('VersionDef'), versions),
  );
  // The loader wants the versions, whether there is anything in them or not.
  return { node: nodes.map(nodeJson), library: {}, versions: versionJson };
}

/** The loader checks what it is fed against the shape, and takes a size of 0, which JSON leaves out, for none. */
function withEmptySizes(json: Json): Json {
  return JSON.parse(JSON.stringify(json), (key, value: Json) =>
    key === 'dim' && Array.isArray(value) ? value.map(withEmptySize) : value,
  );
}

function withEmptySize(dim: Json): Json {
  return JSON.stringify(dim) === '{}' ? { size: '0' } : dim;
}

/** Of a constant, type and shape stay. */
function withoutValue(node: GraphNode, weight: Weight | undefined): GraphNode {
  if (!weight) return node;
  const tensor = { dtype: readType(node, 'dtype'), tensor_shape: { dim: weight.spec.shape.map((size) => ({ size })) } };
  const value = messageType('AttrValue').encode({ tensor }).finish();
  return node.edit({ attributes: new Map(node.attributes).set('value', value) });
}
