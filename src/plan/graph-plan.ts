/** Lays out a graph as the bytes of one GraphDef, in the order and form of TensorFlow's deterministic serialisation. */
import protobuf from 'protobufjs/light.js';
import { graphFields } from '../graph/decode.js';
import type { Graph } from '../graph/graph.js';
import { type GraphNode, nodeFields } from '../graph/node.js';
import { StoredTensor } from '../graph/stored-tensor.js';
import { canonical } from '../proto/canonical.js';
import { messageType } from '../proto/types.js';
import { WireType } from '../proto/wire-schema.js';
import { type Plan, PlanBuilder } from './plan.js';
import { type TensorForm, tensorForm } from './tensor-form.js';
import { tensorProtoHead } from './tensor-proto.js';

/** Field number of AttrValue.tensor. */
const tensorAttribute = 8;

/** Gives the payload bytes of a tensor in the form that it will have. */
export type PayloadSize = (tensor: StoredTensor, form: TensorForm) => number;

/**
 * A tensor may take any size here; whether the file is too large is for the layout to say.
 * @throws RangeError where an attribute's or the library's bytes are no such message.
 */
export function planGraph(graph: Graph, payloadSize: PayloadSize): Plan {
  const plan = new PlanBuilder();
  const nodeType = messageType('NodeDef');
  for (const node of graph.nodes) {
    const tensor = node.encoded ? undefined : constantTensor(node);
    if (tensor) planConstant(node, tensor, plan, payloadSize);
    else planMessage(graphFields.node, canonical(nodeType, nodeBytes(node)), plan);
  }
  // TensorFlow writes these two even when they are empty.
  planMessage(graphFields.library, canonical(messageType('FunctionDefLibrary'), graph.library), plan);
  planMessage(graphFields.versions, canonical(messageType('VersionDef'), graph.versions), plan);
  return plan.finish();
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
  plan.literal(head(field, bytes.length));
  plan.literal(bytes);
}

/** Nested lengths from the inside out: TensorProto in AttrValue in the map's entry in NodeDef. */
function planConstant(node: GraphNode, tensor: StoredTensor, plan: PlanBuilder, payloadSize: PayloadSize): void {
  const form = tensorForm(tensor);
  const size = form ? payloadSize(tensor, form) : 0;
  const proto = tensorProtoHead(tensor, form, size);
  const value = head(tensorAttribute, proto.length + size);
  const key = protobuf.Writer.create().uint32(10).string('value').finish();
  const entryValue = head(2, value.length + proto.length + size);
  const entrySize = key.length + entryValue.length + value.length + proto.length + size;
  const entry = head(nodeFields.attr, entrySize);
  const rest = canonical(messageType('NodeDef'), nodeBytes(node));
  const nodeSize = rest.length + entry.length + entrySize;
  // `value` sorts after every other attribute that a constant has.
  for (const bytes of [head(graphFields.node, nodeSize), rest, entry, key, entryValue, value, proto])
    plan.literal(bytes);
  if (form) plan.tensor({ tensor, encoding: form.encoding, size });
}

/** Tag and length of a length-delimited field. */
function head(field: number, length: number): Uint8Array {
  return protobuf.Writer.create()
    .uint32((field << 3) | WireType.bytes)
    .uint64(length)
    .finish();
}

/**
 * The NodeDef as read, or as edited: attributes in any order, the canonical form sorts them. A tensor of the checkpoint
 * is left out.
 */
function nodeBytes(node: GraphNode): Uint8Array {
  if (node.encoded) return node.encoded.source.subarray(node.encoded.start, node.encoded.end);
  const writer = protobuf.Writer.create();
  writer.uint32(tag(nodeFields.name)).string(node.name).uint32(tag(nodeFields.op)).string(node.op);
  for (const input of node.inputs) writer.uint32(tag(nodeFields.input)).string(input);
  if (node.device !== '') writer.uint32(tag(nodeFields.device)).string(node.device);
  for (const [name, value] of node.attributes) {
    if (value instanceof StoredTensor) continue;
    writer.uint32(tag(nodeFields.attr)).fork().uint32(10).string(name).uint32(18).bytes(value).ldelim();
  }
  for (const field of node.otherFields()) writer.raw(field);
  return writer.finish();
}

function tag(field: number): number {
  return (field << 3) | WireType.bytes;
}
