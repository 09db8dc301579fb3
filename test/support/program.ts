/** A program of Linux, laid out by hand: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html */

/** A program with a segment of another kind, and then the one that names its loader, at this offset. */
export function program(loader: string, offset: number): Buffer {
  const name = Buffer.from(`${loader}\0`);
  const bytes = Buffer.alloc(offset + name.length);
  bytes.write('\x7fELF\x02\x01\x01', 'latin1');
  bytes.writeBigUInt64LE(64n, 0x20); // e_phoff
  bytes.writeUInt16LE(56, 0x36); // e_phentsize
  bytes.writeUInt16LE(2, 0x38); // e_phnum
  bytes.writeUInt32LE(1, 64); // PT_LOAD
  bytes.writeUInt32LE(3, 64 + 56); // PT_INTERP
  bytes.writeBigUInt64LE(BigInt(offset), 64 + 56 + 0x08); // p_offset
  bytes.writeBigUInt64LE(BigInt(name.length), 64 + 56 + 0x20); // p_filesz
  name.copy(bytes, offset);
  return bytes;
}
