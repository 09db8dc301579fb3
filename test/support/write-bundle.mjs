// Writes a tensor bundle from scratch, by docs/formats.md and not by the code under test. Plain JavaScript, because the
// benchmarks use it too.
import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { appendZeros } from './append-zeros.mjs';

/**
 * @typedef {object} TensorToWrite
 * @property {string} key
 * @property {number} dtype TensorFlow's DataType number
 * @property {number[]} shape
 * @property {Uint8Array} bytes as stored
 * @property {number} [zeros] how many bytes of zeros follow; they become a hole in the file
 * @property {number} [crc32c] masked; made of the bytes when absent
 */

/** A block of the index is full at this many bytes, as in TensorFlow. */
const blockSize = 262_144;

/**
 * Writes `<prefix>.index` and its shards. Tensors are spread over the shards one after the other.
 * @param {string} prefix
 * @param {Iterable<TensorToWrite>} tensors
 * @param {{ shards?: number }} [options]
 */
export function writeBundle(prefix, tensors, { shards = 1 } = {}) {
  const pad = (number) => String(number).padStart(5, '0');
  const files = Array.from({ length: shards }, (_, shard) =>
    openSync(`${prefix}.data-${pad(shard)}-of-${pad(shards)}`, 'w'),
  );
  const offsets = new Array(shards).fill(0);
  const records = [];
  let index = 0;
  for (const { key, dtype, shape, bytes, zeros = 0, crc32c = maskedCrc32c(bytes, zeros) } of tensors) {
    const shard = index++ % shards;
    const offset = offsets[shard];
    const size = bytes.length + zeros;
    for (let at = 0; at < bytes.length; at += 1 << 30)
      writeSync(files[shard], bytes, at, Math.min(1 << 30, bytes.length - at), offset + at);
    records.push({ key: Buffer.from(key), value: bundleEntry({ dtype, shape, shard, offset, size, crc32c }) });
    offsets[shard] += size;
  }
  for (const [shard, file] of files.entries()) {
    ftruncateSync(file, offsets[shard]);
    closeSync(file);
  }
  records.sort((a, b) => Buffer.compare(a.key, b.key));
  const header = Buffer.concat([field(1, 0), varint(shards), Buffer.from('1a020801', 'hex')]);
  writeFileSync(`${prefix}.index`, table([{ key: Buffer.alloc(0), value: header }, ...records]));
}

/** A BundleEntryProto. */
export function bundleEntry({ dtype, shape, shard = 0, offset = 0, size, crc32c }) {
  const dims = shape.map((dim) => message(2, dim === 0 ? Buffer.alloc(0) : number(1, dim)));
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(crc32c);
  return Buffer.concat([
    number(1, dtype),
    message(2, Buffer.concat(dims)),
    shard === 0 ? Buffer.alloc(0) : number(3, shard),
    offset === 0 ? Buffer.alloc(0) : number(4, offset),
    size === 0 ? Buffer.alloc(0) : number(5, size),
    field(6, 5),
    crc,
  ]);
}

/** A table file of the records, which must be in key order. */
export function table(records) {
  const blocks = [];
  let current = [];
  let size = 0;
  for (const record of records) {
    current.push(record);
    size += record.key.length + record.value.length;
    if (size < blockSize) continue;
    blocks.push(current);
    current = [];
    size = 0;
  }
  if (current.length > 0) blocks.push(current);
  const parts = [];
  let offset = 0;
  const add = (contents) => {
    const handle = Buffer.concat([varint(offset), varint(contents.length)]);
    const trailer = Buffer.alloc(5);
    trailer.writeUInt32LE(maskedCrc32c(Buffer.concat([contents, trailer.subarray(0, 1)])), 1);
    parts.push(contents, trailer);
    offset += contents.length + trailer.length;
    return handle;
  };
  const handles = blocks.map((block) => ({ key: block.at(-1).key, value: add(blockContents(block)) }));
  const meta = add(blockContents([]));
  const index = add(blockContents(handles));
  const footer = Buffer.alloc(48);
  Buffer.concat([meta, index]).copy(footer);
  Buffer.from('57fb808b247547db', 'hex').copy(footer, 40);
  return Buffer.concat([...parts, footer]);
}

/** Records without prefix compression, each a restart point. */
function blockContents(records) {
  const parts = [];
  const restarts = [];
  let offset = 0;
  for (const { key, value } of records) {
    const entry = Buffer.concat([varint(0), varint(key.length), varint(value.length), key, value]);
    restarts.push(offset);
    parts.push(entry);
    offset += entry.length;
  }
  if (restarts.length === 0) restarts.push(0);
  const tail = Buffer.alloc(4 * (restarts.length + 1));
  for (const [at, restart] of restarts.entries()) tail.writeUInt32LE(restart, 4 * at);
  tail.writeUInt32LE(restarts.length, 4 * restarts.length);
  return Buffer.concat([...parts, tail]);
}

/** A varint of any safe integer, or of a bigint. */
export function varint(value) {
  const bytes = [];
  let rest = BigInt(value);
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  return Buffer.from([...bytes, Number(rest)]);
}

/** The tag of a field. */
export function field(id, wireType) {
  return varint((id << 3) | wireType);
}

function number(id, value) {
  return Buffer.concat([field(id, 0), varint(value)]);
}

/** A length-delimited field. */
export function message(id, payload) {
  return Buffer.concat([field(id, 2), varint(payload.length), payload]);
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc >>> 0;
});

/** CRC-32C of bytes and of zeros after them, masked as files store it. */
export function maskedCrc32c(bytes, zeros = 0) {
  let crc = 0xffffffff;
  for (let at = 0; at < bytes.length; at++) crc = crcTable[(crc ^ bytes[at]) & 0xff] ^ (crc >>> 8);
  crc = ~appendZeros(crc >>> 0, zeros) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
