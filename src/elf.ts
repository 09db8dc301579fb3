/** What has to be known of Linux's binaries before one is loaded: https://refspecs.linuxfoundation.org/elf/gabi4+/ch4.eheader.html */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The header of a file of 64 bits whose numbers are little-endian, and offsets in it. Others are not looked at. */
const header = {
  ...{ magic: '\x7fELF\x02\x01', size: 64 },
  ...{ programHeadersAt: 32, programHeaderSize: 54, programHeaderCount: 56 },
  ...{ sectionsAt: 40, sectionSize: 58, sectionCount: 60 },
} as const;

/** A program header, and offsets in it: https://refspecs.linuxfoundation.org/elf/gabi4+/ch5.pheader.html */
const programHeader = { size: 56, type: 0, contentAt: 8, contentSize: 32 } as const;
const interpreter = 3;

/**
 * Whether a binary ends before its table of sections does, which linkers write last. To load such a file is a SIGBUS, which
 * ends the process.
 * @throws what Node throws for a file that cannot be read
 */
export function isCutOff(path: string): boolean {
  return withFile(path, (file) => {
    const start = readHeader(file);
    if (start === undefined) return false;
    const tableSize = start.readUInt16LE(header.sectionCount) * start.readUInt16LE(header.sectionSize);
    return start.readBigUInt64LE(header.sectionsAt) + BigInt(tableSize) > fstatSync(file).size;
  });
}

/**
 * Whether a program asks for musl's dynamic loader. Its path may stand anywhere in the file: tools that change a program's
 * libraries for distribution (patchelf, auditwheel) move it to the end.
 * @throws what Node throws for a file that cannot be read
 */
export function isForMusl(path: string): boolean {
  return withFile(path, (file) => loaderOf(file).includes('/ld-musl-'));
}

/** @returns the path in a program's header, or nothing: libraries have none */
function loaderOf(file: number): string {
  const start = readHeader(file);
  if (start === undefined) return '';
  const size = start.readUInt16LE(header.programHeaderSize);
  if (size < programHeader.size) return '';
  const count = start.readUInt16LE(header.programHeaderCount);
  const table = read(file, start.readBigUInt64LE(header.programHeadersAt), size * count);
  for (let at = 0; at + size <= table.length; at += size) {
    if (table.readUInt32LE(at + programHeader.type) !== interpreter) continue;
    const length = Number(table.readBigUInt64LE(at + programHeader.contentSize));
    // The kernel takes no longer path.
    return length > 4096
      ? ''
      : read(file, table.readBigUInt64LE(at + programHeader.contentAt), length).toString('latin1');
  }
  return '';
}

/** @returns nothing for a file that is none of ours */
function readHeader(file: number): Buffer | undefined {
  const start = read(file, 0n, header.size);
  return start.length === header.size && start.toString('latin1', 0, 6) === header.magic ? start : undefined;
}

/** As many bytes as there are, up to `most`. */
function read(file: number, position: bigint, most: number): Buffer {
  const bytes = Buffer.alloc(most);
  return bytes.subarray(0, readSync(file, bytes, 0, most, position));
}

function withFile<T>(path: string, use: (file: number) => T): T {
  const file = openSync(path, 'r');
  try {
    return use(file);
  } finally {
    closeSync(file);
  }
}
