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

/** The last one counts, as in a map. Most nodes are asked for one attribute, which is not worth a map of all. */
export function findAttribute({ source, start, end }: EncodedNode, name: string): Uint8Array | undefined {
  const reader = wireReader(source, start, end);
  let found: AttributeEntry | undefined;
  while (reader.pos < end) {
    const next = reader.uint32();
    if (next === attrTag) {
      const entry = readEntry(reader);
      if (entry.key === name) found = entry;
    } else reader.skipType(next & 7, 0, next >>> 3);
  }
  return found && source.subarray(found.start, found.end);
}

/** The names of the attributes whose values are not empty. */
export function namesOfAttributes({ source, start, end }: EncodedNode): Set<string> {
  const reader = wireReader(source, start, end);
  const names = new Set<string>();
  while (reader.pos < end) {
    const next = reader.uint32();
    if (next === attrTag) {
      const entry = readEntry(reader);
      if (entry.end > entry.start) names.add(entry.key);
    } else reader.skipType(next & 7, 0, next >>> 3);
  }
  return names;
}

export function decodeFields({ source, start, end }: EncodedNode): {
  attributes: Map<string, Uint8Array>;
  rest: Uint8Array[];
} {
  const reader = wireReader(source, start, end);
  const attributes = new Map<string, Uint8Array>();
  const rest: Uint8Array[] = [];
  while (reader.pos < end) {
    const fieldStart = reader.pos;
    const next = reader.uint32();
    if (next === attrTag) {
      const entry = readEntry(reader);
      attributes.set(entry.key, source.subarray(entry.start, entry.end));
    } else {
      reader.skipType(next & 7, 0, next >>> 3);
      const number = next >>> 3;
      if (number > nodeFields.attr || (next & 7) !== WireType.bytes) rest.push(source.subarray(fieldStart, reader.pos));
    }
  }
  return { attributes, rest };
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
