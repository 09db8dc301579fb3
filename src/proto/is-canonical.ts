/** Whether a message has the canonical form already. */
import type protobuf from 'protobufjs/light.js';
import { compareText } from './map-order.js';
import { isText, payloadEnd } from './wire-reader.js';
import { type FieldSchema, type MessageSchema, type VarintKind, WireType } from './wire-schema.js';
import { checkDepth, isZero, skipVarint, wireTypeOf } from './wire-values.js';

/** Reads the message that ends at `end`; where the answer is no, the reader stops anywhere. */
export function isCanonical(schema: MessageSchema, reader: protobuf.Reader, end: number, depth: number): boolean {
  checkDepth(depth);
  let previous = 0;
  let oneofsSeen = 0;
  let lastKey: Uint8Array | undefined;
  while (reader.pos < end) {
    const start = reader.pos;
    const tag = reader.uint32();
    const field = schema.fields[tag >>> 3];
    if (field === undefined || (tag & 7) !== wireTypeOf(field)) return false;
    if (!hasShortLengths(reader, start, tag, wireTypeOf(field))) return false;
    if (field.id < previous || (field.id === previous && (!field.repeated || field.packed))) return false;
    if (field.id !== previous) lastKey = undefined;
    previous = field.id;
    if (field.oneof >= 0) {
      if (oneofsSeen & (1 << field.oneof)) return false;
      oneofsSeen |= 1 << field.oneof;
    }
    if (field.map) {
      const key = canonicalEntry(field, reader, depth);
      if (key === undefined || (lastKey && compareText(lastKey, key) >= 0)) return false;
      lastKey = key;
    } else if (!isCanonicalValue(field, reader, depth)) return false;
  }
  if (reader.pos !== end) throw new RangeError(`${schema.name} is longer than its length says`);
  return true;
}

/** Whether a tag that began at `start`, and the length that follows it, take no more bytes than they must. */
function hasShortLengths(reader: protobuf.Reader, start: number, tag: number, wireType: WireType): boolean {
  const at = reader.pos;
  if (at - start !== varintSize(tag)) return false;
  if (wireType !== WireType.bytes) return true;
  const length = reader.uint32();
  const size = reader.pos - at;
  reader.pos = at;
  return size === varintSize(length);
}

/** Bytes of the shortest varint of a 32-bit number. */
function varintSize(value: number): number {
  return value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x20_0000 ? 3 : value < 0x1000_0000 ? 4 : 5;
}

function isCanonicalValue(field: FieldSchema, reader: protobuf.Reader, depth: number): boolean {
  if (field.wireType === WireType.bytes || field.packed) {
    const end = payloadEnd(reader);
    if (field.message) return isCanonical(field.message, reader, end, depth + 1);
    if (end === reader.pos && !field.presence && !(field.repeated && !field.packed)) return false;
    if (field.packed && field.varint) {
      while (reader.pos < end) if (!isShortest(field.varint, reader)) return false;
    }
    reader.pos = end;
    return true;
  }
  const start = reader.pos;
  if (field.varint) {
    if (!isShortest(field.varint, reader)) return false;
  } else reader.skip(field.wireType === WireType.fixed64 ? 8 : 4);
  return field.presence || field.repeated || !isZero(reader.buf, start, reader.pos);
}

/** The key's bytes of a map entry that is in canonical form. */
function canonicalEntry(field: FieldSchema, reader: protobuf.Reader, depth: number): Uint8Array | undefined {
  const end = payloadEnd(reader);
  const start = reader.pos;
  const entry = field.message as MessageSchema;
  const [, key, value] = entry.fields as [undefined, FieldSchema, FieldSchema];
  if (!isCanonical(entry, reader, end, depth + 1)) return undefined;
  // Both parts must be there. Numeric keys are too rare to be worth a comparison of their own here.
  reader.pos = start;
  if (start === end || reader.uint32() >>> 3 !== key.id || key.wireType !== WireType.bytes) return undefined;
  const keyEnd = payloadEnd(reader);
  const keyStart = reader.pos;
  reader.pos = keyEnd;
  if (keyEnd === end || reader.uint32() >>> 3 !== value.id) return undefined;
  reader.pos = end;
  if (!isText(reader.buf, keyStart, keyEnd)) throw new RangeError(`a key of ${entry.name} that is not UTF-8`);
  return reader.buf.subarray(keyStart, keyEnd);
}

/** Reads one varint and says whether it is how TensorFlow would write its value in such a field. */
function isShortest(kind: VarintKind, reader: protobuf.Reader): boolean {
  const { buf } = reader;
  const start = reader.pos;
  skipVarint(reader);
  const size = reader.pos - start;
  const last = buf[reader.pos - 1] as number;
  if (size > 1 && last === 0) return false;
  if (kind === 'bool') return size === 1 && last <= 1;
  if (kind === 'uint32') return size < 5 || (size === 5 && last <= 0x0f);
  if (kind === 'int64' || size < 5) return size < 10 || last === 1;
  if (size === 5) return last <= 0x07;
  return size === 10 && last === 1 && (buf[start + 4] as number) >= 0xf8 && isAll(buf, start + 5, start + 9, 0xff);
}

function isAll(bytes: Uint8Array, start: number, end: number, value: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== value) return false;
  return true;
}
