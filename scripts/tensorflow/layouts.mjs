// Freezes the SavedModels that have large weights in the layouts that map them, and judges the results.

import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { freezeModel } from './freeze-model.mjs';
import { readModels, runAll } from './models.mjs';

/**
 * Returns one result a model with large weights: { name, tensorflow, permafrost, bytes, passed }. All models are
 * frozen; `compareModels` has come before. Where all models are there, and not those of a `filter`, some must have large weights.
 */
export async function compareLayouts(directory, check, { verify, filter }) {
  const models = readModels(directory).filter(({ problem }) => !problem);
  await runAll(models, async (model) => {
    model.problem = (await freezeMapped(model)) ?? (await checkGraphs(model, check));
  });
  const large = models.filter((model) => model.problem || hasWeights(model));
  const sound = large.filter(({ problem }) => !problem).map(({ name }) => name);
  if (large.length === 0 && filter === '') return [nothingMapped];
  const faults = sound.length > 0 ? verify(sound) : {};
  return large.map(({ name, folder, problem }) => {
    // A model that was not verified has not passed.
    const fault = problem ?? (name in faults ? faults[name] : 'not verified');
    return {
      name: `mapped_${name}`,
      tensorflow: 'ok',
      permafrost: fault ? `FAILED ${fault}` : 'same numbers',
      bytes: fault ? undefined : statSync(path.join(folder, 'packed')).size,
      passed: !fault,
    };
  });
}

const nothingMapped = {
  name: 'mapped models',
  tensorflow: 'ok',
  permafrost: 'FAILED no weight of any model was mapped',
  passed: false,
};

/** @returns what is wrong, or undefined. */
async function freezeMapped(model) {
  const freezeAnew = (out, ...flags) => {
    rmSync(path.join(model.folder, out), { recursive: true, force: true });
    return freezeModel(model, out, ...flags);
  };
  return (
    (await freezeAnew('mapped', '--layout=mmap')) ??
    (await freezeAnew('mapped_inlined', '--layout=mmap', '--inline')) ??
    (await freezeAnew('packed', '--layout=memmapped'))
  );
}

async function checkGraphs({ folder }, check) {
  for (const name of ['mapped', 'mapped_inlined']) {
    const error = await check(path.join(folder, name, 'graph.pb'), false);
    if (error) return `the check finds in ${name} ${error}`;
  }
  return undefined;
}

function hasWeights({ folder }) {
  return JSON.parse(readFileSync(path.join(folder, 'mapped.json'), 'utf8')).files.length > 1;
}

/** Builds run_packages.cc against the C++ library of the wheel, and returns the program's path. */
export function buildRunPackages(root, python) {
  const source = path.join(root, 'test', 'tensorflow', 'run_packages.cc');
  const program = path.join(root, 'build', 'run_packages');
  // To import TensorFlow only to ask it where it is would take seconds.
  const locate = "import importlib.util as u; print(u.find_spec('tensorflow').submodule_search_locations[0])";
  const library = execFileSync(python, ['-c', locate], { encoding: 'utf8' }).trim();
  mkdirSync(path.dirname(program), { recursive: true });
  const libraries = ['cc', 'framework'].map((name) => `-l:libtensorflow_${name}.so.2`);
  const headers = ['-isystem', path.join(library, 'include'), '-DEIGEN_MAX_ALIGN_BYTES=64'];
  // The session's own code is in a library that nothing here names.
  const link = [`-L${library}`, '-Wl,--no-as-needed', ...libraries, `-Wl,-rpath,${library}`];
  execFileSync('c++', ['-std=c++17', '-w', ...headers, source, '-o', program, ...link], { stdio: 'inherit' });
  return program;
}
