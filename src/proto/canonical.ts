/**
 * The one encoding of a message that TensorFlow's `SerializeToString(deterministic=True)` writes: fields by number, map
 * entries in an order of their own (`compareText`, `compareVarints`), repeated numbers packed, no implicit defaults,
 * shortest varints, unknown fields last. Works on the
 * wire bytes themselves, so that NaN payloads and unknown fields survive, and gives back the very same bytes where
 * they already have this form, which is the usual case and costs one walk.
 */
import protobuf from 'protobufjs/light.js';
import { payloadEnd, wireReader } from './wire-reader.js';
import { type FieldSchema, type MessageSchema, messageSchema, type VarintKind, WireType } from './wire-schema.js';

/** As in TensorFlow's own parser: a message nested deeper is refused. */
const maxDepth = 100;

/**
 * The canonical encoding of `bytes`, a message of `type`; the same array when that is what they are.
 * @throws RangeError where the bytes are no such message.
 */
export function canonical(type: protobuf.Type, bytes: Uint8Array): Uint8Array {
  const schema = messageSchema(type);
  return isCanonical(schema, wireReader(bytes), bytes.length, 0) ? bytes : rewrite(schema, bytes, 0);
}

function checkDepth(depth: number): void {
  if (depth > maxDepth) throw new RangeError(`messages nested more than ${maxDepth} deep`);
}

// The walk that finds nothing to do.

function isCanonical(schema: MessageSchema, reader: protobuf.Reader, end: number, depth: number): boolean {
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

function wireTypeOf(field: FieldSchema): WireType {
  return field.packed ? WireType.bytes : field.wireType;
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
  return reader.buf.subarray(keyStart, keyEnd);
}

function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
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

function skipVarint(reader: protobuf.Reader): void {
  const { buf, len } = reader;
  const limit = Math.min(reader.pos + 10, len);
  for (let at = reader.pos; at < limit; at++) {
    if ((buf[at] as number) < 0x80) {
      reader.pos = at + 1;
      return;
    }
  }
  throw new RangeError(`varint without an end at byte ${reader.pos}`);
}

// The rewrite of what is not canonical yet.

/** The encoded values of one field, in the order of the wire. */
type Values = Uint8Array[];

function rewrite(schema: MessageSchema, bytes: Uint8Array, depth: number): Uint8Array {
  checkDepth(depth);
  const values = new Map<number, Values>();
  const oneofs = new Map<number, number>();
  const unknown: Uint8Array[] = [];
  const reader = wireReader(bytes);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const field = schema.fields[tag >>> 3];
    const wireType = (tag & 7) as WireType;
    const packed = field?.repeated && wireType === WireType.bytes && field.wireType !== WireType.bytes;
    if (!field || !(packed || wireType === field.wireType)) {
      reader.skipType(wireType, 0, tag >>> 3);
      unknown.push(bytes.subarray(start, reader.pos));
      continue;
    }
    if (field.oneof >= 0) {
      const other = oneofs.get(field.oneof);
      if (other !== undefined && other !== field.id) values.delete(other);
      oneofs.set(field.oneof, field.id);
    }
    const list = values.get(field.id) ?? [];
    values.set(field.id, list);
    if (packed) readPacked(field, reader, list);
    else list.push(readValue(field, reader));
  }
  const writer = protobuf.Writer.create();
  for (const id of [...values.keys()].sort((a, b) => a - b)) {
    writeField(schema.fields[id] as FieldSchema, values.get(id) as Values, writer, depth);
  }
  for (const field of unknown) writer.raw(field);
  return writer.finish();
}

function readPacked(field: FieldSchema, reader: protobuf.Reader, list: Values): void {
  const end = payloadEnd(reader);
  while (reader.pos < end) list.push(readValue(field, reader));
  if (reader.pos !== end) throw new RangeError(`packed field ${field.id} is longer than its length says`);
}

/** One value as it is to be written: the payload of bytes and messages, the shortest varint, the fixed bytes. */
function readValue(field: FieldSchema, reader: protobuf.Reader): Uint8Array {
  if (field.wireType === WireType.bytes) {
    const end = payloadEnd(reader);
    const payload = reader.buf.subarray(reader.pos, end);
    reader.pos = end;
    return payload;
  }
  const start = reader.pos;
  if (field.varint) return shortestVarint(field.varint, reader);
  reader.skip(field.wireType === WireType.fixed64 ? 8 : 4);
  return reader.buf.subarray(start, reader.pos);
}

