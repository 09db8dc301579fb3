// Measures freezing against copying the same bytes and against TensorFlow's own freeze_graph.
//
//   npm run bench [-- --quick] [part-of-a-model's-name]
//
// `--quick` leaves the large models and TensorFlow out. Only a whole run writes bench/results.md. TensorFlow is taken from the
// virtual environment that PERMAFROST_TENSORFLOW_VENV names, or from build/tensorflow-venv.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { alternate, measureAfresh } from './measure.mjs';
import { prepareModels } from './models.mjs';
import { report } from './report.mjs';

const root = path.resolve(import.meta.dirname, '..');
const targets = path.join(root, 'build', 'bench-targets');
const command = path.join(root, 'dist', 'cli', 'freeze-graph.js');
const quick = process.argv.includes('--quick');
const filter = process.argv.slice(2).find((argument) => argument !== '--quick') ?? '';

if (!existsSync(command)) {
  console.error(`Expected ${path.relative(root, command)} but it is not there; run npm run build first.`);
  process.exit(1);
}
const python = quick ? undefined : findTensorFlow();
mkdirSync(targets, { recursive: true });
const [load] = os.loadavg();
const results = [];
for (const model of prepareModels(root, quick, filter)) {
  console.error(`measuring ${model.name} …`);
  results.push(await measureModel(model));
}
rmSync(targets, { recursive: true });
const text = `${report(results, root, load)}\n`;
console.log(text);
if (!quick && filter === '') writeFileSync(path.join(root, 'bench', 'results.md'), text);

async function measureModel(model) {
  const copied = path.join(targets, 'copied');
  const ours = path.join(targets, 'permafrost.pb');
  const theirs = path.join(targets, 'tensorflow.pb');
  const contestants = [
    model.weights
      ? { what: 'cp', command: 'cp', args: [model.data, copied], target: copied }
      : { what: 'empty Node program', command: process.execPath, args: ['-e', ''], target: copied },
    { what: 'permafrost', command: process.execPath, args: [command, ...flags(model, ours)], target: ours },
  ];
  const runs = await alternate(contestants, model.rounds);
  const rows = contestants.map(({ what }, index) => ({ what, runs: runs[index] }));
  if (python && model.tensorflow) {
    const args = ['-m', 'tensorflow.python.tools.freeze_graph', '--input_binary', ...flags(model, theirs)];
    const tensorflow = { command: python, args, target: theirs };
    const runs = [];
    for (let run = 0; run < model.tensorflow; run++) runs.push(await measureAfresh(tensorflow));
    rows.push({ what: 'TensorFlow', runs });
  }
  const sizes = { graph: sizeOf(model.graph), data: sizeOf(model.data), frozen: sizeOf(ours) };
  const verified = verify(sizes, ours, model.expected ?? theirs);
  for (const { target } of [...contestants, { target: theirs }]) rmSync(target, { force: true });
  return { model, sizes, rows, verified };
}

function flags({ graph, checkpoint, output }, target) {
  return [
    `--input_graph=${graph}`,
    `--input_checkpoint=${checkpoint}`,
    `--output_node_names=${output}`,
    `--output_graph=${target}`,
  ];
}

/** A figure for a wrong file would be worth nothing. */
function verify({ graph, data, frozen }, ours, expected) {
  if (existsSync(expected)) {
    if (spawnSync('cmp', [ours, expected]).status !== 0) throw new Error(`${ours} is not what TensorFlow writes`);
    return 'the same bytes as TensorFlow writes';
  }
  if (frozen < data || frozen > data + graph) throw new Error(`${ours} has ${frozen} bytes, its tensors ${data}`);
  return 'of the right size';
}

function sizeOf(file) {
  return statSync(file).size;
}

function findTensorFlow() {
  const venv = process.env.PERMAFROST_TENSORFLOW_VENV || path.join(root, 'build', 'tensorflow-venv');
  const found = path.join(venv, 'bin', 'python');
  if (existsSync(found)) return found;
  console.error(
    'TensorFlow is left out: npm run test:tensorflow installs it, or name it in PERMAFROST_TENSORFLOW_VENV.',
  );
  return undefined;
}
