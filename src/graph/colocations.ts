/** Which nodes a node shares a device with: texts `loc:@name` in its attribute `_class`. */
import { decoding } from '../proto/decoding.js';
import { messageType } from '../proto/types.js';
import { WireCursor } from '../proto/wire-cursor.js';
import { tag } from '../proto/wire-writer.js';
import type { GraphNode } from './node.js';
import type { Wiring } from './wiring.js';

const attribute = '_class';
const prefix = 'loc:@';
const prefixBytes = Buffer.from(prefix);

/** Of AttrValue.list, and of ListValue.s. */
const listTag = tag(1);
const textTag = tag(2);

/** @throws PermafrostError GRAPH_MALFORMED where the bytes of the attribute are no list. */
export function colocatedNodes(node: GraphNode): readonly string[] {
  return mapNames(node, (bytes, start, end) => Buffer.from(bytes.subarray(start, end)).toString('utf8'));
}

/**
 * Their positions, -1 for one that is not there. Most nodes of a training graph are colocated, so no texts are made.
 * @throws PermafrostError as `colocatedNodes`.
 */
export function colocatedPositions(node: GraphNode, wiring: Wiring): readonly number[] {
  return mapNames(node, (bytes, start, end) => wiring.positionAt(bytes, start, end));
}

const none: readonly never[] = [];

/** An attribute of that many names. */
export function colocationAttribute(nodes: readonly string[]): Uint8Array {
  return messageType('AttrValue')
    .encode({ list: { s: nodes.map((name) => Buffer.from(`${prefix}${name}`)) } })
    .finish();
}

/** @param name makes something of the name that is bytes `start` to `end`. */
function mapNames<T>(node: GraphNode, name: (bytes: Uint8Array, start: number, end: number) => T): readonly T[] {
  const bytes = node.attribute(attribute);
  if (!bytes) return none;
  return decoding(
    () => `Attribute '${attribute}' of node '${node.name}' (${node.op})`,
    () => {
      const names: T[] = [];
      forEachText(bytes, (start, end) => names.push(name(bytes, afterPrefix(bytes, start, end), end)));
      return names;
    },
  );
}

function forEachText(value: Uint8Array, visit: (start: number, end: number) => void): void {
  const cursor = new WireCursor(value, 0, value.length);
  while (!cursor.isAtEnd) {
    const next = cursor.varint();
    if (next === listTag) {
      const list = cursor.message();
      while (!list.isAtEnd) {
        const field = list.varint();
        if (field !== textTag) {
          list.skip(field);
          continue;
        }
        const end = list.payloadEnd();
        visit(list.at, end);
        list.at = end;
      }
    } else cursor.skip(next);
  }
}

function afterPrefix(bytes: Uint8Array, start: number, end: number): number {
  const hasPrefix = end - start >= prefixBytes.length && prefixBytes.every((byte, at) => bytes[start + at] === byte);
  return hasPrefix ? start + prefixBytes.length : start;
}
