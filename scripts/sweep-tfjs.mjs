// Holds TensorFlow.js on its CPU and WASM backends against TensorFlow, op by op, over types, attributes and shapes: what
// the layout `tfjs` writes must give the same numbers, or be known. With --write, lays down the cases of the tests: for
// each row of the table of differences the smallest that shows it, and for each of its ops the smallest that is the same.
// Needs the Python of the comparison with TensorFlow.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { rolldown } from 'rolldown';
import { root, run } from './lib/run.mjs';
import { chooseCases } from './sweep-tfjs/choose-cases.mjs';
import { knownReason } from './sweep-tfjs/known.mjs';
import { findPython } from './tensorflow/python.mjs';

const build = (name) => path.join(root, 'build', name);
const [computed, models] = [build('sweep-tfjs.jsonl'), build('sweep-tfjs-models.jsonl')];
const tests = path.join(root, 'test', 'tensorflow');
run(findPython(root, tests), [path.join(tests, 'tfjs', 'sweep.py'), computed]);

const { graphModel, differences, tfjsOps } = await ownCode();
const cases = readFileSync(computed, 'utf8')
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line));
for (const each of cases) {
  try {
    each.model = await graphModel(Buffer.from(each.graph, 'base64'), each.outputs);
    each.refusal = each.model.refusal;
  } catch (error) {
    each.refusal = error.message;
  }
}
const written = cases.filter(({ model }) => model);
writeFileSync(models, written.map(modelLine).join('\n'));
for (const backend of ['cpu', 'wasm']) {
  const faults = faultsOn(backend, written.length);
  for (const [index, each] of written.entries()) each[backend] = faults[index];
}

const missed = written.filter((each) => !each.refusal && isDifferent(each) && !knownReason(each));
const needless = written.filter((each) => each.refusal && !isDifferent(each)).length;
const refused = cases.filter(({ refusal }) => refusal).length;
for (const { title, cpu, wasm } of missed) console.log(`${title}\n  cpu: ${cpu ?? 'same'}\n  wasm: ${wasm ?? 'same'}`);
console.log(
  `${cases.length} cases: ${refused} refused, of which ${needless} would have been the same with these numbers; ` +
    `${missed.length} written that are different.`,
);
const swept = new Set(cases.map(({ op }) => op));
const left = Array.from(tfjsOps).filter((op) => !swept.has(op));
console.log(`Ops without a case: ${left.join(' ')}.`);
if (process.argv.includes('--write')) {
  const chosen = chooseCases(
    written.filter((each) => each.refusal || !knownReason(each)),
    differences,
    isDifferent,
  );
  const target = path.join(root, 'test', 'layouts', 'tfjs', 'sweep-cases.jsonl');
  writeFileSync(target, chosen.map((each) => `${JSON.stringify(each)}\n`).join(''));
}
process.exit(missed.length > 0 ? 1 : 0);

/** A backend that lacks a kernel says so; wrong numbers nobody sees. */
function isDifferent({ cpu, wasm }) {
  return Boolean(cpu) || Boolean(wasm && !wasm.startsWith('fails'));
}

function modelLine({ feeds, fetches, model: { json, weights } }) {
  return JSON.stringify({ feeds, fetches, json, weights: Buffer.from(weights).toString('base64') });
}

/** One process after the other, since some cases break the backend. */
function faultsOn(backend, count) {
  const faults = [];
  while (faults.length < count) {
    const args = ['scripts/sweep-tfjs/run-cases.mjs', backend, models, String(faults.length)];
    const { stdout } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 28 });
    const lines = stdout.split('\n').filter((line) => /^(null|")/.test(line));
    faults.push(...lines.map((line) => JSON.parse(line)));
    if (lines.length === 0) faults.push('fails: the process ended');
  }
  return faults;
}

/** The layout's own code, which is TypeScript. */
async function ownCode() {
  const bundle = await rolldown({
    cwd: root,
    input: 'test/support/graph-model.ts',
    platform: 'node',
  });
  const file = build('graph-model.mjs');
  await bundle.write({ file, format: 'esm', codeSplitting: false });
  return import(file);
}
