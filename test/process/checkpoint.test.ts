// Open checkpoints in every place that Node has for code: none may crash, hang, or leave anything behind.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { float32 } from '../support/bytes.js';
import { temporaryFolder } from '../support/folder.js';
import { float } from '../support/graph-def.js';
import { copyPackage } from '../support/package-copy.js';
import { root, runModule } from '../support/run.js';
import { writeSparseCheckpoint } from '../support/sparse-checkpoint.js';
import { writeBundle } from '../support/write-bundle.mjs';

/** 64 GiB of zeros in one tensor: nothing that reads it whole ends by itself while a test lasts. */
function large(): string {
  const prefix = join(temporaryFolder(), 'large.ckpt');
  writeSparseCheckpoint(prefix, { w: 2 ** 36 });
  return prefix;
}

/** w = [1, 2, 3, 4]. */
function small(): string {
  const prefix = join(temporaryFolder(), 'small.ckpt');
  writeBundle(prefix, [{ key: 'w', dtype: float, shape: [4], bytes: float32(1, 2, 3, 4) }]);
  return prefix;
}

/** Source that has `checkpoint`, the large one, and begins work with it: `working` resolves when that is in the middle. */
const works: Readonly<Record<string, string>> = {
  read: `
    const ended = checkpoint.read('w', { count: 2 ** 29 });
    const working = Promise.resolve();
  `,
  stream: `
    const stream = checkpoint.stream('w');
    const first = stream.next();
    const ended = first.then(async () => { for await (const chunk of stream); });
    const working = first.then(() => new Promise((resolve) => setImmediate(resolve)));
  `,
  verify: `
    let tell;
    const working = new Promise((resolve) => { tell = resolve; });
    const ended = checkpoint.verify({ onProgress: tell });
  `,
};

const opening = (): string => `
  import { liveHandles, openCheckpoint } from 'permafrost';
  const checkpoint = await openCheckpoint(${JSON.stringify(large())});
`;

const none = { checkpoints: 0, streams: 0, jobs: 0 };

describe.each(Object.entries(works))('in the middle of a %s', (_, work) => {
  it('process.exit ends the process with its code', async () => {
    const { code, signal, stdout, stderr } = await runModule(`
      ${opening()} ${work}
      ended.catch(() => {});
      await working;
      console.log(liveHandles().jobs > 0);
      process.exit(0);
    `);
    expect([code, signal, stdout, stderr]).toEqual([0, null, 'true\n', '']);
  });

  it('closing ends it, and the program ends by itself', async () => {
    const { code, signal, stdout, stderr } = await runModule(`
      ${opening()} ${work}
      const outcome = ended.catch((error) => error.code);
      await working;
      await checkpoint.close();
      console.log(JSON.stringify([await outcome, liveHandles()]));
    `);
    expect([code, signal, stderr]).toEqual([0, null, '']);
    expect(JSON.parse(stdout)).toEqual(['ABORTED', none]);
  });
});

it('a checkpoint that nobody closes does not keep the program from ending', async () => {
  const { code, signal, stdout, stderr } = await runModule(`
    import { openCheckpoint } from 'permafrost';
    const checkpoint = await openCheckpoint(${JSON.stringify(small())});
    for await (const chunk of checkpoint.stream('w', { chunkBytes: 4 })) { console.log(chunk.length); break; }
    checkpoint.stream('w', { chunkBytes: 4 }).next();
  `);
  expect([code, signal, stdout, stderr]).toEqual([0, null, '4\n', '']);
});

describe('worker threads', () => {
  it('terminated in the middle of reads, streams and verifications leave nothing', { timeout: 120_000 }, async () => {
    const { code, signal, stdout, stderr } = await runModule(`
      import { setImmediate } from 'node:timers/promises';
      import { Worker } from 'node:worker_threads';
      import { liveHandles, openCheckpoint } from 'permafrost';
      const execArgv = ['--input-type=module'];
      const rounds = ${JSON.stringify(Object.values(works).flatMap((work) => [work, work, work]))};
      const seen = { checkpoints: 0, streams: 0, jobs: 0 };
      const workers = rounds.map((work) => {
        const source = \`
          import { parentPort } from 'node:worker_threads';
          ${opening()}
          \${work}
          ended.catch(() => {});
          await working;
          parentPort.postMessage('working');
        \`;
        const worker = new Worker(source, { eval: true, execArgv });
        worker.on('error', (error) => { throw error; });
        return { worker, working: new Promise((resolve) => worker.once('message', resolve)) };
      });
      await Promise.all(workers.map(async ({ worker, working }) => {
        await working;
        for (const [name, count] of Object.entries(liveHandles())) seen[name] = Math.max(seen[name], count);
        await worker.terminate();
      }));
      const small = await openCheckpoint(${JSON.stringify(small())});
      const values = await small.read('w');
      await small.close();
      console.log(JSON.stringify({ seen: Object.values(seen).every((count) => count > 0), values: [...values], left: liveHandles() }));
    `);
    expect([code, signal, stderr]).toEqual([0, null, '']);
    expect(JSON.parse(stdout)).toEqual({ seen: true, values: [1, 2, 3, 4], left: none });
  });
});

it('two copies of the package in one process have nothing in common', async () => {
  const copy = copyPackage();
  const { code, signal, stdout, stderr } = await runModule(`
    import * as one from 'permafrost';
    const other = await import(${JSON.stringify(copy)});
    const addons = process.report.getReport().sharedObjects.filter((path) => path.endsWith('permafrost.node'));
    const [a, b] = await Promise.all([one, other].map(({ openCheckpoint }) => openCheckpoint(${JSON.stringify(small())})));
    const loaded = process.report.getReport().sharedObjects.filter((path) => path.endsWith('permafrost.node'));
    const values = await Promise.all([a, b].map(async (each) => [...(await each.read('w'))]));
    await a.close();
    const error = await other.openCheckpoint('/none').catch((thrown) => thrown);
    console.log(JSON.stringify({
      before: addons.length,
      loaded: loaded.length,
      values,
      counts: [one.liveHandles().checkpoints, other.liveHandles().checkpoints],
      known: one.isPermafrostError(error),
    }));
    await b.close();
  `);
  expect([code, signal, stderr]).toEqual([0, null, '']);
  expect(JSON.parse(stdout)).toEqual({
    before: 0,
    loaded: 2,
    values: [
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ],
    counts: [0, 1],
    known: true,
  });
});

it('the addon makes no buffers around memory that is not of JavaScript, which Electron refuses', () => {
  const addon = readFileSync(join(root, 'build', 'Release', 'permafrost.node'), 'latin1');
  // The names of what it takes from Node.
  expect(addon).toContain('napi_create_arraybuffer\0');
  for (const refused of ['napi_create_external_arraybuffer', 'napi_create_external_buffer']) {
    expect(addon).not.toContain(refused);
  }
});
