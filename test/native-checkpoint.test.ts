// What stands between a mistake of ours and memory that is not there: the core is asked as `src` never asks it.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Checkpoint } from '../src/checkpoint/checkpoint.js';
import type { StoredTensor } from '../src/graph/stored-tensor.js';
import { damageSearch, PayloadEncoding, payloadSizes, payloadStream } from '../src/native.js';
import { tensorColumns } from '../src/plan/tensor-columns.js';
import { float32 } from './support/bytes.js';
import { temporaryFolder } from './support/folder.js';
import { float } from './support/graph-def.js';
import { writeBundle } from './support/write-bundle.mjs';

async function opened() {
  const prefix = join(temporaryFolder(), 'model.ckpt');
  writeBundle(prefix, [{ key: 'w', dtype: float, shape: [2], bytes: float32(1, 2) }]);
  const checkpoint = await Checkpoint.open(prefix);
  const tensor = checkpoint.get('w') as StoredTensor;
  return { checkpoint, columns: tensorColumns([{ tensor, encoding: PayloadEncoding.raw }]) };
}

it('a checkpoint that is closed is refused', async () => {
  const { checkpoint, columns } = await opened();
  const { native } = checkpoint;
  checkpoint.close();
  const calls: (() => unknown)[] = [
    () => native.columns(),
    () => native.pieces(),
    () => native.prefix,
    () => native.shardPath(0),
    () => payloadSizes(native, columns),
    () => payloadStream(native, columns),
    () => damageSearch(native),
  ];
  for (const call of calls) expect(call).toThrow('the checkpoint is closed');
});

it('what is no checkpoint is refused, though it has the methods of one', async () => {
  const { checkpoint, columns } = await opened();
  const likeOne = Object.create(checkpoint.native);
  expect(() => payloadStream(likeOne, columns)).toThrow('not an open checkpoint');
  expect(() => damageSearch({} as never)).toThrow('not an open checkpoint');
  checkpoint.close();
});

it('a stream fills one array at a time, and none once it is closed', async () => {
  const { checkpoint, columns } = await opened();
  const stream = payloadStream(checkpoint.native, columns);
  const first = new Uint8Array(8);
  const pending = stream.fill(first);
  expect(() => stream.fill(new Uint8Array(8))).toThrow('the payload stream is busy');
  expect(stream.overflows()).toBe(0);
  expect([await pending, first]).toEqual([8, new Uint8Array(float32(1, 2))]);
  stream.close();
  expect(() => stream.fill(first)).toThrow('the payload stream is closed');
  checkpoint.close();
});
