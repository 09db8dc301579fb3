/** A message taken apart into its fields and put together again, for edits that leave everything else as it was. */
import protobuf from 'protobufjs/light.js';
import { payloadEnd, wireReader } from './wire-reader.js';
import { WireType } from './wire-schema.js';
import { entryFields, tag } from './wire-writer.js';

export interface WireField {
  readonly number: number;
  /** The field with its tag. */
  readonly bytes: Uint8Array;
  /** Of a length-delimited field: what is in it; else undefined. */
  readonly payload: Uint8Array | undefined;
}

/** @throws RangeError where the bytes are no message. */
export function readFields(message: Uint8Array): WireField[] {
  return [...eachField(message)];
}

/** As `readFields`, one after the other: a message may have very many. */
export function* eachField(message: Uint8Array): Generator<WireField> {
  const reader = wireReader(message);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const next = reader.uint32();
    const isBytes = (next & 7) === WireType.bytes;
    const end = isBytes ? payloadEnd(reader) : 0;
    const payload = isBytes ? message.subarray(reader.pos, end) : undefined;
    if (isBytes) reader.pos = end;
    else reader.skipType(next & 7, 0, next >>> 3);
    yield { number: next >>> 3, bytes: message.subarray(start, reader.pos), payload };
  }
}

/** The message without some of its fields. */
export function withoutFields(message: Uint8Array, isLeftOut: (field: WireField) => boolean): Uint8Array {
  const kept: Uint8Array[] = [];
  let [start, at] = [0, 0];
  for (const field of eachField(message)) {
    const end = at + field.bytes.length;
    if (isLeftOut(field)) {
      // Neighbours at once: there may be very many.
      if (at > start) kept.push(message.subarray(start, at));
      start = end;
    }
    at = end;
  }
  return start === 0 ? message : Buffer.concat([...kept, message.subarray(start)]);
}

/** A length-delimited field, encoded with its tag. */
export function bytesField(number: number, payload: Uint8Array): Uint8Array {
  return protobuf.Writer.create().uint32(tag(number)).bytes(payload).finish();
}

/** A varint field, encoded with its tag. */
export function varintField(number: number, value: number): Uint8Array {
  return protobuf.Writer.create().uint32(tag(number, WireType.varint)).int64(value).finish();
}

/** An entry of a map from text to messages or text, encoded with the tag of the map. */
export function textEntry(map: number, key: string, value: Uint8Array): Uint8Array {
  const keyField = bytesField(entryFields.key, Buffer.from(key));
  return bytesField(map, Buffer.concat([keyField, bytesField(entryFields.value, value)]));
}

/** An entry of a map from numbers to messages, encoded with the tag of the map. */
export function numberEntry(map: number, key: number, value: Uint8Array): Uint8Array {
  const keyField = varintField(entryFields.key, key);
  return bytesField(map, Buffer.concat([keyField, bytesField(entryFields.value, value)]));
}
