import { ByteWriter } from '../proto/byte-writer.js';
import { entryFields, fieldSize } from '../proto/wire-writer.js';
import { type EncodedNode, FieldWalk, nodeFields } from './encoded-node.js';
import type { Attribute, AttributeChanges, GraphNode } from './node.js';

const writer = new ByteWriter();

/** The NodeDef as read, or as `viewOfEdited`. */
export function encodeNode(node: GraphNode): Uint8Array {
  const { edited, read } = node;
  if (!edited && read) return read.source.subarray(read.start, read.end);
  return Buffer.from(viewOfEdited(node));
}

/**
 * The NodeDef with the attributes that were set behind the others, until the next one is asked for. A tensor of the
 * checkpoint is left out: its bytes are not here.
 */
export function viewOfEdited(node: GraphNode): Uint8Array {
  const { edited, read } = node;
  const { inputs, attributes, set = {} } = edited ?? {};
  writer.start().text(nodeFields.name, node.name).text(nodeFields.op, node.op);
  if (inputs) for (const input of inputs) writer.text(nodeFields.input, input);
  else if (read) copyInputs(read);
  if (node.device !== '') writer.text(nodeFields.device, node.device);
  for (const [name, value] of attributes ?? []) if (!Object.hasOwn(set, name)) writeAttribute(name, value);
  if (read) copyOthers(read, attributes ? undefined : set);
  for (const name of Object.keys(set)) writeAttribute(name, set[name]);
  return writer.view();
}

function copyInputs(read: EncodedNode): void {
  const fields = new FieldWalk(read.source).enter(read.start, read.end);
  while (fields.next()) if (fields.isInput) writer.copy(read.source, fields.start, fields.end);
}

/** What stands in a node beyond its head. @param set attributes to leave out; undefined: all. */
function copyOthers(read: EncodedNode, set: AttributeChanges | undefined): void {
  const left = set && Object.keys(set);
  const fields = new FieldWalk(read.source).enter(read.start, read.end);
  while (fields.next()) {
    const isCopied = fields.isAttribute ? left && !left.some((name) => fields.hasKey(name)) : !fields.isKnown;
    if (isCopied) writer.copy(read.source, fields.start, fields.end);
  }
}

function writeAttribute(name: string, value: Attribute | undefined): void {
  if (!(value instanceof Uint8Array)) return;
  const keySize = fieldSize(entryFields.key, Buffer.byteLength(name));
  writer.head(nodeFields.attr, keySize + fieldSize(entryFields.value, value.length));
  writer.text(entryFields.key, name).bytes(entryFields.value, value);
}