function shortestVarint(kind: VarintKind, reader: protobuf.Reader): Uint8Array {
  const start = reader.pos;
  skipVarint(reader);
  let value = 0n;
  for (let at = reader.pos - 1; at >= start; at--) value = (value << 7n) | BigInt((reader.buf[at] as number) & 0x7f);
  if (kind === 'bool') value = BigInt.asUintN(64, value) === 0n ? 0n : 1n;
  if (kind === 'int32') value = BigInt.asIntN(32, value);
  value = BigInt.asUintN(kind === 'uint32' ? 32 : 64, value);
  const bytes: number[] = [];
  for (; value > 0x7fn; value >>= 7n) bytes.push(Number(value & 0x7fn) | 0x80);
  return Uint8Array.from([...bytes, Number(value)]);
}

function writeField(field: FieldSchema, values: Values, writer: protobuf.Writer, depth: number): void {
  const tag = ((field.id << 3) | wireTypeOf(field)) >>> 0;
  if (field.map) {
    for (const entry of sortedEntries(field, values, depth)) writer.uint32(tag).bytes(entry);
  } else if (field.packed) {
    const payload = Buffer.concat(values);
    if (payload.length > 0) writer.uint32(tag).bytes(payload);
  } else if (field.message) {
    // One message in several pieces means their merge, which is what their concatenation decodes to.
    const messages = field.repeated
      ? values
      : [values.length === 1 ? (values[0] as Uint8Array) : Buffer.concat(values)];
    for (const message of messages) writer.uint32(tag).bytes(rewrite(field.message, message, depth + 1));
  } else {
    for (const value of field.repeated ? values : values.slice(-1)) writeScalar(field, tag, value, writer);
  }
}

function writeScalar(field: FieldSchema, tag: number, value: Uint8Array, writer: protobuf.Writer): void {
  const isBytes = field.wireType === WireType.bytes;
  const isDefault = isBytes ? value.length === 0 : isZero(value, 0, value.length);
  if (isDefault && !field.presence && !field.repeated) return;
  writer.uint32(tag);
  if (isBytes) writer.bytes(value);
  else writer.raw(value);
}

/** The last entry of each key, in the order of the keys. */
function sortedEntries(field: FieldSchema, values: Values, depth: number): Uint8Array[] {
  const entry = field.message as MessageSchema;
  const [, key, value] = entry.fields as [undefined, FieldSchema, FieldSchema];
  const entries = new Map<string, { key: Uint8Array; bytes: Uint8Array }>();
  for (const bytes of values) {
    const parts = entryParts(key, value, bytes);
    const writer = protobuf.Writer.create();
    writeScalar(key, (key.id << 3) | key.wireType, parts.key, writer);
    const payload = value.message ? rewrite(value.message, parts.value, depth + 2) : parts.value;
    writeScalar(value, (value.id << 3) | value.wireType, payload, writer);
    entries.set(Buffer.from(parts.key).toString('latin1'), { key: parts.key, bytes: writer.finish() });
  }
  const compare = key.wireType === WireType.bytes ? compareText : compareVarints;
  return [...entries.values()].sort((a, b) => compare(a.key, b.key)).map((each) => each.bytes);
}

function entryParts(key: FieldSchema, value: FieldSchema, bytes: Uint8Array): { key: Uint8Array; value: Uint8Array } {
  const reader = wireReader(bytes);
  const empty = (field: FieldSchema): Uint8Array => new Uint8Array(field.wireType === WireType.bytes ? 0 : 1);
  const parts: { key: Uint8Array; value: Uint8Array } = { key: empty(key), value: empty(value) };
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (tag === ((key.id << 3) | key.wireType)) parts.key = readValue(key, reader);
    else if (tag === ((value.id << 3) | value.wireType)) parts.value = readValue(value, reader);
    else reader.skipType(tag & 7);
  }
  return parts;
}

/** As the protobuf runtime of TensorFlow 2.21 sorts text keys: by their bytes, but `Tshape` before `T`. */
function compareText(a: Uint8Array, b: Uint8Array): number {
  const common = Math.min(a.length, b.length);
  for (let at = 0; at < common; at++) if (a[at] !== b[at]) return (a[at] as number) - (b[at] as number);
  return b.length - a.length;
}

/** And numeric keys: the largest first. Of shortest varints, the longer is the larger; then the last byte counts most. */
function compareVarints(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) return b.length - a.length;
  for (let at = a.length - 1; at >= 0; at--) if (a[at] !== b[at]) return (b[at] as number) - (a[at] as number);
  return 0;
}
