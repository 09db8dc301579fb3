import { getEventListeners } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { liveHandles } from '../../../src/api/live-handles.js';
import { openCheckpoint } from '../../../src/api/open-checkpoint.js';
import { jobsAtOnce } from '../../../src/api/turns/pool-threads.js';
import type { OpenCheckpoint } from '../../../src/index.js';
import { DataType } from '../../../src/proto/data-types.js';
import { float32 } from '../../support/bytes.js';
import { failure } from '../../support/failure.js';
import { temporaryFolder } from '../../support/folder.js';
import { float } from '../../support/graph-def.js';
import { writeSparseCheckpoint } from '../../support/sparse-checkpoint.js';
import { writeBundle } from '../../support/write-bundle.mjs';
import { writeV1 } from '../../support/write-v1.js';

/** A tensor of 16 GiB of zeros with a wrong checksum, and a small one. */
async function large(): Promise<OpenCheckpoint> {
  const prefix = join(temporaryFolder(), 'model.ckpt');
  writeSparseCheckpoint(prefix, { small: 4, w: 2 ** 34 });
  return openCheckpoint(prefix);
}

async function small(): Promise<OpenCheckpoint> {
  const prefix = join(temporaryFolder(), 'model.ckpt');
  writeBundle(prefix, [{ key: 'w', dtype: float, shape: [2], bytes: float32(1, 2) }]);
  return openCheckpoint(prefix);
}

/** A tebibyte of the lengths of strings, all of them 0. */
async function manyStrings(): Promise<OpenCheckpoint> {
  const prefix = join(temporaryFolder(), 'model.ckpt');
  writeSparseCheckpoint(prefix, { s: 2 ** 40 }, { dtype: DataType.string, width: 1 });
  return openCheckpoint(prefix);
}

/** What this process has open of a checkpoint. */
function openFiles(prefix: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((name) => {
    try {
      const path = readlinkSync(`/proc/self/fd/${name}`);
      return path.startsWith(prefix) ? [path] : [];
    } catch {
      return []; // closed since
    }
  });
}

const none = { checkpoints: 0, streams: 0, jobs: 0 };
const linux = process.platform === 'linux';

describe('a closed checkpoint', () => {
  it('refuses everything', async () => {
    const checkpoint = await small();
    await checkpoint.close();
    const calls: (() => unknown)[] = [
      () => checkpoint.list(),
      () => [...checkpoint],
      () => checkpoint.get('w'),
      () => checkpoint.read('w'),
      () => checkpoint.stream('w').next(),
      () => checkpoint.verify(),
    ];
    for (const call of calls) {
      expect(await failure(call)).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: `The checkpoint ${checkpoint.prefix} is closed. Open it again.`,
      });
    }
    await checkpoint.close();
    expect(liveHandles()).toEqual(none);
  });

  it('refuses to be listed where it has no tensors, too', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    writeBundle(prefix, []);
    const checkpoint = await openCheckpoint(prefix);
    expect(checkpoint.list()).toEqual([]);
    await checkpoint.close();
    expect((await failure(() => checkpoint.list())).code).toBe('INVALID_ARGUMENT');
  });

  it('ends what goes through its tensors', async () => {
    const checkpoint = await large();
    const tensors = checkpoint[Symbol.iterator]();
    expect(tensors.next().value?.name).toBe('small');
    await checkpoint.close();
    expect(await failure(() => tensors.next())).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });

  it('has let go of everything', async () => {
    const checkpoint = await small();
    await checkpoint.read('w');
    expect(liveHandles()).toEqual({ checkpoints: 1, streams: 0, jobs: 0 });
    if (linux) expect(openFiles(checkpoint.prefix)).toHaveLength(1);
    await checkpoint.close();
    expect(liveHandles()).toEqual(none);
    expect(linux ? openFiles(checkpoint.prefix) : []).toEqual([]);
  });

  it('is what the end of its scope makes of it', async () => {
    const scope = async (): Promise<OpenCheckpoint> => {
      await using checkpoint = await small();
      expect(await checkpoint.read('w')).toEqual(Float32Array.of(1, 2));
      return checkpoint;
    };
    const checkpoint = await scope();
    expect(liveHandles()).toEqual(none);
    expect((await failure(() => checkpoint.get('w'))).code).toBe('INVALID_ARGUMENT');
    {
      using another = await small();
      expect(another.list()).toHaveLength(1);
    }
    await checkpoint.close();
    expect(liveHandles().jobs).toBe(0);
  });
});

it('the end of a scope waits until nothing reads any more', async () => {
  let pending: Promise<unknown> = Promise.resolve();
  const scope = async (): Promise<void> => {
    await using checkpoint = await manyStrings();
    pending = failure(() => checkpoint.read('s', { count: 3 }));
    while (liveHandles().jobs === 0) await setTimeout(1);
  };
  await scope();
  expect(liveHandles()).toEqual(none);
  expect(await pending).toMatchObject({ code: 'ABORTED' });
});

