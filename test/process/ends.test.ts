// Processes that end while a freeze is on its way: none may crash, or hang.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namesIn } from '../support/folder.js';
import { float, graphDef, identity, refVariable } from '../support/graph-def.js';
import { largeModel, padGraph, type SmallModel, smallModel } from '../support/model.js';
import { copyPackage } from '../support/package-copy.js';
import { runModule } from '../support/run.js';
import { metaGraph, savedModel, savedModelBytes } from '../support/saved-model.js';
import { writeSparseCheckpoint } from '../support/sparse-checkpoint.js';

/** Source that starts a freeze of `model` and goes on when its temporary file is there. */
function midFreeze(model: SmallModel): string {
  const { graph, checkpoint, out, outFolder } = model;
  return `
    import { readdirSync } from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    import { freeze } from 'permafrost';
    const options = ${JSON.stringify({ graph, checkpoint, out, outputs: 'y' })};
    const pending = freeze(options).catch((error) => error.code);
    while (readdirSync(${JSON.stringify(outFolder)}).length === 0) await setTimeout(1);
  `;
}

/** Where a freeze runs depends on the size of its graph. */
const places: readonly [string, <T extends SmallModel>(model: T) => T][] = [
  ['on the calling thread', (model) => model],
  [
    'in a worker',
    (model) => {
      padGraph(model);
      return model;
    },
  ],
];

describe.each(places)('in the middle of a freeze %s', (_, placed) => {
  it('process.exit ends the process with its code and leaves nothing', async () => {
    const model = placed(largeModel());
    const { code, signal, stderr } = await runModule(`${midFreeze(model)} process.exit(7);`);
    expect([code, signal, stderr]).toEqual([7, null, '']);
    expect(namesIn(model.outFolder)).toEqual([]);
  });
  it('an exception that nobody catches ends it with code 1', async () => {
    const { code, signal, stderr } = await runModule(
      `${midFreeze(placed(largeModel()))} throw new Error('on purpose');`,
    );
    expect([code, signal]).toEqual([1, null]);
    expect(stderr).toContain('on purpose');
  });
  it('the end of the program waits for the freeze', async () => {
    const model = placed(largeModel());
    const source = `${midFreeze(model)} pending.then((code) => console.log(code));`;
    // Zeros do not have the checksum that the index claims.
    expect(await runModule(source)).toMatchObject({ code: 0, signal: null, stdout: 'CHECKSUM_MISMATCH\n' });
    expect(namesIn(model.outFolder)).toEqual([]);
  });
  it('a shard that is cut short is an error, not the end of the process', async () => {
    const model = placed(largeModel());
    const shard = `${model.checkpoint}.data-00000-of-00001`;
    const { code, signal, stdout } = await runModule(`
      import { truncateSync } from 'node:fs';
      ${midFreeze(model)}
      truncateSync(${JSON.stringify(shard)}, 4096);
      pending.then((code) => console.log(code));
    `);
    expect([code, signal, stdout]).toEqual([0, null, 'READ_FAILED\n']);
    expect(namesIn(model.outFolder)).toEqual([]);
  });
  it('process.exit in a callback of its progress ends the process', async () => {
    const { graph, checkpoint, out } = placed(largeModel());
    const options = JSON.stringify({ graph, checkpoint, out, outputs: 'y' });
    const { code, signal } = await runModule(`
      import { freeze } from 'permafrost';
      await freeze({ ...${options}, onProgress: () => process.exit(9) });
    `);
    expect([code, signal]).toEqual([9, null]);
  });
  it('a callback of its progress that throws fails the freeze, not the process', async () => {
    const model = placed(largeModel());
    const { graph, checkpoint, out } = model;
    const options = JSON.stringify({ graph, checkpoint, out, outputs: 'y' });
    const { code, signal, stdout } = await runModule(`
      import { freeze } from 'permafrost';
      const onProgress = () => { throw new Error('on purpose'); };
      await freeze({ ...${options}, onProgress }).catch((error) => console.log(error.message));
    `);
    expect([code, signal, stdout]).toEqual([0, null, 'on purpose\n']);
    expect(namesIn(model.outFolder)).toEqual([]);
  });
});

