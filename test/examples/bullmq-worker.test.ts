// Workers on the queue of a real Redis, Debian's redis-server: two of them share jobs.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../support/folder.js';
import { type Ended, type Running, root, startNodeWith, until } from '../support/run.js';

const isThere = spawnSync('redis-server', ['--version']).status === 0;
if (!isThere)
  console.warn('redis-server is not installed (Debian: redis-server): the example of BullMQ is not tested.');

const demo = join(root, 'examples', 'demo');
const [folder, remove] = makeFolder();
const socket = join(folder, 'redis.sock');
const env = { REDIS_URL: socket };
let redis: ChildProcess | undefined;
const workers: { readonly running: Running; printed: string; complained: string }[] = [];

function startWorker(): void {
  const running = startNodeWith({ env }, 'examples/bullmq-worker/worker.mjs');
  const worker = { running, printed: '', complained: '' };
  running.child.stdout?.on('data', (text: string) => {
    worker.printed += text;
  });
  running.child.stderr?.on('data', (text: string) => {
    worker.complained += text;
  });
  workers.push(worker);
}

function enqueue(options: object): Promise<Ended> {
  return startNodeWith({ env }, 'examples/bullmq-worker/enqueue.mjs', JSON.stringify(options)).ended;
}

const model = {
  graph: join(demo, 'graph.pb'),
  checkpoint: join(demo, 'model.ckpt-200'),
  outputs: 'inference/probabilities',
};

describe.skipIf(!isThere)('the BullMQ worker', () => {
  beforeAll(async () => {
    redis = spawn('redis-server', ['--port', '0', '--unixsocket', socket, '--save', '', '--dir', folder]);
    await until(() => existsSync(socket));
    startWorker();
    startWorker();
  });
  afterAll(async () => {
    for (const { running } of workers) running.child.kill();
    for (const { running } of workers) await running.ended;
    redis?.kill();
    remove();
  });

  it("freezes what is added to the queue, with TensorFlow's bytes, on several workers", async () => {
    const outs = Array.from({ length: 6 }, (_, index) => join(folder, `frozen-${index}.pb`));
    const ended = await Promise.all(outs.map((out) => enqueue({ ...model, out })));
    expect(ended.map(({ code }) => code)).toEqual(outs.map(() => 0));
    const expected = readFileSync(join(demo, 'frozen-by-tensorflow.pb'));
    for (const out of outs) expect(readFileSync(out).equals(expected)).toBe(true);
    const lines = workers.map(({ printed }) => printed.trim().split('\n').length);
    expect(lines.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(outs.length);
  });

  it('does not try again what stays wrong, and says what it is', async () => {
    const { code, stderr } = await enqueue({ ...model, outputs: 'nothing', out: join(folder, 'wrong.pb') });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^OUTPUT_NOT_FOUND: /)]);
  });

  it('tries again what may be over by the next time', async () => {
    const later = join(folder, 'later');
    const complaints = (): string => workers.map(({ complained }) => complained).join('');
    const ended = enqueue({ ...model, out: join(later, 'frozen.pb') });
    await until(() => complaints().includes(later));
    mkdirSync(later);
    expect(await ended).toMatchObject({ code: 0, stderr: '' });
    expect(readFileSync(join(later, 'frozen.pb')).equals(readFileSync(join(demo, 'frozen-by-tensorflow.pb')))).toBe(
      true,
    );
  });

  it('ends in good order when it is told to', async () => {
    for (const { running } of workers) running.child.kill('SIGTERM');
    const ended = await Promise.all(workers.map(({ running }) => running.ended));
    expect(ended.map(({ code, signal }) => [code, signal])).toEqual([
      [0, null],
      [0, null],
    ]);
  });
});
