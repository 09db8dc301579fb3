// Freezes a model of 3 GB, one variable of 2.2 GB among them, in the layouts that can hold it, and runs it in TensorFlow.
//
//   npm run test:large
//
// It takes 12 GB of disk in build/, 5 GB of memory and some minutes, so it is no part of the other tests.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { prepareLargeModel } from './large/model.mjs';
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
const model = prepareLargeModel(path.join(root, 'build', 'large-model'));
const results = path.join(root, 'build', 'large-results');
rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const large = (...args) => runPython(python, [path.join(tests, 'large.py'), ...args]).trim();
console.log(`live session: ${large('live', model.graph, model.checkpoint, results)}`);

const mapped = freeze('mmap', 'mapped');
console.log(`mmap: ${large('mmap', path.join(mapped, 'graph.pb'), results)}`);
rmSync(mapped, { recursive: true });

freeze('memmapped', 'packed');
// As in Python: other kernels round otherwise.
const env = { ...process.env, TF_ENABLE_ONEDNN_OPTS: '0', TF_CPP_MIN_LOG_LEVEL: '3' };
execFileSync(buildRunPackages(root, python), ['run', results], { stdio: 'pipe', env });
console.log(`memmapped: ${large('packed', results)}`);
rmSync(results, { recursive: true });

/** Returns the target's path. */
function freeze(layout, name) {
  const out = path.join(results, name);
  const { graph, checkpoint } = model;
  const args = ['freeze', '--graph', graph, '--checkpoint', checkpoint, '--outputs', 'output', '--layout', layout];
  execFileSync(process.execPath, [permafrost, ...args, '--out', out], { stdio: 'inherit' });
  return out;
}
