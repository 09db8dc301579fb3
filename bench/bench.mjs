// The command `npm run bench`: what freezing costs, against `cp` of the same bytes and TensorFlow's own tool.
import { existsSync, mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { neededSpace, requireSpace } from './disk-space.mjs';
import { alternate } from './measuring/alternate.mjs';
import { findTensorFlow } from './measuring/tensorflow.mjs';
import { prepareModel } from './models/prepare.mjs';
import { readOptions } from './options.mjs';
import { parts } from './parts.mjs';
import { describeMachine, loadNow } from './report/machine.mjs';
import { resultsPage } from './report/results.mjs';
import { resultsPlot } from './report/results-plot.mjs';

const root = path.resolve(import.meta.dirname, '..');
const modelsFolder = path.join(root, 'build', 'bench-models');
const targets = path.join(root, 'build', 'bench-targets');

try {
  const options = readOptions(process.argv.slice(2), Object.keys(parts));
  if (options.help) help();
  else await bench(options);
} catch (error) {
  console.error(`bench: ${error.message}`);
  process.exitCode = 1;
}

function help() {
  console.log(`npm run bench -- [--quick] [--only PART,PART…]

  --quick  smaller models and fewer rounds, about a minute
  --only   some of the parts:
${Object.entries(parts)
  .map(([name, { about }]) => `           ${name.padEnd(10)} ${about}`)
  .join('\n')}

A run of all parts writes bench/results.md and bench/results.svg, any other build/bench-results/. TensorFlow is that of
PERMAFROST_TENSORFLOW_VENV or of build/tensorflow-venv. Models stay in build/bench-models for the next run.`);
}

async function bench({ quick, only }) {
  const start = performance.now();
  const tensorflow = findTensorFlow(root);
  if (!tensorflow)
    console.error(
      'TensorFlow is left out: `npm run test:tensorflow` installs it, or name it in PERMAFROST_TENSORFLOW_VENV.',
    );
  const chosen = only.flatMap((part) => parts[part].cases({ quick, tensorflow }).map((each) => ({ ...each, part })));
  removeTargetsAtTheEnd();
  mkdirSync(modelsFolder, { recursive: true });
  const { bavail, bsize } = statfsSync(modelsFolder);
  const isThere = ({ name }) => existsSync(path.join(modelsFolder, name));
  requireSpace(neededSpace(chosen, isThere), bavail * bsize, path.dirname(modelsFolder));

  const load = loadNow();
  const results = [];
  for (const each of chosen) results.push(await measureCase(each));
  const isWhole = !quick && only.length === Object.keys(parts).length;
  const machine = describeMachine({ root, folder: modelsFolder, tensorflow, load });
  const minutes = (performance.now() - start) / 60_000;
  const folder = isWhole ? path.join(root, 'bench') : path.join(root, 'build', 'bench-results');
  writeResults(folder, results, machine, minutes);
}

/** However this process ends. */
function removeTargetsAtTheEnd() {
  process.once('exit', () => rmSync(targets, { recursive: true, force: true }));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1));
}

async function measureCase({ part, title, models, contestants, rounds, warmUp }) {
  const prepared = models.map((model) => {
    console.error(`${part}: preparing ${model.name} …`);
    return prepareModel(modelsFolder, model);
  });
  console.error(`${part}: measuring ${title} …`);
  const rows = await alternate(contestants(...prepared), { rounds, warmUp, folder: targets });
  return { part, title, weights: models[0]?.bytes, rows };
}

function writeResults(folder, results, machine, minutes) {
  const page = resultsPage(results, { machine, minutes, command: `npm run bench ${commandLine()}`.trim() });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'results.md'), page);
  const plot = resultsPlot(results);
  if (plot) writeFileSync(path.join(folder, 'results.svg'), plot);
  console.log(page);
  console.error(`written to ${path.relative(root, folder)}`);
}

function commandLine() {
  const given = process.argv.slice(2);
  return given.length === 0 ? '' : `-- ${given.join(' ')}`;
}
