// Files of Linux, laid out by hand: https://refspecs.linuxfoundation.org/elf/gabi4+/contents.html
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isForMusl } from '../src/elf.js';
import { temporaryFolder } from './support/folder.js';
import { program } from './support/program.js';

function file(bytes: Uint8Array): string {
  const path = join(temporaryFolder(), 'program');
  writeFileSync(path, bytes);
  return path;
}

describe('a program for musl', () => {
  const musl = '/lib/ld-musl-x86_64.so.1';

  it.each([176, 5_000_000])('is told by its loader, named at byte %i', (offset) => {
    expect(isForMusl(file(program(musl, offset)))).toBe(true);
    expect(isForMusl(file(program('/lib64/ld-linux-x86-64.so.2', offset)))).toBe(false);
  });

  it('is not one that only has the name in it', () => {
    const bytes = Buffer.concat([program('/lib64/ld-linux-x86-64.so.2', 176), Buffer.from(`${musl}\0`)]);
    expect(isForMusl(file(bytes))).toBe(false);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from(`#!${musl}\n`)],
    ['a header alone', program(musl, 176).subarray(0, 64)],
    ['one whose header is cut off', program(musl, 176).subarray(0, 40)],
    ['one whose table is cut off', program(musl, 176).subarray(0, 64 + 56 + 20)],
    ['one whose loader is cut off', program(musl, 5000).subarray(0, 5000)],
  ])('is not %s', (_what, bytes) => {
    expect(isForMusl(file(bytes))).toBe(false);
  });

  it('has a loader whose path the kernel would take, of 4,096 bytes at most', () => {
    const padded = (length: number): string => `/${'a'.repeat(length - musl.length - 2)}${musl}`;
    expect(isForMusl(file(program(padded(4096), 176)))).toBe(true);
    expect(isForMusl(file(program(padded(4097), 176)))).toBe(false);
  });

  it.each([0, 40, 55])('is not one whose program headers have %i bytes', (size) => {
    const bytes = program(musl, 176);
    bytes.writeUInt16LE(size, 0x36);
    expect(isForMusl(file(bytes))).toBe(false);
  });

  it('is not one whose loader has a name of 2^63 bytes', () => {
    const bytes = program(musl, 176);
    bytes.writeBigUInt64LE(2n ** 63n, 64 + 56 + 0x20);
    expect(isForMusl(file(bytes))).toBe(false);
  });

  it.runIf(process.platform === 'linux')('is closed again, whatever it is', () => {
    const open = (): number => readdirSync('/proc/self/fd').length;
    const before = open();
    for (const bytes of [program(musl, 176), Buffer.alloc(0)]) isForMusl(file(bytes));
    expect(open()).toBe(before);
  });

  it.runIf(process.platform === 'linux')('is this one if the kernel has mapped the loader for it', () => {
    const mapped = readFileSync('/proc/self/maps', 'utf8').includes('/ld-musl-');
    expect(isForMusl(process.execPath)).toBe(mapped);
  });
});
