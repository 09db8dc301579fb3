import { isUtf8 } from 'node:buffer';
import protobuf from 'protobufjs/light.js';
import { asBuffer } from './as-buffer.js';

/** A protobufjs reader over bytes `start` to `end` of `source`. It reads texts of a Buffer as they should be read, and sooner. */
export function wireReader(source: Uint8Array, start = 0, end: number = source.length): protobuf.Reader {
  const bytes = Buffer.isBuffer(source) ? source : asBuffer(source);
  const reader = protobuf.Reader.create(bytes);
  reader.pos = start;
  reader.len = end;
  return reader;
}

/**
 * Reads a string.
 * @throws RangeError where it is not UTF-8, as TensorFlow's parser does.
 */
export function readText(reader: protobuf.Reader): string {
  const start = reader.pos;
  const text = reader.string();
  // Bytes that are not UTF-8 come out as U+FFFD; so does a U+FFFD that is really there.
  if (text.includes('\ufffd')) {
    reader.pos = start;
    if (!isUtf8(reader.bytes())) throw new RangeError(`text that is not UTF-8: '${text}'`);
  }
  return text;
}

/** Whether bytes `start` to `end` are UTF-8. */
export function isText(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    if ((bytes[at] as number) >= 0x80) return isUtf8(bytes.subarray(at, end));
  }
  return true;
}

/**
 * Reads a length and gives where its payload ends.
 * @throws RangeError where that is past the end of what is being read.
 */
export function payloadEnd(reader: protobuf.Reader): number {
  const length = reader.uint32();
  const end = reader.pos + length;
  if (end > reader.len) throw new RangeError(`length ${length} passes the end of its message`);
  return end;
}
