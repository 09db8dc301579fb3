/** Checkpoints of any size that take no room on the disk: their shards are holes. */
import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { float } from './graph-def.js';
import { bundleEntry, type TableRecord, table } from './write-bundle.mjs';

/**
 * Writes an index of vectors or matrices, one after the other in one shard of zeros. Their checksums are wrong.
 * @param sizes bytes of each tensor, by key; keys in the order of their bytes.
 * @param elements their type, by default float32, and the bytes of one; of matrices, how many columns they have.
 */
export function writeSparseCheckpoint(
  prefix: string,
  sizes: Readonly<Record<string, number>>,
  { dtype, width, columns }: { dtype: number; width: number; columns?: number } = { dtype: float, width: 4 },
): void {
  const records: TableRecord[] = [{ key: Buffer.alloc(0), value: Buffer.from('08011a020801', 'hex') }];
  let offset = 0;
  for (const [key, size] of Object.entries(sizes)) {
    const count = size / width;
    const shape = columns === undefined ? [count] : [count / columns, columns];
    const value = bundleEntry({ dtype, shape, offset, size, crc32c: 0 });
    records.push({ key: Buffer.from(key), value });
    offset += size;
  }
  writeFileSync(`${prefix}.index`, table(records));
  const shard = openSync(`${prefix}.data-00000-of-00001`, 'w');
  ftruncateSync(shard, offset);
  closeSync(shard);
}
