import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { afterEach, expect, it, vi } from 'vitest';
import { freezeInWorker } from '../../../src/api/aside/freeze-in-worker.js';
import { readFreezeOptions } from '../../../src/api/options/read-freeze-options.js';

afterEach(() => {
  vi.useRealTimers();
});

/** A worker that runs this in the place of a freeze. */
const running = (source: string): URL => new URL(`data:text/javascript,${encodeURIComponent(source)}`);

const settings = readFreezeOptions({ graph: 'graph.pb', checkpoint: 'm', outputs: 'y', inMemory: true });

it('ends a worker that was told to, and never looks up', { timeout: 60_000 }, async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const controller = new AbortController();
  const started = once(process, 'worker') as Promise<[Worker]>;
  const pending = freezeInWorker(running('for (;;);'), { ...settings, signal: controller.signal });
  const [worker] = await started;
  await once(worker, 'online');
  controller.abort();
  await expect(pending).rejects.toMatchObject({ code: 'ABORTED' });
  const gone = once(worker, 'exit');
  vi.advanceTimersByTime(10_000);
  await gone;
});

// Real ones: nothing but the engine says how it ends them.
const greedy = running('const all = []; for (;;) all.push(new Array(100_000).fill(all.length));');

it('says how much of memory there was for a worker that has run out of it', async () => {
  await expect(freezeInWorker(greedy, { ...settings, heapBytes: 32 * 2 ** 20 })).rejects.toMatchObject({
    name: 'PermafrostError',
    code: 'OUT_OF_MEMORY',
    message: expect.stringMatching(
      / than the 33554432 bytes that JavaScript may take here \(heapBytes\)\. Raise them /,
    ),
  });
});
