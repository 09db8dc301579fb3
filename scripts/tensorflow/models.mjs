// Freezes the SavedModels that generate_models.py made, each in five ways, and judges them.

import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { runCommand } from './commands.mjs';
import { freezeModel } from './freeze-model.mjs';

/**
 * Returns one result a model: { name, tensorflow, permafrost, bytes, passed }.
 * `check` gives the first error in a file; `verify` runs our graphs in TensorFlow, and `verifySaved` our SavedModels.
 */
export async function compareModels(directory, check, { verify, verifySaved }) {
  const models = readModels(directory);
  await runAll(
    models.filter(({ problem }) => !problem),
    async (each) => {
      each.problem = (await freezeInAllWays(each)) ?? (await checkAll(each, check));
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
async function freezeInAllWays(model) {
  return (
    (await freezeModel(model, 'kept.pb')) ??
    (await freezeModel(model, 'inlined.pb', '--inline')) ??
    (await freezeModel(model, 'kept_model', '--layout=saved-model')) ??
    (await freezeModel(model, 'inlined_model', '--layout=saved-model', '--inline')) ??
    (await freezeInParity(model))
  );
}

async function freezeInParity({ folder, flags }) {
  const { error } = await runCommand('freeze-graph', [...flags, '--output_graph=parity.pb'], folder);
  return error ? `freeze_graph: ${error.message}` : undefined;
}

async function checkAll({ folder, tags }, check) {
  for (const file of ['kept.pb', 'inlined.pb', 'parity.pb', 'kept_model', 'inlined_model']) {
    const error = await check(path.join(folder, file), false, file.endsWith('_model') ? tags : undefined);
    if (error) return `the check finds in ${file} ${error}`;
  }
  return undefined;
}
