import protobuf from 'protobufjs/light.js';

/** A protobufjs reader over bytes `start` to `end` of `source`. */
export function wireReader(source: Uint8Array, start = 0, end: number = source.length): protobuf.Reader {
  const reader = protobuf.Reader.create(source);
  reader.pos = start;
  reader.len = end;
  return reader;
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
