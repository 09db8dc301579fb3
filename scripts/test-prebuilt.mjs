// `npm run test:prebuilt`: holds what `npm run build:prebuilt` has made against what is promised of it. Ends with an error if
// anything fails; says what this machine lacks to try.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root, run } from './lib/run.mjs';
import { machines } from './prebuilt/machines.mjs';
import { oldestGlibc, staysLoaded, unmetRequirements } from './prebuilt/requirements.mjs';

const prebuilds = join(root, 'prebuilds');
const demo = join(root, 'examples', 'demo');
const here = [process.execPath];
const binaries = existsSync(prebuilds)
  ? readdirSync(prebuilds, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.node'))
  : [];
if (binaries.length === 0) {
  console.error('there are no binaries in prebuilds: run `npm run build:prebuilt` first.');
  process.exit(1);
}

let failed = 0;
function report(what, problem) {
  if (problem !== undefined) failed++;
  console.log(`${problem === undefined ? 'ok    ' : 'FAILED'} ${what}${problem === undefined ? '' : `: ${problem}`}`);
}

for (const name of binaries.filter((each) => each.startsWith('linux-')).sort()) {
  const unmet = unmetRequirements(join(prebuilds, name));
  const problem = unmet.length === 0 ? undefined : `needs ${unmet.join(', ')}`;
  const libc = name.endsWith('.musl.node') ? 'musl' : `glibc ${oldestGlibc} or older`;
  report(`${name} needs nothing but ${libc}`, problem);
  report(`${name} stays loaded`, staysLoaded(join(prebuilds, name)) ? undefined : 'its flags lack NODELETE');
}

const shipped = join(root, 'build', 'prebuilt', 'package');
rmSync(shipped, { recursive: true, force: true });
mkdirSync(shipped, { recursive: true });
for (const name of ['package.json', 'dist', 'prebuilds'])
  cpSync(join(root, name), join(shipped, name), { recursive: true });

for (const { name, binary, missing, command } of machines) {
  const lacking = binaries.includes(binary) ? missing() : `prebuilds/${binary}`;
  if (lacking !== undefined) console.log(`left out: the demo on ${name}, for lack of ${lacking}`);
  else report(`the demo is frozen to the same bytes on ${name}`, compareDemo(command()));
}

// In the end, because its output is long: the package with these binaries, as npm installs it.
run(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', 'test/process/package.test.ts'], {
  env: { ...process.env, PERMAFROST_PREBUILDS: prebuilds },
});
process.exitCode = failed > 0 ? 1 : 0;

/** With weights of all types, as what converts them depends on the processor. @returns what is wrong, if anything */
function compareDemo(command) {
  for (const type of ['float32', 'float16', 'bfloat16', 'int8']) {
    const expected = type === 'float32' ? readFileSync(join(demo, 'frozen-by-tensorflow.pb')) : freezeDemo(here, type);
    if (!freezeDemo(command, type).equals(expected)) return `other bytes for ${type}`;
  }
  return undefined;
}

function freezeDemo([command, ...args], type) {
  const out = join(shipped, 'demo.pb');
  rmSync(out, { force: true });
  const inputs = ['--graph', join(demo, 'graph.pb'), '--checkpoint', join(demo, 'model.ckpt-200')];
  const outputs = ['--outputs', 'inference/probabilities', '--weights', `*=${type}`, '--out', out];
  run(command, [...args, join(shipped, 'dist', 'cli', 'permafrost.js'), 'freeze', ...inputs, ...outputs], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return readFileSync(out);
}
