// What users do with the addon, ends that are errors among it: scripts/test-leaks.mjs looks at what stays allocated.
// Arguments: a folder to write to, and a device plugin.
import { copyFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freeze, registerDevicePlugin } from 'permafrost';
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

async function tryTo(options) {
  const code = await freeze({ ...demo, out: join(folder, `out-${count++}`), ...options }).then(
    () => 'done',
    (error) => error.code,
  );
  codes[code] = (codes[code] ?? 0) + 1;
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
}
console.log(JSON.stringify(codes));
