/** Small questions about encoded values that both the check and the rewrite of the canonical form ask. */
import type protobuf from 'protobufjs/light.js';
import { isText } from './wire-reader.js';
import { type FieldSchema, WireType } from './wire-schema.js';

/** As in TensorFlow's own parser: a message nested deeper is refused. */
const maxDepth = 100;

export function checkDepth(depth: number): void {
  if (depth > maxDepth) throw new RangeError(`messages nested more than ${maxDepth} deep`);
}

/** How a field stands on the wire. */
export function wireTypeOf(field: FieldSchema): WireType {
  return field.packed ? WireType.bytes : field.wireType;
}

export function isZero(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] !== 0) return false;
  return true;
}

/** @throws RangeError where bytes `start` to `end` are not UTF-8: TensorFlow reads no such message. */
export function requireText({ id }: FieldSchema, bytes: Uint8Array, start: number, end: number): void {
  if (!isText(bytes, start, end)) throw new RangeError(`a text that is not UTF-8 in field ${id}`);
}

/** @throws RangeError where there is no end to it within ten bytes. */
export function skipVarint(reader: protobuf.Reader): void {
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
