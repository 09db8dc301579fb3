/** The parts of an encoded NodeDef: found when they are asked for, never changed. */
import type protobuf from 'protobufjs/light.js';
import { isText, payloadEnd, wireReader } from '../proto/wire-reader.js';
import { WireType } from '../proto/wire-schema.js';
import { entryFields, tag } from '../proto/wire-writer.js';

/** Bytes `start` to `end` of `source`. */
export interface EncodedNode {
  readonly source: Buffer;
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
  const fields = new FieldWalk(node);
  let found: Uint8Array | undefined;
  while (fields.next()) if (fields.isAttribute && fields.hasKey(name)) found = fields.value();
  return found;
}

export function decodeFields(node: EncodedNode): NodeFields<Uint8Array> {
  const attributes = new Map<string, Uint8Array>();
  const rest: Uint8Array[] = [];
  const fields = new FieldWalk(node);
  while (fields.next()) {
    if (fields.isAttribute) attributes.set(fields.key(), fields.value());
    else if (!fields.isKnown) rest.push(fields.bytes());
  }
  return { attributes, rest };
}

/** Stands at one field of a node after the other. */
class FieldWalk {
  isAttribute = false;
  /** Whether it is a field that `GraphNode` knows. */
  isKnown = false;

  readonly #reader: protobuf.Reader;
  #start = 0;
  #keyStart = 0;
  #keyEnd = 0;
  #valueStart = 0;
  #valueEnd = 0;

  constructor(private readonly node: EncodedNode) {
    this.#reader = wireReader(node.source, node.start, node.end);
  }

  /** Goes on to the next field; false: there is none. */
  next(): boolean {
    const reader = this.#reader;
    if (reader.pos >= reader.len) return false;
    this.#start = reader.pos;
    const next = reader.uint32();
    this.isAttribute = next === attrTag;
    this.isKnown = next >>> 3 <= nodeFields.attr && (next & 7) === WireType.bytes;
    if (this.isAttribute) this.#readEntry();
    else reader.skipType(next & 7, 0, next >>> 3);
    return true;
  }

  /** With its tag. */
  bytes(): Uint8Array {
    return this.node.source.subarray(this.#start, this.#reader.pos);
  }

  /** Of an attribute. */
  key(): string {
    const { source } = this.node;
    if (!isText(source, this.#keyStart, this.#keyEnd))
      throw new RangeError('an attribute with a name that is not UTF-8');
    return source.toString('utf8', this.#keyStart, this.#keyEnd);
  }

  /** Without making a text of it, as long as it is ASCII. */
  hasKey(name: string): boolean {
    const { source } = this.node;
    for (let at = 0; at < name.length; at++) {
      const byte = this.#keyStart + at < this.#keyEnd ? (source[this.#keyStart + at] as number) : -1;
      if (byte !== name.charCodeAt(at)) return byte >= 0x80 && this.key() === name;
    }
    return this.#keyStart + name.length === this.#keyEnd;
  }

  value(): Uint8Array {
    return this.node.source.subarray(this.#valueStart, this.#valueEnd);
  }

  #readEntry(): void {
    const reader = this.#reader;
    const end = payloadEnd(reader);
    this.#keyStart = this.#keyEnd = this.#valueStart = this.#valueEnd = end;
    while (reader.pos < end) {
      const part = reader.uint32();
      if (part !== keyTag && part !== valueTag) {
        reader.skipType(part & 7, 0, part >>> 3);
        continue;
      }
      const partEnd = payloadEnd(reader);
      if (part === keyTag) [this.#keyStart, this.#keyEnd] = [reader.pos, partEnd];
      else [this.#valueStart, this.#valueEnd] = [reader.pos, partEnd];
      reader.pos = partEnd;
    }
  }
}
