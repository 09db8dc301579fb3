/** The parts of an encoded NodeDef: found when they are asked for, never changed. */
import { WireCursor } from '../proto/wire-cursor.js';
import { isText } from '../proto/wire-reader.js';
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

const inputTag = tag(nodeFields.input);
const attrTag = tag(nodeFields.attr);
const keyTag = tag(entryFields.key);
const valueTag = tag(entryFields.value);

/**
 * Goes to an attribute of that name: the last one counts, as in a map.
 * @param fields of the node, from its start or from that of its first attribute; then at the attribute.
 * @returns whether there is one.
 */
export function findAttribute(fields: FieldWalk, name: string): boolean {
  let valueStart = -1;
  let valueEnd = -1;
  while (fields.nextBut(name)) {
    if (!fields.isAttribute || !fields.hasKey(name)) continue;
    ({ valueStart, valueEnd } = fields);
  }
  fields.valueStart = valueStart;
  fields.valueEnd = valueEnd;
  return valueStart >= 0;
}

export function decodeAttributes(node: EncodedNode): Map<string, Uint8Array> {
  const attributes = new Map<string, Uint8Array>();
  const fields = new FieldWalk(node.source).enter(node.start, node.end);
  while (fields.next()) {
    if (fields.isAttribute) attributes.set(fields.key(), node.source.subarray(fields.valueStart, fields.valueEnd));
  }
  return attributes;
}

/**
 * Whether an attribute of another name begins at a byte. It must be written as nearly all are, in less than 128 bytes and
 * with the key before the value; no is no answer.
 */
function isOther(source: Uint8Array, at: number, limit: number, name: string): boolean {
  const end = at + 2 + (source[at + 1] as number);
  const keyStart = at + 4;
  const keyEnd = keyStart + (source[at + 3] as number);
  const isPlain =
    end <= limit &&
    end - at < 0x82 &&
    keyEnd + 2 <= end &&
    source[at] === attrTag &&
    source[at + 2] === keyTag &&
    source[keyEnd] === valueTag &&
    keyEnd + 2 + (source[keyEnd + 1] as number) === end;
  if (!isPlain) return false;
  for (let index = 0; index < name.length; index++) {
    // The byte after a key is no letter.
    const byte = source[keyStart + index] as number;
    if (byte !== name.charCodeAt(index)) return byte < 0x80;
  }
  return keyStart + name.length < keyEnd;
}

/** Stands at one field of a node after the other. */
export class FieldWalk {
  /** Of NodeDef; 0 before the first field. */
  number = 0;
  isInput = false;
  isAttribute = false;
  /** Whether it is one of `nodeFields`. */
  isKnown = false;
  /** Of an attribute. */
  valueStart = 0;
  valueEnd = 0;

  /** Of the field, with its tag. */
  start = 0;

  readonly #cursor: WireCursor;
  #keyStart = 0;
  #keyEnd = 0;

  constructor(readonly source: Buffer) {
    this.#cursor = new WireCursor(source, 0, 0);
  }

  /** Goes to the start of the node that is bytes `start` to `end`. */
  enter(start: number, end: number): this {
    this.#cursor.enter(start, end);
    return this;
  }

  /** Goes on to the next field; false: there is none. */
  next(): boolean {
    const cursor = this.#cursor;
    if (cursor.isAtEnd) return false;
    this.start = cursor.at;
    const next = cursor.varint();
    this.number = next >>> 3;
    this.isInput = next === inputTag;
    this.isAttribute = next === attrTag;
    this.isKnown = this.number <= nodeFields.attr && (next & 7) === WireType.bytes;
    if (this.isAttribute) this.#readEntry(cursor);
    else cursor.skip(next);
    return true;
  }

  /** The same for who looks for an attribute: past those that are easily told to be others. */
  nextBut(name: string): boolean {
    const cursor = this.#cursor;
    while (isOther(this.source, cursor.at, cursor.limit, name)) cursor.at += 2 + (this.source[cursor.at + 1] as number);
    return this.next();
  }

  /** Where the field ends. */
  get end(): number {
    return this.#cursor.at;
  }

  /** Of an attribute. */
  key(): string {
    if (!isText(this.source, this.#keyStart, this.#keyEnd)) {
      throw new RangeError('an attribute with a name that is not UTF-8');
    }
    return this.source.toString('utf8', this.#keyStart, this.#keyEnd);
  }

  /** Without making a text of it, as long as it is ASCII. */
  hasKey(name: string): boolean {
    for (let at = 0; at < name.length; at++) {
      const byte = this.#keyStart + at < this.#keyEnd ? (this.source[this.#keyStart + at] as number) : -1;
      if (byte !== name.charCodeAt(at)) return byte >= 0x80 && this.key() === name;
    }
    return this.#keyStart + name.length === this.#keyEnd;
  }

  #readEntry(cursor: WireCursor): void {
    const end = cursor.payloadEnd();
    this.#keyStart = this.#keyEnd = this.valueStart = this.valueEnd = end;
    while (cursor.at < end) {
      const part = cursor.varint();
      if (part !== keyTag && part !== valueTag) {
        cursor.skip(part);
        continue;
      }
      const partEnd = cursor.payloadEnd();
      if (part === keyTag) {
        this.#keyStart = cursor.at;
        this.#keyEnd = partEnd;
      } else {
        this.valueStart = cursor.at;
        this.valueEnd = partEnd;
      }
      cursor.at = partEnd;
    }
  }
}