describe('closing ends what is under way:', () => {
  const closed = (work: string, { prefix }: OpenCheckpoint): object => ({
    code: 'ABORTED',
    message: `${work} was aborted: the checkpoint ${prefix} was closed.`,
  });

  it('reads, those that wait for their turn too', async () => {
    const checkpoint = await large();
    const pending = Array.from({ length: 9 }, () => failure(() => checkpoint.read('w', { count: 2 ** 28 })));
    await checkpoint.close();
    expect(liveHandles()).toEqual(none);
    for (const each of pending) expect(await each).toMatchObject(closed("Reading the tensor 'w'", checkpoint));
  });

  it('a stream in the middle of a chunk, and one between two chunks', async () => {
    const checkpoint = await large();
    const [reading, waiting] = [checkpoint.stream('w', { chunkBytes: 2 ** 29 }), checkpoint.stream('w')];
    expect((await waiting.next()).value).toHaveLength(2 ** 20);
    const pending = failure(() => reading.next());
    await checkpoint.close();
    expect(liveHandles()).toEqual(none);
    for (const each of [pending, failure(() => waiting.next())]) {
      expect(await each).toMatchObject(closed("Reading the tensor 'w'", checkpoint));
    }
    expect(await waiting.next()).toEqual({ value: undefined, done: true });
  });

  it('a verification', async () => {
    const checkpoint = await large();
    const pending = failure(() => checkpoint.verify());
    await checkpoint.close();
    expect(liveHandles()).toEqual(none);
    expect(await pending).toMatchObject(closed(`Verifying the checkpoint ${checkpoint.prefix}`, checkpoint));
  });
});

