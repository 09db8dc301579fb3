/** Whether a message has the canonical form already. */
import type protobuf from 'protobufjs/light.js';
import { isBefore, type Stretch } from './map-order.js';
import { isText, payloadEnd } from './wire-reader.js';
import { type FieldSchema, type MessageSchema, type VarintKind, WireType } from './wire-schema.js';
import { checkDepth, isZero, requireText, skipVarint, wireTypeOf } from './wire-values.js';
import { varintSize } from './wire-writer.js';

/** Reads the message that ends at `end`; where the answer is no, the reader stops anywhere. */
export function isCanonical(schema: MessageSchema, reader: protobuf.Reader, end: number, depth: number): boolean {
  checkDepth(depth);
  let previous = 0;
  let oneofsSeen = 0;
  let lastKey: Stretch | undefined;
  while (reader.pos < end) {
    const start = reader.pos;
    const tag = reader.uint32();
    const field = schema.fields[tag >>> 3];
    if (field === undefined || (tag & 7) !== wireTypeOf(field) || reader.pos - start !== varintSize(tag)) return false;
    if (field.id < previous || (field.id === previous && (!field.repeated || field.packed))) return false;
    if (field.id !== previous) lastKey = undefined;
    previous = field.id;
    if (field.oneof >= 0) {
      if (oneofsSeen & (1 << field.oneof)) return false;
      oneofsSeen |= 1 << field.oneof;
    }
    if (field.map) {
      const key = canonicalEntry(field.message as MessageSchema, reader, depth);
      if (key === undefined || (lastKey && !isBefore(reader.buf, lastKey, key))) return false;
      lastKey = key;
    } else if (!isCanonicalValue(field, reader, depth)) return false;
  }
  if (reader.pos !== end) throw new RangeError(`${schema.name} is longer than its length says`);
  return true;
}

/** Reads a length and gives where its payload ends; -1 where it takes more bytes than it must. */
function shortPayloadEnd(reader: protobuf.Reader): number {
  const start = reader.pos;
  const end = payloadEnd(reader);
  return reader.pos - start === varintSize(end - reader.pos) ? end : -1;
}

/** What follows the tag of a field. */
function isCanonicalValue(field: FieldSchema, reader: protobuf.Reader, depth: number): boolean {
  if (field.wireType === WireType.bytes || field.packed) {
    const end = shortPayloadEnd(reader);
    if (end < 0) return false;
    if (field.message) return isCanonical(field.message, reader, end, depth + 1);
    // The texts of a graph's own nodes were looked at when they were decoded.
    if (field.isText && depth > 0) requireText(field, reader.buf, reader.pos, end);
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

/** The key of a map's entry that is in canonical form: both parts are there, in their order, and nothing else. */
function canonicalEntry(entry: MessageSchema, reader: protobuf.Reader, depth: number): Stretch | undefined {
  const [, key, value] = entry.fields as [undefined, FieldSchema, FieldSchema];
  const end = shortPayloadEnd(reader);
  // Numeric keys are too rare to be worth a comparison of their own here.
  if (end < 0 || key.wireType !== WireType.bytes || !isNextTag(key, reader, end)) return undefined;
  const keyEnd = shortPayloadEnd(reader);
  if (keyEnd < 0) return undefined;
  if (!isText(reader.buf, reader.pos, keyEnd)) throw new RangeError(`a key of ${entry.name} that is not UTF-8`);
  const stretch = { start: reader.pos, end: keyEnd };
  reader.pos = keyEnd;
  if (!isNextTag(value, reader, end) || !isCanonicalValue(value, reader, depth + 1)) return undefined;
  if (reader.pos > end) throw new RangeError(`${entry.name} is longer than its length says`);
  return reader.pos === end ? stretch : undefined;
}

/** Whether the tag of that field, which has one byte, comes next. */
function isNextTag(field: FieldSchema, reader: protobuf.Reader, end: number): boolean {
  return reader.pos < end && reader.buf[reader.pos++] === ((field.id << 3) | wireTypeOf(field));
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
