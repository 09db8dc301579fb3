/** Which nodes a node shares a device with: texts `loc:@name` in its attribute `_class`. */
import type protobuf from 'protobufjs/light.js';
import { decoding } from '../proto/decoding.js';
import { messageType } from '../proto/types.js';
import { payloadEnd, wireReader } from '../proto/wire-reader.js';
import { tag } from '../proto/wire-writer.js';
import type { GraphNode } from './node.js';

const attribute = '_class';
const prefix = 'loc:@';

/** Of AttrValue.list, and of ListValue.s. */
const listTag = tag(1);
const textTag = tag(2);

/** @throws PermafrostError GRAPH_MALFORMED where the bytes of the attribute are no list. */
export function colocatedNodes(node: GraphNode): readonly string[] {
  const bytes = node.attribute(attribute);
  if (!bytes) return none;
  return decoding(
    () => `Attribute '${attribute}' of node '${node.name}' (${node.op})`,
    () => textsOf(bytes).map((text) => (text.startsWith(prefix) ? text.slice(prefix.length) : text)),
  );
}

const none: readonly string[] = [];

/** An attribute of that many names. */
export function colocationAttribute(nodes: readonly string[]): Uint8Array {
  return messageType('AttrValue')
    .encode({ list: { s: nodes.map((name) => Buffer.from(`${prefix}${name}`)) } })
    .finish();
}

/** Most nodes of a training graph have such a list, so it is read without objects for what is around it. */
function textsOf(value: Uint8Array): string[] {
  const texts: string[] = [];
  const reader = wireReader(value);
  while (reader.pos < value.length) {
    const next = reader.uint32();
    if (next === listTag) readList(reader, payloadEnd(reader), texts);
    else reader.skipType(next & 7, 0, next >>> 3);
  }
  return texts;
}

function readList(reader: protobuf.Reader, end: number, texts: string[]): void {
  while (reader.pos < end) {
    const next = reader.uint32();
    if (next === textTag) texts.push(reader.string());
    else reader.skipType(next & 7, 0, next >>> 3);
  }
}
