import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { liveHandles } from '../../../src/api/live-handles.js';
import { openCheckpoint } from '../../../src/api/open-checkpoint.js';
import type { VerifyProgress } from '../../../src/index.js';
import { float32 } from '../../support/bytes.js';
import { failure } from '../../support/failure.js';
import { temporaryFolder } from '../../support/folder.js';
import { float } from '../../support/graph-def.js';
import { writeSparseCheckpoint } from '../../support/sparse-checkpoint.js';
import { type TensorToWrite, writeBundle } from '../../support/write-bundle.mjs';

describe('verify', () => {
  const tensor = (key: string, crc32c?: number): TensorToWrite => {
    const stored = { key, dtype: float, shape: [2], bytes: float32(1, 2) };
    return crc32c === undefined ? stored : { ...stored, crc32c };
  };

  it('names every damaged tensor, and why', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    // Spread over the shards one after the other.
    writeBundle(prefix, [tensor('a', 7), tensor('b'), tensor('c'), tensor('d'), tensor('e'), tensor('f', 8)], {
      shards: 3,
    });
    const shard = (number: number): string => `${prefix}.data-0000${number}-of-00003`;
    rmSync(shard(1));
    truncateSync(shard(2), 12);
    await using checkpoint = await openCheckpoint(prefix);
    const seen: VerifyProgress[] = [];
    const report = await checkpoint.verify({ threads: 2, onProgress: (progress) => seen.push(progress) });
    expect(report).toEqual({
      tensors: 6,
      bytes: 48,
      unread: [],
      damaged: [
        { name: 'a', code: 'CHECKSUM_MISMATCH', message: expect.stringContaining(`bytes 0..8 of ${shard(0)}`) },
        { name: 'b', code: 'SHARD_MISSING', message: expect.stringContaining(shard(1)) },
        { name: 'e', code: 'SHARD_MISSING', message: expect.stringContaining(shard(1)) },
        { name: 'f', code: 'CHECKPOINT_MALFORMED', message: expect.stringContaining(`: ${shard(2)}`) },
      ],
    });
    expect(seen.at(-1)).toEqual({ read: 48, total: 48 });
  });

  it('holds nothing at its end, and no timer', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    writeBundle(prefix, [tensor('a')]);
    const started = vi.spyOn(globalThis, 'setInterval');
    const cleared = vi.spyOn(globalThis, 'clearInterval');
    onTestFinished(() => void vi.restoreAllMocks());
    const checkpoint = await openCheckpoint(prefix);
    await checkpoint.verify({ onProgress: () => undefined });
    expect(started).toHaveBeenCalledOnce();
    expect(cleared).toHaveBeenCalledWith(started.mock.results[0]?.value);
    await checkpoint.close();
    expect(liveHandles()).toEqual({ checkpoints: 0, streams: 0, jobs: 0 });
  });

  it('has 256 threads at most', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    writeBundle(prefix, [tensor('a')]);
    await using checkpoint = await openCheckpoint(prefix);
    expect((await checkpoint.verify({ threads: 256 })).damaged).toEqual([]);
    expect(await failure(() => checkpoint.verify({ threads: 257 }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: 'Expected a whole number from 1 to 256 for threads but received 257.',
    });
  });

  it('is ended by a signal', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    writeSparseCheckpoint(prefix, { w: 2 ** 34 });
    await using checkpoint = await openCheckpoint(prefix);
    const controller = new AbortController();
    const pending = failure(() =>
      checkpoint.verify({ signal: controller.signal, onProgress: () => controller.abort('enough') }),
    );
    expect(await pending).toMatchObject({
      code: 'ABORTED',
      message: `Verifying the checkpoint ${prefix} was aborted.`,
      cause: 'enough',
    });
  });

  it('is ended by a callback that throws, or that fails later', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    writeSparseCheckpoint(prefix, { w: 2 ** 34 });
    await using checkpoint = await openCheckpoint(prefix);
    const onProgress = (): never => {
      throw new TypeError('on purpose');
    };
    await expect(checkpoint.verify({ onProgress })).rejects.toThrow(new TypeError('on purpose'));
    const later = async (): Promise<never> => onProgress();
    await expect(checkpoint.verify({ onProgress: later })).rejects.toThrow(new TypeError('on purpose'));
  });
});
