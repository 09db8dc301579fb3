// Freezes a model of 3 GB, one variable of 2.2 GB among them, in the layouts that can hold it, and runs it in TensorFlow;
// of the layout tfjs, whose loader wants all weights in one buffer, the bytes are compared with the checkpoint's.
//
//   npm run test:large
//
// It takes 6 GB of disk in build/, 6 GB of memory and about a minute, so it is no part of the other tests.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { root } from './lib/run.mjs';
import { buildRunPackages } from './tensorflow/layouts.mjs';
import { findPython, runPython } from './tensorflow/python.mjs';

const permafrost = path.join(root, 'dist', 'cli', 'permafrost.js');
if (!existsSync(permafrost)) {
  console.error('Expected the package to be built; run npm run build first.');
  process.exit(1);
}
const tests = path.join(root, 'test', 'tensorflow');
const python = findPython(root, tests);
const folder = path.join(root, 'build', 'large-model');
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });

const large = (...args) => runPython(python, [path.join(tests, 'large.py'), ...args]).trim();
console.log(`live session: ${large('live', folder)}`);

const mapped = freeze('mmap', 'mapped');
console.log(`mmap: ${large('mmap', path.join(mapped, 'graph.pb'), folder)}`);
rmSync(mapped, { recursive: true });

freeze('memmapped', 'packed');
// As in Python: other kernels round otherwise.
const env = { ...process.env, TF_ENABLE_ONEDNN_OPTS: '0', TF_CPP_MIN_LOG_LEVEL: '3' };
execFileSync(buildRunPackages(root, python), ['run', folder], { stdio: 'pipe', env });
console.log(`memmapped: ${large('packed', folder)}`);
rmSync(path.join(folder, 'packed'));

console.log(`tfjs: ${large('tfjs', freeze('tfjs', 'web'), folder)}`);
rmSync(folder, { recursive: true });

/** Returns the target's path. */
function freeze(layout, name) {
  const out = path.join(folder, name);
  const sources = ['--graph', path.join(folder, 'graph.pb'), '--checkpoint', path.join(folder, 'model.ckpt')];
  const args = ['freeze', ...sources, '--outputs', 'output', '--layout', layout, '--out', out];
  execFileSync(process.execPath, [permafrost, ...args], { stdio: 'inherit' });
  return out;
}
