// Holds our frozen graphs against TensorFlow's own, byte for byte, over every case in test/tensorflow.
//
//   npm run test:tensorflow [-- part-of-a-case's-name]
//
// TensorFlow is installed into build/tensorflow-venv, or taken from the virtual environment that
// PERMAFROST_TENSORFLOW_VENV names. The table of the GPU's kernels is held against the TensorFlow with CUDA in the one
// that PERMAFROST_TENSORFLOW_GPU_VENV names, if any.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { freezeCases, readCases } from './tensorflow/cases.mjs';
import { checkCases, compareChecks, loadCheck } from './tensorflow/checked.mjs';
import { compareCases } from './tensorflow/compare.mjs';
import { compareConstants } from './tensorflow/constants.mjs';
import { compareOpDefaults, compareOpSignatures, compareSchema } from './tensorflow/generated.mjs';
import { compareKernels } from './tensorflow/kernels.mjs';
import { buildRunPackages, compareLayouts } from './tensorflow/layouts.mjs';
import { compareModels } from './tensorflow/models.mjs';
import { loadFreeze } from './tensorflow/own-freeze.mjs';
import { comparePlaced, compareResnet50 } from './tensorflow/placed.mjs';
import { findPython, runPython, startPython } from './tensorflow/python.mjs';
import { printSummary, printTable } from './tensorflow/report.mjs';
import { compareSavedCases } from './tensorflow/saved-cases.mjs';
import { compareGraphModels } from './tensorflow/tfjs.mjs';
import { compareTraining } from './tensorflow/training.mjs';

const root = path.resolve(import.meta.dirname, '..');
const tests = path.join(root, 'test', 'tensorflow');
const directory = path.join(root, 'build', 'tensorflow-cases');
const modelDirectory = path.join(root, 'build', 'tensorflow-models');
const trainingDirectory = path.join(root, 'build', 'training-graphs');
const freezeGraph = path.join(root, 'dist', 'cli', 'freeze-graph.js');
const filter = process.argv[2] ?? '';

if (!existsSync(freezeGraph)) {
  console.error(`Expected ${path.relative(root, freezeGraph)} but it is not there; run npm run build first.`);
  process.exit(1);
}

const python = findPython(root, tests);
const verifyWith = (script, folder) => (names) =>
  JSON.parse(runPython(python, [path.join(tests, script), folder, ...names]));
// Each generator keeps one processor busy; those that are needed later go on beside the first cases.
const generate = (script, folder) => {
  const started = startPython(python, [path.join(tests, script), folder, filter]);
  // It is waited for below; until then, a failure is nobody's.
  started.catch(() => {});
  return started;
};
const models = generate('generate_models.py', modelDirectory);
const training = generate('generate_training.py', trainingDirectory);
runPython(python, [path.join(tests, 'generate.py'), directory, filter]);
const cases = readCases(directory);
await freezeCases(cases);
const check = await loadCheck(root);
await checkCases(cases, check);
const results = compareCases(cases, {
  verify: verifyWith('verify.py', directory),
  diff: (folder) => runPython(python, [path.join(tests, 'diff.py'), folder]),
});
results.push(...(await compareSavedCases(root, cases, verifyWith('verify_saved_cases.py', directory))));
await models;
const verifyModels = {
  verify: verifyWith('verify_models.py', modelDirectory),
  verifySaved: verifyWith('verify_saved_models.py', modelDirectory),
};
results.push(...(await compareModels(modelDirectory, check, verifyModels)));
const verifyLayouts = (names) => {
  const program = buildRunPackages(root, python);
  return JSON.parse(runPython(python, [path.join(tests, 'verify_layouts.py'), modelDirectory, program, ...names]));
};
results.push(...(await compareLayouts(modelDirectory, check, { verify: verifyLayouts, filter })));
results.push(...(await compareGraphModels(modelDirectory, await loadFreeze(root))));
const verifyConstants = verifyWith('verify_constants.py', modelDirectory);
results.push(...(await compareConstants(modelDirectory, { verify: verifyConstants, filter })));
const verifyPlaced = (folder, names) => verifyWith('verify_placed.py', folder)(names);
results.push(...(await comparePlaced(root, { cases, modelDirectory, filter }, verifyPlaced)));
results.push(...(await compareResnet50(root, modelDirectory, filter)));
await training;
const verifyTraining = verifyWith('verify_training.py', trainingDirectory);
results.push(...(await compareTraining(root, trainingDirectory, check, verifyTraining)));
const refuse = (files) => JSON.parse(runPython(python, [path.join(tests, 'refuse.py'), ...files]));
results.push(...(await compareChecks(root, filter, check, refuse)));
results.push(await compareOpDefaults(root, () => runPython(python, [path.join(tests, 'op_defaults.py')])));
results.push(await compareOpSignatures(root, () => runPython(python, [path.join(tests, 'op_registry.py')])));
results.push(...compareKernels(root, tests));
results.push(await compareSchema(root, (input) => runPython(python, [path.join(tests, 'schema.py')], input)));
printTable(results);
process.exitCode = printSummary(results) ? 0 : 1;
