/** Brings a message into the canonical form. */
import protobuf from 'protobufjs/light.js';
import { compareText, compareVarints } from './map-order.js';
import { payloadEnd, wireReader } from './wire-reader.js';
import { type FieldSchema, type MessageSchema, type VarintKind, WireType } from './wire-schema.js';
import { checkDepth, isZero, requireText, skipVarint, wireTypeOf } from './wire-values.js';

/** The encoded values of one field, in the order of the wire. */
type Values = Uint8Array[];

/** So many values are put together at once. */
const inPiece = 1_024;

/** The same of a field that is packed: back to back, since there may be very many that have a byte. */
class Packed {
  readonly #pieces: Uint8Array[] = [];
  #last: Uint8Array[] = [];

  push(value: Uint8Array): void {
    if (this.#last.push(value) < inPiece) return;
    this.#pieces.push(Buffer.concat(this.#last));
    this.#last = [];
  }

  all(): Uint8Array {
    return Buffer.concat([...this.#pieces, ...this.#last]);
  }
}

export function rewrite(schema: MessageSchema, bytes: Uint8Array, depth: number): Uint8Array {
  checkDepth(depth);
  const values = new Map<number, Values | Packed>();
  const oneofs = new Map<number, number>();
  /** Starts and ends, of neighbours together. */
  const unknown: number[] = [];
  const reader = wireReader(bytes);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const field = schema.fields[tag >>> 3];
    const wireType = (tag & 7) as WireType;
    const packed = field?.repeated && wireType === WireType.bytes && field.wireType !== WireType.bytes;
    if (!field || !(packed || wireType === field.wireType)) {
      reader.skipType(wireType, 0, tag >>> 3);
      if (unknown.at(-1) === start) unknown.pop();
      else unknown.push(start);
      unknown.push(reader.pos);
      continue;
    }
    if (field.oneof >= 0) {
      const other = oneofs.get(field.oneof);
      if (other !== undefined && other !== field.id) values.delete(other);
      oneofs.set(field.oneof, field.id);
    }
    const list = values.get(field.id) ?? (field.packed ? new Packed() : []);
    values.set(field.id, list);
    if (packed) readPacked(field, reader, list);
    else {
      const value = readValue(field, reader);
      if (list instanceof Packed || field.repeated || field.message) list.push(value);
      else list[0] = value;
    }
  }
  const writer = protobuf.Writer.create();
  for (const id of [...values.keys()].sort((a, b) => a - b)) {
    writeField(schema.fields[id] as FieldSchema, values.get(id) as Values | Packed, writer, depth);
  }
  for (let at = 0; at < unknown.length; at += 2) writer.raw(bytes.subarray(unknown[at], unknown[at + 1]));
  return writer.finish();
}

function readPacked(field: FieldSchema, reader: protobuf.Reader, list: Values | Packed): void {
  const end = payloadEnd(reader);
  while (reader.pos < end) list.push(readValue(field, reader));
  if (reader.pos !== end) throw new RangeError(`packed field ${field.id} is longer than its length says`);
}

/** One value as it is to be written: the payload of bytes and messages, the shortest varint, the fixed bytes. */
function readValue(field: FieldSchema, reader: protobuf.Reader): Uint8Array {
  if (field.wireType === WireType.bytes) {
    const end = payloadEnd(reader);
    if (field.isText) requireText(field, reader.buf, reader.pos, end);
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

function writeField(field: FieldSchema, values: Values | Packed, writer: protobuf.Writer, depth: number): void {
  const tag = ((field.id << 3) | wireTypeOf(field)) >>> 0;
  if (values instanceof Packed) {
    const payload = values.all();
    if (payload.length > 0) writer.uint32(tag).bytes(payload);
  } else if (field.map) {
    for (const entry of sortedEntries(field, values, depth)) writer.uint32(tag).bytes(entry);
  } else if (field.message) {
    // One message in several pieces means their merge, which is what their concatenation decodes to.
    const messages = field.repeated
      ? values
      : [values.length === 1 ? (values[0] as Uint8Array) : Buffer.concat(values)];
    for (const message of messages) writer.uint32(tag).bytes(rewrite(field.message, message, depth + 1));
  } else {
    for (const value of values) writeScalar(field, tag, value, writer);
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
