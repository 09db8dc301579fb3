import { isUint8Array } from 'node:util/types';
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
  writer.start();
  if (read && node.isNamedAsRead) copyFields(read, (fields) => fields.isKnown && fields.number === nodeFields.name);
  else writer.text(nodeFields.name, node.name);
  writer.text(nodeFields.op, node.op);
  if (inputs) for (const input of inputs) writer.text(nodeFields.input, input);
  else if (read) copyFields(read, (fields) => fields.isInput);
  if (node.device !== '') writer.text(nodeFields.device, node.device);
  for (const [name, value] of attributes ?? []) if (!Object.hasOwn(set, name)) writeAttribute(name, value);
  if (read) copyOthers(read, attributes ? undefined : set);
  for (const name of Object.keys(set)) writeAttribute(name, set[name]);
  return writer.view();
}

/**
 * The bytes of a node that nothing but a device was edited of, with that device in its place, until the next node is asked
 * for. They are as they were read else.
 * @param read in canonical form: then what is written is, too.
 */
export function viewOfMoved({ device }: GraphNode, { source, start, end }: EncodedNode): Uint8Array {
  const fields = new FieldWalk(source).enter(start, end);
  let place = start;
  while (fields.next() && fields.number < nodeFields.device) place = fields.end;
  const rest = fields.number === nodeFields.device ? fields.end : place;
  writer.start().copy(source, start, place);
  if (device !== '') writer.text(nodeFields.device, device);
  return writer.copy(source, rest, end).view();
}

/** What stands in a node beyond its head. @param set attributes to leave out; undefined: all. */
function copyOthers(read: EncodedNode, set: AttributeChanges | undefined): void {
  const left = set && Object.keys(set);
  const stays = (fields: FieldWalk): boolean => left !== undefined && !left.some((name) => fields.hasKey(name));
  copyFields(read, (fields) => (fields.isAttribute ? stays(fields) : !fields.isKnown));
}

/** Neighbours at once. */
function copyFields(read: EncodedNode, isCopied: (fields: FieldWalk) => boolean): void {
  const fields = new FieldWalk(read.source).enter(read.start, read.end);
  let [start, end] = [read.start, read.start];
  while (fields.next()) {
    if (!isCopied(fields)) continue;
    if (fields.start !== end) {
      writer.copy(read.source, start, end);
      start = fields.start;
    }
    end = fields.end;
  }
  writer.copy(read.source, start, end);
}

function writeAttribute(name: string, value: Attribute | undefined): void {
  if (!isUint8Array(value)) return;
  const keySize = fieldSize(entryFields.key, Buffer.byteLength(name));
  writer.head(nodeFields.attr, keySize + fieldSize(entryFields.value, value.length));
  writer.text(entryFields.key, name).bytes(entryFields.value, value);
}
