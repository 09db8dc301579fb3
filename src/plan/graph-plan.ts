/** Lays out a graph as the bytes of one GraphDef, in the order and form of TensorFlow's deterministic serialisation. */
import { isUint8Array } from 'node:util/types';
import { graphFields } from '../graph/decode.js';
import { encodeNode, viewOfEdited, viewOfMoved } from '../graph/encode-node.js';
import { type EncodedNode, nodeFields } from '../graph/encoded-node.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { StoredTensor } from '../graph/stored-tensor.js';
import { ByteWriter } from '../proto/byte-writer.js';
import { canonical, isCanonicalAt } from '../proto/canonical.js';
import { decoding } from '../proto/decoding.js';
import type { MessageName } from '../proto/types.js';
import { type MessageSchema, messageSchema } from '../proto/wire-schema.js';
import { entryFields, fieldSize, isHeadAt } from '../proto/wire-writer.js';
import { copyLimit, PlanBuilder, type Segments } from './plan.js';
import { type TensorForm, tensorForm } from './tensor-form.js';
import { tensorProtoHead } from './tensor-proto.js';

/** Field number of AttrValue.tensor. */
const tensorAttribute = 8;

const valueName = 'value';

/** The key of the map entry that holds a constant's tensor, encoded. */
const key = new ByteWriter().text(entryFields.key, valueName).finish();

const writer = new ByteWriter();

/** Gives the payload bytes of a tensor in the form that it will have. */
export type PayloadSize = (tensor: StoredTensor, form: TensorForm) => number;

/**
 * A tensor may take any size here; whether the file is too large is for the layout to say.
 * @throws PermafrostError GRAPH_MALFORMED where an attribute's, the library's or the versions' bytes are no such message.
 */
export function planGraph(graph: Graph, payloadSize: PayloadSize): Segments {
  const plan = new PlanBuilder();
  const schema = messageSchema('NodeDef');
  for (const node of graph.nodes) {
    const tensor = constantTensor(node);
    // What was read in canonical form needs no second look.
    const read = node.encoded ?? (node.isMovedOnly ? node.read : undefined);
    if (tensor) planConstant(node, tensor, plan, payloadSize);
    else if (read && isCanonicalNode(node, read, schema)) planRead(node, read, plan);
    else if (isLargeLiteral(node)) planLiteral(node, plan);
    else planMessage(graphFields.node, canonicalNode(node), plan);
  }
  // TensorFlow writes these two even when they are empty.
  const library = canonicalOf('FunctionDefLibrary', graph.library.encode(), () => 'The function library of the graph');
  planMessage(graphFields.library, library, plan);
  const versions = canonicalOf('VersionDef', graph.versions, () => 'The versions of the graph');
  planMessage(graphFields.versions, versions, plan);
  return plan.finish();
}

function isCanonicalNode(node: GraphNode, { source, start, end }: EncodedNode, schema: MessageSchema): boolean {
  return decoding(
    () => nameOf(node),
    () => isCanonicalAt(schema, source, start, end),
  );
}

function canonicalNode(node: GraphNode): Uint8Array {
  return canonicalOf('NodeDef', node.edited ? viewOfEdited(node) : encodeNode(node), () => nameOf(node));
}

function nameOf({ name, op }: GraphNode): string {
  return `Node '${name}' (${op})`;
}

function canonicalOf(type: MessageName, bytes: Uint8Array, what: () => string): Uint8Array {
  return decoding(what, () => canonical(type, bytes));
}

/** The tensors of the checkpoint that the graph's constants refer to, in the order of the file. */
export function storedTensors(graph: Graph): StoredTensor[] {
  return graph.nodes.map(constantTensor).filter((tensor) => tensor !== undefined);
}

function constantTensor(node: GraphNode): StoredTensor | undefined {
  const value = node.getEdited('value');
  return value instanceof StoredTensor ? value : undefined;
}

function planRead(node: GraphNode, read: EncodedNode, plan: PlanBuilder): void {
  if (node.edited) planMessage(graphFields.node, viewOfMoved(node, read), plan);
  else planAsRead(read, plan);
}

/** With the tag and the length before it, where they are as TensorFlow writes them: then neighbours are one stretch. */
function planAsRead({ source, start, end }: EncodedNode, plan: PlanBuilder): void {
  const headStart = end - fieldSize(graphFields.node, end - start);
  if (headStart >= 0 && isHeadAt(source, headStart, graphFields.node, end - start)) plan.copy(source, headStart, end);
  else {
    plan.head(graphFields.node, end - start);
    plan.copy(source, start, end);
  }
}

function planMessage(field: number, bytes: Uint8Array, plan: PlanBuilder): void {
  plan.written(writer.start().bytes(field, bytes));
}

/** Whether a pass has made a constant so large that a second copy of it would be felt. */
function isLargeLiteral(node: GraphNode): boolean {
  const value = node.getEdited('value');
  if (!isUint8Array(value) || value.length < copyLimit) return false;
  return Array.from(node.attributes.keys()).every((name) => name <= valueName);
}

function planLiteral(node: GraphNode, plan: PlanBuilder): void {
  const value = canonicalOf('AttrValue', node.attribute(valueName) as Uint8Array, () => nameOf(node));
  const entrySize = key.length + fieldSize(entryFields.value, value.length);
  const rest = canonicalNode(node.edit({ set: { value: undefined } }));
  const size = rest.length + fieldSize(nodeFields.attr, entrySize);
  writer.start().head(graphFields.node, size).raw(rest);
  writer.head(nodeFields.attr, entrySize).raw(key).head(entryFields.value, value.length);
  plan.written(writer);
  plan.literal(value);
}

/** Nested lengths from the inside out: TensorProto in AttrValue in the map's entry in NodeDef. */
function planConstant(node: GraphNode, tensor: StoredTensor, plan: PlanBuilder, payloadSize: PayloadSize): void {
  const form = tensorForm(tensor);
  const size = form ? payloadSize(tensor, form) : 0;
  const proto = tensorProtoHead(tensor, form, size);
  const protoSize = proto.length + size;
  const valueSize = fieldSize(tensorAttribute, protoSize);
  const entrySize = key.length + fieldSize(entryFields.value, valueSize);
  const rest = canonicalNode(node);
  writer
    .start()
    .head(graphFields.node, rest.length + fieldSize(nodeFields.attr, entrySize))
    .raw(rest);
  // `value` sorts after every other attribute that a constant has.
  writer.head(nodeFields.attr, entrySize).raw(key).head(entryFields.value, valueSize);
  writer.head(tensorAttribute, protoSize).raw(proto);
  plan.written(writer);
  if (form) plan.tensor({ tensor, encoding: form.encoding, size });
}
