import { maskedCrc32c } from './write-bundle.mjs';

/** A string tensor as a bundle stores it, with its checksum (docs/formats.md). */
export function storedStrings(elements: readonly (Uint8Array | string)[]): { bytes: Buffer; crc32c: number } {
  const texts = elements.map((element) => Buffer.from(element));
  const lengths = Buffer.concat(texts.map(({ length }) => uint32(length)));
  const checksum = uint32(maskedCrc32c(lengths));
  return {
    bytes: Buffer.concat([...texts.map(({ length }) => varint(length)), checksum, ...texts]),
    crc32c: maskedCrc32c(Buffer.concat([lengths, checksum, ...texts])),
  };
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) + 0x80);
  return Buffer.from([...bytes, rest]);
}
