// Whether what was measured did its work: a figure for wrong files would be worth nothing.
import { createHash } from 'node:crypto';
import { closeSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import path from 'node:path';

const bufferSize = 1 << 20;

/**
 * @param {string} file
 * @param {import('../models/expected-graph.mjs').Expected} expected
 * @returns {string} what was found to be right
 */
export function expectFile(file, { bytes, sha256 }) {
  const { size } = statSync(file);
  if (size !== bytes) throw new Error(`${file} has ${size} bytes, and not the ${bytes} that were expected.`);
  const hash = createHash('sha256');
  for (const chunk of chunks(file)) hash.update(chunk);
  if (hash.digest('hex') !== sha256) throw new Error(`${file} has the expected size, but not the expected bytes.`);
  return 'every byte as expected';
}

/**
 * For what has a form that is not known to the byte: its size, and where its tensors begin. Each must stand within the first
 * MiB of a file, or of where the tensors before it end in a file.
 * @param {string} target a file, or a folder of files
 * @param {readonly import('../models/expected-graph.mjs').Head[]} heads
 * @param {{ least: number, most: number }} size of all files together
 */
export function expectHeads(target, heads, { least, most }) {
  const files = filesOf(target);
  const size = files.reduce((sum, file) => sum + file.size, 0);
  if (size < least || size > most)
    throw new Error(`${target} has ${size} bytes in ${files.length} files, and not ${least} to ${most}.`);
  const starts = files.map((file) => read(file.path, 0, bufferSize));
  for (const { hex, offset } of heads) {
    const head = Buffer.from(hex, 'hex');
    const found =
      starts.some((start) => start.includes(head)) ||
      files.some((file) => read(file.path, offset, bufferSize).includes(head));
    if (!found) throw new Error(`${target} lacks the tensor whose place is ${offset} bytes behind the first.`);
  }
  const tensors = heads.length === 0 ? '' : `, first bytes of ${heads.length} tensors as expected`;
  return `size right${tensors}`;
}

function filesOf(target) {
  const isFolder = statSync(target).isDirectory();
  const names = isFolder ? readdirSync(target, { recursive: true, encoding: 'utf8' }).sort() : [''];
  return names.flatMap((name) => {
    const file = path.join(target, name);
    const stat = statSync(file);
    return stat.isFile() ? [{ path: file, size: stat.size }] : [];
  });
}

function read(file, offset, length) {
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(length);
  const count = readSync(descriptor, buffer, 0, length, offset);
  closeSync(descriptor);
  return buffer.subarray(0, count);
}

function* chunks(file) {
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(bufferSize);
  for (let count = readSync(descriptor, buffer); count > 0; count = readSync(descriptor, buffer))
    yield buffer.subarray(0, count);
  closeSync(descriptor);
}
