// What users do with the addon, ends that are errors among it: scripts/test-leaks.mjs looks at what stays allocated.
// Arguments: a folder to write to, and a device plugin.
import { copyFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
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

function tell(code) {
  codes[code] = (codes[code] ?? 0) + 1;
}

async function tryTo(options) {
  const code = await freeze({ ...demo, out: join(folder, `out-${count++}`), ...options }).then(
    () => 'done',
    (error) => error.code,
  );
  tell(code);
}

/** What tools do with a checkpoint: all of it, parts, what is left early, and what is closed in the middle. */
async function readAll(path) {
  const checkpoint = await openCheckpoint(path);
  for (const { name } of checkpoint) {
    await checkpoint.read(name).catch(({ code }) => tell(code));
    await checkpoint.read(name, { start: 0, count: 0 });
    for await (const _ of checkpoint.stream(name, { chunkBytes: 4 })) break;
  }
  tell(`${(await checkpoint.verify()).damaged.length} damaged`);
  const verified = checkpoint.verify().catch(({ code }) => code);
  await checkpoint.close();
  tell(await verified);
}

if (plugin) {
  try {
    registerDevicePlugin(plugin);
  } catch {
    // It has no targets, and so is refused; what it has lost is lost.
  }
}

// A checkpoint of zeros whose checksum is wrong, and one that is cut.
const zeros = join(folder, 'zeros');
writeBundle(zeros, [{ key: 'w', dtype: 1, shape: [1 << 20], bytes: Buffer.alloc(1 << 22), crc32c: 1 }]);
const cut = join(folder, 'cut');
for (const suffix of ['.index', '.data-00000-of-00001']) copyFileSync(demo.checkpoint + suffix, cut + suffix);
truncateSync(`${cut}.index`, 100);
writeFileSync(join(folder, 'no-graph'), 'nonsense');

for (let round = 0; round < 3; round++) {
  await tryTo({});
  await tryTo({ weights: 'int8' });
  await tryTo({ weights: 'float16', layout: 'memmapped' });
  await tryTo({ layout: 'saved-model' });
  await tryTo({ dryRun: true });
  await tryTo({ place: ['npu:0', 'cpu'] });
  await tryTo({ outputs: ['nowhere'] });
  await tryTo({ checkpoint: cut });
  await tryTo({ checkpoint: join(folder, 'missing') });
  await tryTo({ checkpoint: zeros });
  await tryTo({ checkpoint: v1 });
  await tryTo({ graph: join(folder, 'no-graph') });
  await tryTo({ out: join(folder, 'no-folder', 'out') });
  await tryTo({ signal: AbortSignal.abort() });
  await tryTo({ signal: AbortSignal.timeout(1) });
  await tryTo({ out: undefined, inMemory: true });
  await tryTo({ out: new PassThrough().resume() });
  await tryTo({ out: new PassThrough().destroy() });
  for (const path of [demo.checkpoint, v1, 'test/native/fixtures/every-dtype', zeros]) await readAll(path);
}
const held = JSON.stringify(liveHandles());
if (Object.values(liveHandles()).some((count) => count > 0)) throw new Error(`still held: ${held}`);
console.log(JSON.stringify(codes));
