/** The parts of an encoded NodeDef: found when they are asked for, never changed. */
import type protobuf from 'protobufjs/light.js';
import { payloadEnd, readText, wireReader } from '../proto/wire-reader.js';
import { WireType } from '../proto/wire-schema.js';
import { entryFields, tag } from '../proto/wire-writer.js';

/** Bytes `start` to `end` of `source`. */
export interface EncodedNode {
  readonly source: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/** Field numbers of NodeDef. */
export const nodeFields = { name: 1, op: 2, input: 3, device: 4, attr: 5 } as const;

const attrTag = tag(nodeFields.attr);
const keyTag = tag(entryFields.key);
const valueTag = tag(entryFields.value);

/** What a node has beyond name, op, inputs and device. */
export interface NodeFields<Value> {
  readonly attributes: ReadonlyMap<string, Value>;
  /** The fields after the attributes (debug info, unknown ones), encoded with their tags. */
  readonly rest: readonly Uint8Array[];
}

/** The last one counts, as in a map. Most nodes are asked for one attribute, which is not worth a map of all. */
export function findAttribute(node: EncodedNode, name: string): Uint8Array | undefined {
  let found = undefined as AttributeEntry | undefined;
  walk(node, (entry) => {
    if (entry.key === name) found = entry;
  });
  return found && node.source.subarray(found.start, found.end);
}

/** The names of the attributes whose values are not empty. */
export function namesOfAttributes(node: EncodedNode): Set<string> {
  const names = new Set<string>();
  walk(node, ({ key, start, end }) => {
    if (end > start) names.add(key);
  });
  return names;
}

/** The attributes alone. */
export function decodeAttributes(node: EncodedNode): Map<string, Uint8Array> {
  const attributes = new Map<string, Uint8Array>();
  walk(node, ({ key, start, end }) => attributes.set(key, node.source.subarray(start, end)));
  return attributes;
}

export function decodeFields(node: EncodedNode): NodeFields<Uint8Array> {
  const { source } = node;
  const attributes = new Map<string, Uint8Array>();
  const rest: Uint8Array[] = [];
  walk(
    node,
    ({ key, start, end }) => attributes.set(key, source.subarray(start, end)),
    (tagOf, start, end) => {
      const isKnown = tagOf >>> 3 <= nodeFields.attr && (tagOf & 7) === WireType.bytes;
      if (!isKnown) rest.push(source.subarray(start, end));
    },
  );
  return { attributes, rest };
}

/** Goes through the fields of a node: each attribute, and where every other field begins and ends. */
function walk(
  { source, start, end }: EncodedNode,
  onAttribute: (entry: AttributeEntry) => void,
  onOther?: (tagOf: number, start: number, end: number) => void,
): void {
  const reader = wireReader(source, start, end);
  while (reader.pos < end) {
    const fieldStart = reader.pos;
    const next = reader.uint32();
    if (next === attrTag) onAttribute(readEntry(reader));
    else {
      reader.skipType(next & 7, 0, next >>> 3);
      onOther?.(next, fieldStart, reader.pos);
    }
  }
}

/** The key of an attribute, and where its value begins and ends. */
interface AttributeEntry {
  readonly key: string;
  readonly start: number;
  readonly end: number;
}

function readEntry(reader: protobuf.Reader): AttributeEntry {
  const entryEnd = payloadEnd(reader);
  let key = '';
  let start = 0;
  let end = 0;
  while (reader.pos < entryEnd) {
    const part = reader.uint32();
    if (part === keyTag) key = readText(reader);
    else if (part === valueTag) {
      end = payloadEnd(reader);
      start = reader.pos;
      reader.pos = end;
    } else reader.skipType(part & 7, 0, part >>> 3);
  }
  return { key, start, end };
}
