/** What has to be known of Linux's binaries before one is loaded: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The header of a file of 64 bits whose numbers are little-endian, and offsets in it. Others are not looked at. */
const header = { magic: '\x7fELF\x02\x01', size: 64, sectionsAt: 40, sectionSize: 58, sectionCount: 60 } as const;

/**
 * Whether a binary ends before its table of sections does, which linkers write last. To load such a file is a SIGBUS, which
 * ends the process.
 * @throws what Node throws for a file that cannot be read
 */
export function isCutOff(path: string): boolean {
  const { start, size } = readStart(path, header.size);
  if (start.length < header.size || start.toString('latin1', 0, 6) !== header.magic) return false;
  const tableSize = start.readUInt16LE(header.sectionCount) * start.readUInt16LE(header.sectionSize);
  return start.readBigUInt64LE(header.sectionsAt) + BigInt(tableSize) > size;
}

/**
 * Whether a program asks for musl's dynamic loader, whose path stands near its beginning.
 * @throws what Node throws for a file that cannot be read
 */
export function isForMusl(path: string): boolean {
  return readStart(path, 2048).start.includes('/ld-musl-');
}

function readStart(path: string, most: number): { start: Buffer; size: number } {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(most);
    return { start: start.subarray(0, readSync(file, start)), size: fstatSync(file).size };
  } finally {
    closeSync(file);
  }
}