it.each(['the package', 'a later copy'])('process.exit waits until the many files of %s are gone', async (which) => {
  const names = Array.from({ length: 1_500 }, (_, index) => `${index}`);
  const asset_file_def = names.map((filename) => ({ tensor_info: { name: 'x:0' }, filename }));
  const graph = savedModel(savedModelBytes(metaGraph({ asset_file_def })));
  for (const name of names) writeFileSync(join(graph, 'assets', name), name);
  const { out, outFolder } = smallModel();
  const { code, signal, stderr } = await runModule(`
    import { readdirSync } from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    import { liveHandles } from 'permafrost';
    liveHandles();
    const { freeze } = await import(${JSON.stringify(which === 'the package' ? 'permafrost' : copyPackage())});
    let workers = 0;
    process.on('worker', () => workers++);
    freeze(${JSON.stringify({ graph, out, layout: 'saved-model' })}).catch(() => undefined);
    while (readdirSync(${JSON.stringify(outFolder)}).length === 0) await setTimeout(1);
    process.exit(workers);
  `);
  expect([code, signal, stderr]).toEqual([0, null, '']);
  expect(namesIn(outFolder)).toEqual([]);
});

it('process.exit asks nothing of threads that are gone', async () => {
  const { graph, checkpoint, out, outFolder } = largeModel();
  const { code, signal, stderr } = await runModule(`
    import { once } from 'node:events';
    import { readdirSync } from 'node:fs';
    import { setTimeout } from 'node:timers/promises';
    import { Worker } from 'node:worker_threads';
    import { freeze, liveHandles } from 'permafrost';
    liveHandles();
    const source = \`
      import { workerData } from 'node:worker_threads';
      import { openCheckpoint } from 'permafrost';
      await Promise.all(Array.from({ length: 5 }, () => openCheckpoint(workerData)));
    \`;
    const settings = { eval: true, execArgv: ['--input-type=module'], workerData: ${JSON.stringify(checkpoint)} };
    await Promise.all(Array.from({ length: 10 }, () => once(new Worker(source, settings), 'exit')));
    freeze(${JSON.stringify({ graph, checkpoint, out, outputs: 'y' })}).catch(() => undefined);
    while (readdirSync(${JSON.stringify(outFolder)}).length === 0) await setTimeout(1);
    process.exit(7);
  `);
  expect([code, signal, stderr]).toEqual([7, null, '']);
  expect(namesIn(outFolder)).toEqual([]);
});

describe('in the middle of a freeze that goes on for a minute', () => {
  // Scales are searched for in 64 GiB of zeros, in a worker, before anything is written.
  it.each(['the package', 'a later copy'])('process.exit does not wait for that of %s', async (which) => {
    const { graph, checkpoint, out, outFolder } = smallModel();
    const [size, columns] = [2 ** 36, 2 ** 16];
    const shape = { shape: { dim: [{ size: size / 4 / columns }, { size: columns }] } };
    const variable = refVariable('w', float, 2);
    writeFileSync(graph, graphDef([{ ...variable, attr: { ...variable.attr, shape } }, identity('y', 'w')]));
    writeSparseCheckpoint(checkpoint, { w: size }, { dtype: float, width: 4, columns });
    const options = JSON.stringify({ graph, checkpoint, out, outputs: 'y', weights: 'int8', layout: 'mmap' });
    const { code, signal, stdout, stderr } = await runModule(`
      import { setTimeout } from 'node:timers/promises';
      import * as first from 'permafrost';
      first.liveHandles();
      const { freeze, liveHandles } = await import(${JSON.stringify(which === 'the package' ? 'permafrost' : copyPackage())});
      freeze(${options}).then(console.log, console.log);
      for (let polls = 0; polls < 20; polls++) {
        await setTimeout(10);
        if (liveHandles().jobs === 0) polls = 0;
      }
      process.exit(7);
    `);
    expect([code, signal, stdout, stderr]).toEqual([7, null, '', '']);
    expect(namesIn(outFolder)).toEqual([]);
  });
});

