// What users do with the addon, ends that are errors among it: scripts/test-leaks.mjs looks at what stays allocated.
// Arguments: a folder to write to, and a device plugin.
import { copyFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { freeze, liveHandles, openCheckpoint, registerDevicePlugin } from 'permafrost';
import { writeBundle } from '../support/write-bundle.mjs';

const [folder, plugin] = process.argv.slice(2);
const demo = {
  graph: 'examples/demo/graph.pb',
  checkpoint: 'examples/demo/model.ckpt-200',
  outputs: ['inference/probabilities'],
};
const v1 = 'test/native/fixtures/every-dtype-v1.ckpt';
let count = 0;
const codes = {};

/** What the exercise is for has to happen: another outcome than the one that was meant leaves its path untrodden. */
function tell(outcome, expected) {
  if (outcome !== expected) throw new Error(`expected ${expected}, and it was ${outcome}`);
  codes[outcome] = (codes[outcome] ?? 0) + 1;
}

async function tryTo(expected, options) {
  const outcome = await freeze({ ...demo, out: join(folder, `out-${count++}`), ...options }).then(
    () => 'done',
    (error) => error.code,
  );
  tell(outcome, expected);
}

/** What tools do with a checkpoint: all of it, parts, what is left early, and what is closed in the middle. */
async function readAll(path, damaged) {
  const checkpoint = await openCheckpoint(path);
  let wrong = 0;
  for (const { name } of checkpoint) {
    await checkpoint.read(name).catch(({ code }) => {
      tell(code, 'CHECKSUM_MISMATCH');
      wrong++;
    });
    await checkpoint.read(name, { start: 0, count: 0 });
    for await (const _ of checkpoint.stream(name, { chunkBytes: 4 })) break;
  }
  const report = await checkpoint.verify();
  tell(`${wrong} and ${report.damaged.length} damaged`, `${damaged} and ${damaged} damaged`);
  const verified = checkpoint.verify().catch(({ code }) => code);
  await checkpoint.close();
  tell(await verified, 'ABORTED');
}

/** A worker that is terminated while it writes, streams and reads: `shares` tells when it does. */
async function terminate() {
  const source = `
    import { Writable } from 'node:stream';
    import { workerData } from 'node:worker_threads';
    import { freeze, openCheckpoint } from 'permafrost';
    const { demo, shares, path } = workerData;
    const write = () => {
      Atomics.store(shares, 0, 1);
      Atomics.notify(shares, 0);
    };
    const checkpoint = await openCheckpoint(path);
    for await (const _ of checkpoint.stream('w', { chunkBytes: 4 })) break;
    await checkpoint.stream('w', { chunkBytes: 4 }).next();
    checkpoint.verify();
    await freeze({ ...demo, out: new Writable({ write }) });
  `;
  const shares = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { demo, shares, path: zeros };
  const worker = new Worker(source, { eval: true, execArgv: ['--input-type=module'], workerData });
  worker.on('error', (error) => {
    throw error;
  });
  const { value } = Atomics.waitAsync(shares, 0, 0);
  await value;
  await worker.terminate();
  tell('terminated', 'terminated');
}

if (plugin) {
  try {
    registerDevicePlugin(plugin);
  } catch {
    // It has no targets, and so is refused; what it has lost is lost.
  }
}

// A checkpoint of zeros whose checksum is wrong, one that is cut, and one whose bytes are all others.
const zeros = join(folder, 'zeros');
writeBundle(zeros, [{ key: 'w', dtype: 1, shape: [1 << 20], bytes: Buffer.alloc(1 << 22), crc32c: 1 }]);
const cut = join(folder, 'cut');
for (const suffix of ['.index', '.data-00000-of-00001']) copyFileSync(demo.checkpoint + suffix, cut + suffix);
truncateSync(`${cut}.index`, 100);
const damaged = join(folder, 'damaged');
for (const suffix of ['.index', '.data-00000-of-00001']) copyFileSync(demo.checkpoint + suffix, damaged + suffix);
const shard = readFileSync(`${damaged}.data-00000-of-00001`);
writeFileSync(
  `${damaged}.data-00000-of-00001`,
  shard.map((byte) => byte ^ 0x55),
);
writeFileSync(join(folder, 'no-graph'), 'nonsense');

/** Two variables of the fixture that TensorFlow wrote, one of them in slices. */
const ofV1 = join(folder, 'v1.pbtxt');
writeFileSync(
  ofV1,
  `node { name: "float32" op: "VariableV2" ${attributes(2, 3)} }
   node { name: "sliced" op: "VariableV2" ${attributes(3, 2)} }
   node { name: "y" op: "AddN" input: "float32" input: "sliced" }`,
);

function attributes(...sizes) {
  const dims = sizes.map((size) => `dim { size: ${size} }`).join(' ');
  return `attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { ${dims} } } }`;
}

for (let round = 0; round < 3; round++) {
  await tryTo('done', {});
  await tryTo('done', { weights: 'int8' });
  await tryTo('done', { weights: 'float16', layout: 'memmapped' });
  await tryTo('done', { layout: 'saved-model' });
  await tryTo('done', { dryRun: true });
  await tryTo('done', { place: ['npu:0', 'cpu'] });
  await tryTo('OUTPUT_NOT_FOUND', { outputs: ['nowhere'] });
  await tryTo('CHECKPOINT_MALFORMED', { checkpoint: cut });
  await tryTo('CHECKPOINT_NOT_FOUND', { checkpoint: join(folder, 'missing') });
  await tryTo('VARIABLE_NOT_IN_CHECKPOINT', { checkpoint: zeros });
  await tryTo('CHECKSUM_MISMATCH', { checkpoint: damaged });
  await tryTo('CHECKSUM_MISMATCH', { checkpoint: damaged, out: undefined, inMemory: true });
  await tryTo('done', { graph: ofV1, checkpoint: v1, outputs: ['float32', 'sliced'] });
  await tryTo('WRONG_FILE_KIND', { graph: join(folder, 'no-graph') });
  await tryTo('WRITE_FAILED', { out: join(folder, 'no-folder', 'out') });
  await tryTo('ABORTED', { signal: AbortSignal.abort() });
  const ending = new AbortController();
  const write = () => ending.abort();
  await tryTo('ABORTED', { out: new Writable({ write }), signal: ending.signal });
  await tryTo('done', { out: undefined, inMemory: true });
  await tryTo('done', { out: new PassThrough().resume() });
  await tryTo('WRITE_FAILED', { out: new PassThrough().destroy() });
  await terminate();
  for (const path of [demo.checkpoint, v1, 'test/native/fixtures/every-dtype']) await readAll(path, 0);
  await readAll(zeros, 1);
}
const held = JSON.stringify(liveHandles());
if (Object.values(liveHandles()).some((count) => count > 0)) throw new Error(`still held: ${held}`);
console.log(JSON.stringify(codes));
