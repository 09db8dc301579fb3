// Freezes the SavedModels that generate_models.py made for TensorFlow.js, and runs them there.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { chooseBackend, difference, loadTfjs, runTfjs } from '../../test/support/tfjs.mjs';
import { readModels } from './models.mjs';

/** Returns one result a model: { name, tensorflow, permafrost, bytes, passed }. `freeze` is that of own-freeze.mjs. */
export async function compareGraphModels(directory, freeze) {
  await chooseBackend('cpu');
  const results = [];
  // One after the other: they share the backend, and the largest take some memory.
  for (const each of readModels(directory)) results.push(await compareGraphModel(each, freeze));
  return results;
}

async function compareGraphModel(model, freeze) {
  const fault = model.problem ?? (await faultOf(model, freeze));
  const told = model.tfjsLacks ? `refused: ${model.tfjsLacks}` : 'same numbers';
  return {
    name: `tfjs_${model.name}`,
    tensorflow: 'ok',
    permafrost: fault ? `FAILED ${fault}` : told,
    bytes: undefined,
    passed: !fault,
  };
}

/** What is wrong, or undefined. */
async function faultOf(model, freeze) {
  const error = await freeze(model, 'tfjs', { layout: 'tfjs' });
  const { tfjsLacks: lacks } = model;
  if (lacks) {
    if (!error) return `was expected to be refused for ${lacks}, and was frozen`;
    // Types of weights are options of the call, all else is in the model.
    return /UNSUPPORTED|INVALID_ARGUMENT: What reads the layout 'tfjs' has no/.test(error) && error.includes(lacks)
      ? undefined
      : error;
  }
  if (error) return error;
  const { feeds, fetches } = JSON.parse(readFileSync(path.join(model.folder, 'numbers.json'), 'utf8'));
  try {
    const loaded = await loadTfjs(path.join(model.folder, 'tfjs'));
    const fetched = await runTfjs(loaded, feeds);
    loaded.dispose();
    return difference(fetches, fetched, model.tfjsRtol);
  } catch (problem) {
    return problem.message.split('\n')[0];
  }
}