describe.each(places)('worker threads whose freezes run %s', (_, placed) => {
  it('freeze side by side', async () => {
    const models = Array.from({ length: 4 }, () => placed(smallModel()));
    const { code, signal, stdout, stderr } = await runModule(`
      import { Worker } from 'node:worker_threads';
      const execArgv = ['--input-type=module'];
      const source = \`
        import { parentPort, workerData } from 'node:worker_threads';
        import { freeze } from 'permafrost';
        for (let round = 0; round < 10; round++) await freeze(workerData);
        parentPort.postMessage('done');
      \`;
      for (const model of ${JSON.stringify(models)}) {
        const { graph, checkpoint, out } = model;
        const worker = new Worker(source, { eval: true, execArgv, workerData: { graph, checkpoint, out, outputs: 'y' } });
        worker.on('message', (text) => console.log(text)).on('error', (error) => { throw error; });
      }
    `);
    expect([code, signal, stderr, stdout]).toEqual([0, null, '', 'done\n'.repeat(4)]);
    for (const { outFolder } of models) expect(namesIn(outFolder)).toEqual(['frozen.pb']);
  });

  it('that are terminated in the middle of a freeze leave the process whole', async () => {
    const [large, small] = [placed(largeModel()), smallModel()];
    const { code, signal, stdout, stderr } = await runModule(`
      import { readdirSync } from 'node:fs';
      import { setTimeout } from 'node:timers/promises';
      import { Worker } from 'node:worker_threads';
      import { freeze } from 'permafrost';
      const execArgv = ['--input-type=module'];
      const optionsOf = ({ graph, checkpoint, out }) => ({ graph, checkpoint, out, outputs: 'y' });
      const source = \`
        import { workerData } from 'node:worker_threads';
        import { freeze } from 'permafrost';
        await freeze(workerData);
      \`;
      const worker = new Worker(source, { eval: true, execArgv, workerData: optionsOf(${JSON.stringify(large)}) });
      while (readdirSync(${JSON.stringify(large.outFolder)}).length === 0) await setTimeout(1);
      await worker.terminate();
      const { bytes } = await freeze(optionsOf(${JSON.stringify(small)}));
      console.log(bytes);
    `);
    expect([code, signal, stderr]).toEqual([0, null, '']);
    expect(Number(stdout)).toBeGreaterThan(100);
    expect(namesIn(large.outFolder)).toEqual([]);
  });

  // What a process has written, the kernel tells; macOS does not.
  it.runIf(existsSync('/proc/self/io'))(
    'that are terminated do not write to the end, and leave the old target',
    { timeout: 60_000 },
    async () => {
      const size = 2 ** 31 - 2 ** 20;
      const { graph, checkpoint, out, outFolder } = placed(largeModel(size));
      writeFileSync(out, 'the old one');
      const { code, signal, stdout, stderr } = await runModule(`
      import { readdirSync, readFileSync } from 'node:fs';
      import { setTimeout } from 'node:timers/promises';
      import { Worker } from 'node:worker_threads';
      import { liveHandles } from 'permafrost';
      const source = \`
        import { workerData } from 'node:worker_threads';
        import { freeze } from 'permafrost';
        await freeze(workerData);
      \`;
      const workerData = { ...${JSON.stringify({ graph, checkpoint, out })}, outputs: 'y', threads: 1 };
      const worker = new Worker(source, { eval: true, execArgv: ['--input-type=module'], workerData });
      while (readdirSync(${JSON.stringify(outFolder)}).length === 1) await setTimeout(1);
      await worker.terminate();
      const written = Number(/wchar: (\\d+)/.exec(readFileSync('/proc/self/io', 'latin1'))[1]);
      console.log(JSON.stringify({ written, left: liveHandles() }));
    `);
      expect([code, signal, stderr]).toEqual([0, null, '']);
      const { written, left } = JSON.parse(stdout);
      expect(written).toBeLessThan(size / 2);
      expect(left).toEqual({ checkpoints: 0, streams: 0, jobs: 0 });
      expect(namesIn(outFolder)).toEqual(['frozen.pb']);
      expect(readFileSync(out, 'latin1')).toBe('the old one');
    },
  );
});
