/** Lays out a graph as the bytes of one GraphDef, in the order and form of TensorFlow's deterministic serialisation. */
import protobuf from 'protobufjs/light.js';
import { graphFields } from '../graph/decode.js';
import { encodeNode } from '../graph/encode-node.js';
import { nodeFields } from '../graph/encoded-node.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { StoredTensor } from '../graph/stored-tensor.js';
import { canonical } from '../proto/canonical.js';
import { decoding } from '../proto/decoding.js';
import { type MessageName, messageType } from '../proto/types.js';
import { entryFields, fieldHead, tag } from '../proto/wire-writer.js';
import { PlanBuilder, type Segments } from './plan.js';
import { type TensorForm, tensorForm } from './tensor-form.js';
import { tensorProtoHead } from './tensor-proto.js';

/** Field number of AttrValue.tensor. */
const tensorAttribute = 8;

/** The key of the map entry that holds a constant's tensor, encoded. */
const key = protobuf.Writer.create().uint32(tag(entryFields.key)).string('value').finish();

/** Gives the payload bytes of a tensor in the form that it will have. */
export type PayloadSize = (tensor: StoredTensor, form: TensorForm) => number;

/**
 * A tensor may take any size here; whether the file is too large is for the layout to say.
 * @throws PermafrostError GRAPH_MALFORMED where an attribute's, the library's or the versions' bytes are no such message.
 */
export function planGraph(graph: Graph, payloadSize: PayloadSize): Segments {
  const plan = new PlanBuilder();
  for (const node of graph.nodes) {
    const tensor = node.encoded ? undefined : constantTensor(node);
    if (tensor) planConstant(node, tensor, plan, payloadSize);
    else planMessage(graphFields.node, canonicalNode(node), plan);
  }
  // TensorFlow writes these two even when they are empty.
  const library = canonicalOf('FunctionDefLibrary', graph.library.encode(), () => 'The function library of the graph');
  planMessage(graphFields.library, library, plan);
  const versions = canonicalOf('VersionDef', graph.versions, () => 'The versions of the graph');
  planMessage(graphFields.versions, versions, plan);
  return plan.finish();
}

function canonicalNode(node: GraphNode): Uint8Array {
  return canonicalOf('NodeDef', encodeNode(node), () => `Node '${node.name}' (${node.op})`);
}

function canonicalOf(type: MessageName, bytes: Uint8Array, what: () => string): Uint8Array {
  return decoding(what, () => canonical(messageType(type), bytes));
}

/** The tensors of the checkpoint that the graph's constants refer to, in the order of the file. */
export function storedTensors(graph: Graph): StoredTensor[] {
  return graph.nodes.flatMap((node) => (node.encoded ? undefined : constantTensor(node)) ?? []);
}

function constantTensor(node: GraphNode): StoredTensor | undefined {
  const value = node.attributes.get('value');
  return value instanceof StoredTensor ? value : undefined;
}

function planMessage(field: number, bytes: Uint8Array, plan: PlanBuilder): void {
  plan.literal(fieldHead(field, bytes.length));
  plan.literal(bytes);
}

/** Nested lengths from the inside out: TensorProto in AttrValue in the map's entry in NodeDef. */
function planConstant(node: GraphNode, tensor: StoredTensor, plan: PlanBuilder, payloadSize: PayloadSize): void {
  const form = tensorForm(tensor);
  const size = form ? payloadSize(tensor, form) : 0;
  const proto = tensorProtoHead(tensor, form, size);
  const value = fieldHead(tensorAttribute, proto.length + size);
  const entryValue = fieldHead(entryFields.value, value.length + proto.length + size);
  const entrySize = key.length + entryValue.length + value.length + proto.length + size;
  const entry = fieldHead(nodeFields.attr, entrySize);
  const rest = canonicalNode(node);
  const nodeSize = rest.length + entry.length + entrySize;
  // `value` sorts after every other attribute that a constant has.
  for (const bytes of [fieldHead(graphFields.node, nodeSize), rest, entry, key, entryValue, value, proto])
    plan.literal(bytes);
  if (form) plan.tensor({ tensor, encoding: form.encoding, size });
}
