import { EventEmitter } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import type { FromWorker } from '../../../src/api/aside/freeze-messages.js';
import { Reception } from '../../../src/api/aside/reception.js';
import { sendable } from '../../../src/api/aside/sent-error.js';
import { type Progress, ProgressTeller } from '../../../src/api/progress.js';
import type { FreezeReport } from '../../../src/index.js';

/** The other thread's end: what it says, and what it is told. */
class FakeWorker extends EventEmitter {
  readonly told: unknown[] = [];

  postMessage(message: unknown): void {
    this.told.push(message);
  }

  say(message: FromWorker): void {
    this.emit('message', message);
  }

  progress(written: number): void {
    this.say({ kind: 'progress', progress: { written, total: 100 } });
  }
}

interface Received {
  readonly worker: FakeWorker;
  readonly reception: Reception;
  /** Progress that was told. */
  readonly seen: number[];
}

function receive(): Received {
  const worker = new FakeWorker();
  const seen: number[] = [];
  const teller = new ProgressTeller(
    ({ written }: Progress) => seen.push(written),
    () => undefined,
  );
  return {
    worker,
    reception: new Reception(worker as unknown as Worker, { teller, take: undefined, stop: () => undefined }),
    seen,
  };
}

const report = { nodesAfter: 3 } as Omit<FreezeReport, 'variables'>;
const variable = (name: string): FreezeReport['variables'][number] => ({
  name,
  key: name,
  dtype: 'float32',
  shape: [],
  bytes: 4,
  storedAs: 'float32',
  overflows: 0,
});
const soon = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what a worker sends', () => {
  it('is asked for part by part, each in a turn of its own, and put together', async () => {
    const { worker, reception } = receive();
    worker.say({ kind: 'report', report, last: false });
    expect(worker.told).toEqual([]);
    await soon();
    expect(worker.told).toEqual(['more']);
    worker.say({ kind: 'variables', variables: [variable('a'), variable('b')], last: false });
    await soon();
    worker.say({ kind: 'variables', variables: [variable('c')], last: true });
    expect(worker.told).toEqual(['more', 'more']);
    expect(await reception.report).toEqual({ nodesAfter: 3, variables: ['a', 'b', 'c'].map(variable) });
  });

  it('is complete at once where there are no variables', async () => {
    const { worker, reception } = receive();
    worker.say({ kind: 'report', report, last: true });
    expect([await reception.report, worker.told]).toEqual([{ nodesAfter: 3, variables: [] }, []]);
  });

  it('is told once where this thread was busy, and as it was last', async () => {
    const { worker, seen } = receive();
    for (const written of [10, 20, 30]) worker.progress(written);
    expect(seen).toEqual([]);
    await soon();
    expect(seen).toEqual([30]);
    worker.progress(40);
    await soon();
    expect(seen).toEqual([30, 40]);
  });

  it('is told before the report is there, and not after it', async () => {
    const { worker, reception, seen } = receive();
    worker.progress(100);
    worker.say({ kind: 'report', report, last: true });
    expect(seen).toEqual([100]);
    await reception.report;
    await soon();
    expect(seen).toEqual([100]);
  });

  it('is not told after a failure', async () => {
    const { worker, reception, seen } = receive();
    worker.progress(50);
    worker.say({ kind: 'failure', error: sendable(new Error('on purpose')) });
    await expect(reception.report).rejects.toThrow('on purpose');
    await soon();
    expect(seen).toEqual([]);
  });
});

describe('the report is not waited for', () => {
  it('when the worker meets what nobody foresaw, and has ended', async () => {
    const { worker, reception } = receive();
    let settled = false;
    const settle = (): void => {
      settled = true;
    };
    reception.report.then(settle, settle);
    worker.emit('error', new Error('on purpose'));
    await soon();
    // The core may be at something still.
    expect(settled).toBe(false);
    worker.emit('exit', 1);
    await expect(reception.report).rejects.toThrow('on purpose');
  });
  it('when the worker ends without a word', async () => {
    const { worker, reception } = receive();
    worker.emit('exit', 1);
    await expect(reception.report).rejects.toThrow('The worker of a freeze ended with code 1.');
  });
  it('when it is not wanted any more', async () => {
    const { reception } = receive();
    reception.cancel();
    await expect(reception.report).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
