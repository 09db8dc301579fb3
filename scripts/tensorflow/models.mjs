// Freezes the SavedModels that generate_models.py made, each in five ways, and judges them.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const TIMEOUT = 60_000;

/**
 * Returns one result a model: { name, tensorflow, permafrost, bytes, passed }.
 * `commands` are the paths of our two commands; `check` gives the first error in a file; `verify` runs
 * our graphs in TensorFlow, and `verifySaved` our SavedModels.
 */
export async function compareModels(directory, commands, check, { verify, verifySaved }) {
  const models = readModels(directory);
  await runAll(
    models.filter(({ problem }) => !problem),
    async (each) => {
      each.problem = (await freezeInAllWays(each, commands)) ?? (await checkAll(each, check));
    },
  );
  const frozen = models.filter(({ problem }) => !problem).map(({ name }) => name);
  const verified = frozen.length > 0 ? verify(frozen) : {};
  const saved = frozen.length > 0 ? verifySaved(frozen) : {};
  return models.map((each) => result(each, verified[each.name], saved[each.name]));
}

/** Does a job for each model, some at a time. */
export async function runAll(models, job) {
  const queue = [...models];
  const worker = async () => {
    for (let each = queue.shift(); each; each = queue.shift()) await job(each);
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, worker));
}

export function readModels(directory) {
  const folders = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map(({ name }) => path.join(directory, name))
    .sort()
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(path.join(folder, 'model.json'), 'utf8')) }));
}

function result({ name, problem, folder }, verified, savedFault) {
  // A model that was not verified has not passed.
  const fault = problem ?? (verified && savedFault !== undefined ? (verified.fault ?? savedFault) : 'not verified');
  return {
    name,
    tensorflow: verified?.tensorflow ?? '-',
    permafrost: fault ? `FAILED ${fault}` : verified.tensorflow === 'ok' ? 'same, renamed' : 'same numbers',
    bytes: fault ? undefined : readFileSync(path.join(folder, 'kept.pb')).length,
    passed: !fault,
  };
}

/** @returns what is wrong, or undefined. */
async function freezeInAllWays(model, { permafrost, freezeGraph }) {
  return (
    (await ownFreeze(model, permafrost, 'kept.pb')) ??
    (await ownFreeze(model, permafrost, 'inlined.pb', '--inline')) ??
    (await ownFreeze(model, permafrost, 'kept_model', '--layout=saved-model')) ??
    (await ownFreeze(model, permafrost, 'inlined_model', '--layout=saved-model', '--inline')) ??
    (await runCommand(model.folder, [freezeGraph, ...model.flags, '--output_graph=parity.pb']))
  );
}

/** Freezes a model with our own command and its own flags, with the report beside it; returns what is wrong, or undefined. */
function ownFreeze({ folder, ownFlags }, permafrost, out, ...more) {
  const args = ['freeze', '--graph', 'saved', ...ownFlags, '--json', '--out', out, ...more];
  return runCommand(folder, [permafrost, ...args], `${path.parse(out).name}.json`);
}

async function checkAll({ folder, tags }, check) {
  for (const file of ['kept.pb', 'inlined.pb', 'parity.pb', 'kept_model', 'inlined_model']) {
    const error = await check(path.join(folder, file), false, file.endsWith('_model') ? tags : undefined);
    if (error) return `the check finds in ${file} ${error}`;
  }
  return undefined;
}

/** Runs one of our commands in a model's folder; what it prints goes to the file `report`. Returns what is wrong. */
function runCommand(folder, args, report) {
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: folder, timeout: TIMEOUT, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      if (report) writeFileSync(path.join(folder, report), stdout);
      resolve(error ? `${path.basename(args[0])}: ${error.signal ?? stderr.trim().split('\n')[0]}` : undefined);
    });
  });
}
