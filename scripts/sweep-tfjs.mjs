// Holds TensorFlow.js against TensorFlow, op by op, over types, attributes and shapes: what the layout `tfjs` writes must
// give the same numbers, and what it refuses must not. Needs the Python of the comparison with TensorFlow.
import { readFileSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { root, run } from './lib/run.mjs';
import { findPython } from './tensorflow/python.mjs';

const cases = path.join(root, 'build', 'sweep-tfjs.jsonl');
const tests = path.join(root, 'test', 'tensorflow');
if (!process.env.SWEEP_KEEP) run(findPython(root, tests), [path.join(tests, 'tfjs', 'sweep.py'), cases]);

/** The layout's own code, which is TypeScript. */
const bundle = await rolldown({
  cwd: root,
  input: 'test/support/graph-model.ts',
  platform: 'node',
  external: ['node-gyp-build'],
});
const bundled = path.join(root, 'build', 'graph-model.mjs');
await bundle.write({ file: bundled, format: 'esm', codeSplitting: false });
const { graphModel } = await import(bundled);

const models = path.join(root, 'build', 'sweep-models.jsonl');
const lines = readFileSync(cases, 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));
const results = [];
const runnable = [];
for (const { op, title, graph, outputs, feeds, fetches } of lines) {
  const result = { op, title };
  results.push(result);
  try {
    const { refusal, json, weights } = await graphModel(Buffer.from(graph, 'base64'), outputs);
    result.refusal = refusal;
    runnable.push({ result, line: JSON.stringify({ feeds, fetches, json, weights: Buffer.from(weights).toString('base64') }) });
  } catch (error) {
    result.refusal = error.message;
  }
}
writeFileSync(models, runnable.map(({ line }) => line).join('\n'));
for (const backend of ['cpu', 'wasm']) {
  for (let done = 0; done < runnable.length; ) {
    const { stdout } = spawnSync('node', ['scripts/sweep-tfjs/run-cases.mjs', backend, models, String(done)], { cwd: root, encoding: 'utf8', maxBuffer: 1 << 28 });
    const faults = stdout.split('\n').filter((line) => /^(null|")/.test(line)).map((line) => JSON.parse(line));
    if (faults.length === 0) faults.push('crashes');
    for (const fault of faults) runnable[done++].result[backend] = fault;
  }
}
writeFileSync(path.join(root, 'build', 'sweep-results.jsonl'), results.map((each) => JSON.stringify(each)).join('\n'));