describe('a signal', () => {
  it('ends the opening', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    writeSparseCheckpoint(prefix, { w: 4 });
    const expected = { code: 'ABORTED', message: `Opening the checkpoint ${prefix} was aborted.`, cause: 'why' };
    expect(await failure(() => openCheckpoint(prefix, { signal: AbortSignal.abort('why') }))).toMatchObject(expected);
    const controller = new AbortController();
    const pending = failure(() => openCheckpoint(prefix, { signal: controller.signal }));
    controller.abort('why');
    expect(await pending).toMatchObject(expected);
    expect(liveHandles().checkpoints).toBe(0);
  });

  it('that is aborted already lets nothing begin', async () => {
    await using checkpoint = await small();
    const signal = AbortSignal.abort('why');
    const calls: (() => unknown)[] = [
      () => checkpoint.read('w', { signal }),
      () => checkpoint.stream('w', { signal }).next(),
      () => checkpoint.verify({ signal }),
    ];
    for (const call of calls) expect(await failure(call)).toMatchObject({ code: 'ABORTED', cause: 'why' });
  });

  it('ends an opening that is done when nobody has heard of it', async () => {
    const path = join(temporaryFolder(), 'old.ckpt');
    writeV1(path, [{ key: 'w', dtype: float, shape: [2 ** 22], bytes: new Uint8Array(2 ** 24) }]);
    const controller = new AbortController();
    const pending = failure(() => openCheckpoint(path, { signal: controller.signal }));
    while (liveHandles().jobs === 0) await setImmediate();
    // This thread takes no part in the rest, and can hear of its end only afterwards.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    controller.abort('why');
    expect(await pending).toMatchObject({ code: 'ABORTED', cause: 'why' });
    expect(liveHandles()).toEqual(none);
  });

  it('ends an opening that waits for its turn', async () => {
    await using busy = await manyStrings();
    const reads = Array.from({ length: jobsAtOnce(process.env) }, () => failure(() => busy.read('s', { count: 3 })));
    while (liveHandles().jobs < reads.length) await setTimeout(1);
    const controller = new AbortController();
    const pending = failure(() => openCheckpoint('nowhere', { signal: controller.signal }));
    controller.abort('why');
    expect(await pending).toMatchObject({
      code: 'ABORTED',
      message: 'Opening the checkpoint nowhere was aborted.',
      cause: 'why',
    });
    await busy.close();
    for (const read of reads) expect(await read).toMatchObject({ code: 'ABORTED' });
  });

  it('ends a read and leaves the others alone', async () => {
    await using checkpoint = await large();
    const controller = new AbortController();
    const { signal } = controller;
    const pending = failure(() => checkpoint.read('w', { count: 2 ** 29, signal }));
    const other = checkpoint.read('w', { start: 5, count: 3 });
    controller.abort('why');
    expect(await pending).toMatchObject({
      code: 'ABORTED',
      message: "Reading the tensor 'w' was aborted.",
      cause: 'why',
    });
    expect(await other).toEqual(new Float32Array(3));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('that comes before the checkpoint is closed is what has ended a read', async () => {
    await using checkpoint = await large();
    const controller = new AbortController();
    const pending = failure(() => checkpoint.read('w', { count: 2 ** 29, signal: controller.signal }));
    controller.abort('why');
    await checkpoint.close();
    expect(await pending).toMatchObject({ message: "Reading the tensor 'w' was aborted.", cause: 'why' });
  });

  it('ends a stream', async () => {
    await using checkpoint = await large();
    const controller = new AbortController();
    const { signal } = controller;
    const error = await failure(async () => {
      for await (const chunk of checkpoint.stream('w', { signal })) {
        expect(chunk).toHaveLength(2 ** 20);
        controller.abort('why');
      }
    });
    expect(error).toMatchObject({ code: 'ABORTED', message: "Reading the tensor 'w' was aborted.", cause: 'why' });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(liveHandles()).toEqual({ checkpoints: 1, streams: 0, jobs: 0 });
  });

  // Before the first element is given, the lengths of all are gone through, for an hour; the last is behind all others.
  it.each<[string, (checkpoint: OpenCheckpoint, signal: AbortSignal) => Promise<unknown>]>([
    ['a read of many strings', (checkpoint, signal) => checkpoint.read('s', { count: 3, signal })],
    ['a read behind many strings', (checkpoint, signal) => checkpoint.read('s', { start: 2 ** 40 - 1, signal })],
    ['a stream of them', (checkpoint, signal) => checkpoint.stream('s', { signal }).next()],
    ['a verification of them', (checkpoint, signal) => checkpoint.verify({ signal })],
  ])('ends %s at once', async (_, work) => {
    await using checkpoint = await manyStrings();
    const controller = new AbortController();
    const pending = failure(() => work(checkpoint, controller.signal));
    while (liveHandles().jobs === 0) await setTimeout(1);
    controller.abort('why');
    expect(await pending).toMatchObject({ code: 'ABORTED', cause: 'why' });
    // The core has heard of it too.
    while (liveHandles().jobs > 0) await setTimeout(1);
    expect(liveHandles()).toEqual({ checkpoints: 1, streams: 0, jobs: 0 });
  });

  it('is left alone by what came to its end', async () => {
    await using checkpoint = await small();
    const { signal } = new AbortController();
    await checkpoint.read('w', { signal });
    for await (const chunk of checkpoint.stream('w', { signal })) expect(chunk).toHaveLength(8);
    await checkpoint.verify({ signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('that fires later does nothing to an open checkpoint', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    writeBundle(prefix, [{ key: 'w', dtype: float, shape: [2], bytes: float32(1, 2) }]);
    const controller = new AbortController();
    await using checkpoint = await openCheckpoint(prefix, { signal: controller.signal });
    controller.abort();
    expect(await checkpoint.read('w')).toEqual(Float32Array.of(1, 2));
  });
});

/** Of the thread of JavaScript, all that the core does for checkpoints takes turns. */
it.each<[string, (checkpoint: OpenCheckpoint) => Promise<unknown>]>([
  ['an opening', ({ prefix }) => openCheckpoint(prefix).then((opened) => opened.close())],
  ['a read', (checkpoint) => checkpoint.read('w')],
  ['a stream', (checkpoint) => checkpoint.stream('w').next()],
  ['a verification', (checkpoint) => checkpoint.verify()],
])('%s waits for its turn', async (_, work) => {
  await using checkpoint = await small();
  const busy = await manyStrings();
  const reads = Array.from({ length: jobsAtOnce(process.env) }, () => failure(() => busy.read('s', { count: 3 })));
  while (liveHandles().jobs < reads.length) await setTimeout(1);
  let isDone = false;
  const pending = work(checkpoint).then(() => {
    isDone = true;
  });
  for (let turn = 0; turn < 20; turn++) {
    await setTimeout(1);
    expect([isDone, liveHandles().jobs]).toEqual([false, reads.length]);
  }
  await busy.close();
  await pending;
  for (const read of reads) expect(await read).toMatchObject({ code: 'ABORTED' });
});

it('more strings than the engine has memory for are refused before any is read', async () => {
  await using checkpoint = await manyStrings();
  const error = await failure(() => checkpoint.read('s'));
  expect(error).toMatchObject({ code: 'OUT_OF_MEMORY', message: expect.stringMatching(/^1099511627776 strings of/) });
  expect(liveHandles()).toEqual({ checkpoints: 1, streams: 0, jobs: 0 });
});

it('a stream that is left early gives everything back', async () => {
  await using checkpoint = await large();
  for await (const chunk of checkpoint.stream('w')) {
    expect(chunk).toHaveLength(2 ** 20);
    break;
  }
  expect(liveHandles()).toEqual({ checkpoints: 1, streams: 0, jobs: 0 });
});

it.each([[undefined], [''], [5], ['a\0b']])('the path %o is refused', async (path) => {
  expect((await failure(() => openCheckpoint(path as string))).code).toBe('INVALID_ARGUMENT');
});
