// Writes what the fuzzers begin with to test/fuzz/corpus, made of the fixtures of the core's tests, which TensorFlow wrote.
// `npm run fuzz -- --keep` then adds what it has found.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './lib/run.mjs';

const fixture = (name) => readFileSync(join(root, 'test', 'native', 'fixtures', name));
const index = fixture('every-dtype.index');
const data = fixture('every-dtype.data-00000-of-00001');
const v1 = fixture('every-dtype-v1.ckpt');
const magicAndHandles = 48;
const trailer = 5;

/** A table's first block, without its trailer: the index block's first handle says how long it is. */
function firstBlock(file) {
  const footer = file.subarray(file.length - magicAndHandles);
  const numbers = varints(footer, 4);
  const block = file.subarray(numbers[2], numbers[2] + numbers[3]);
  // Of the first entry: three lengths, the key, and its value, which is the handle.
  const [, keySize, valueSize] = varints(block, 3);
  const [offset, size] = varints(block.subarray(3 + keySize, 3 + keySize + valueSize), 2);
  if (file.length < offset + size + trailer) throw new Error('no such block');
  return file.subarray(offset, offset + size);
}

function varints(bytes, count) {
  const numbers = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    numbers.push(value);
  }
  return numbers;
}

/** The entries of a block: keys as they are stored, without what they share, and values. */
function entries(block) {
  const end = block.length - 4 - 4 * block.readUInt32LE(block.length - 4);
  const found = [];
  for (let at = 0; at < end; ) {
    const [shared, unshared, valueSize] = varints(block.subarray(at), 3);
    const head = [shared, unshared, valueSize].reduce((size, value) => size + Math.ceil(Math.log2(value + 2) / 7), 0);
    const value = at + head + unshared;
    found.push({ key: block.subarray(at + head, value), value: block.subarray(value, value + valueSize) });
    at = value + valueSize;
  }
  return found;
}

const withHead = (head, bytes) => Buffer.concat([Buffer.from(head), bytes]);
const v1Entries = entries(firstBlock(v1));
const corpora = {
  table: [index, firstBlock(index), v1.subarray(0, 4000)],
  bundle_entry: entries(firstBlock(index)).map(({ value }) => withHead([0], value)),
  string_tensor: [withHead([4], Buffer.from('\x03\x00abc')), withHead([5], Buffer.from('\x01\x02abc'))],
  snappy: [Buffer.from('\x05\x10hello'), Buffer.from('\x0c\x0cabcd\x1d\x04\x01'), data.subarray(0, 64)],
  slice_key: v1Entries.map(({ key }) => withHead(key[0] === 0 ? [] : [0], key)),
  v1_record: v1Entries.map(({ value }) => withHead([1, 4], value)).filter(({ length }) => length < 2000),
  device_string: ['worker', '/job:worker/task:12/device:GPU:1', 'a_b/replica:0'].map((text) =>
    withHead([1], Buffer.from(text)),
  ),
  plan: [
    [0, 4, 9, 2, 2, 0, 0, 0, 5, 1],
    [1, 2, 2, 0, 2, 0, 3, 0, 20, 0, 2, 3, 1, 0, 0],
    [66, 2, 1, 0, 0, 0, 2, 2, 0, 0, 17],
    [64, 2, 1, 6, 0, 21, 5, 1, 0],
  ].map((bytes) => Buffer.from(bytes)),
};

const folder = join(root, 'test', 'fuzz', 'corpus');
mkdirSync(folder, { recursive: true });
for (const [target, inputs] of Object.entries(corpora)) {
  const text = inputs.map((input) => Buffer.from(input).toString('base64'));
  writeFileSync(join(folder, `${target}.json`), `${JSON.stringify(text, undefined, 2)}\n`);
}
