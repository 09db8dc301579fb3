import { isCanonical } from './is-canonical.js';
import { rewrite } from './rewrite.js';
import type { MessageName } from './types.js';
import { wireReader } from './wire-reader.js';
import { type MessageSchema, messageSchema } from './wire-schema.js';

const nothing = new Uint8Array(0);

/**
 * The one encoding of a message that TensorFlow's `SerializeToString(deterministic=True)` writes: fields by number, map
 * entries in the order of `map-order.ts`, repeated numbers packed, no implicit defaults, shortest varints, unknown fields
 * last. Works on the wire bytes themselves, so that NaN payloads and unknown fields survive.
 * @returns the same array where it has this form already, as what TensorFlow wrote has: that costs one walk.
 * @throws RangeError where the bytes are no such message.
 */
export function canonical(type: MessageName, bytes: Uint8Array): Uint8Array {
  const schema = messageSchema(type);
  return isCanonicalAt(schema, bytes, 0, bytes.length) ? bytes : rewrite(schema, bytes, 0);
}

/** One reader for all: a graph has very many small messages. */
const reader = wireReader(nothing);

/** Whether bytes `start` to `end` have that form. */
export function isCanonicalAt(schema: MessageSchema, bytes: Uint8Array, start: number, end: number): boolean {
  reader.buf = bytes;
  reader.pos = start;
  reader.len = end;
  try {
    return isCanonical(schema, reader, end, 0);
  } finally {
    // The bytes may be large, and nobody may want them any more.
    reader.buf = nothing;
  }
}
