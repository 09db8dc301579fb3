import { maskedCrc32c } from './write-bundle.mjs';

/** A string tensor of one element as a bundle stores it, with its checksum (docs/formats.md). */
export function storedString(element: Uint8Array): { bytes: Buffer; crc32c: number } {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(element.length);
  const varint: number[] = [];
  let rest = element.length;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) varint.push((rest % 0x80) + 0x80);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32LE(maskedCrc32c(length));
  return {
    bytes: Buffer.concat([Buffer.from([...varint, rest]), checksum, element]),
    crc32c: maskedCrc32c(Buffer.concat([length, checksum, element])),
  };
}
