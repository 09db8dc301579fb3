// Places the graphs of all cases and models in several ways; TensorFlow must then find every node where it was put.

import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { freezeModel } from './freeze-model.mjs';
import { readModels, runAll } from './models.mjs';
import { optionsOf } from './saved-cases.mjs';

/** TensorFlow has two CPUs for these, and is not allowed to put a node elsewhere than on the one that it carries. */
const RULES = {
  ops: [
    {
      op: ['Const', 'AddV2', 'Mul', 'Conv2D', 'GatherV2', 'Merge', 'Select', 'SelectV2', 'StridedSlice'],
      device: 'cpu:1',
    },
    { op: ['While', 'If', 'PartitionedCall', 'LookupTableFindV2', 'TensorArrayV3'], device: '/device:CPU:1' },
  ],
  names: [
    { scope: 'while', device: 'cpu:1' },
    { regex: '[bdfhjlnprtvxz13579]$', device: '/job:localhost/replica:0/task:0/cpu:1' },
  ],
};

/** By the name of a file: where its nodes go. Of the last two, TensorFlow has no such devices, and may choose others. */
const WAYS = {
  ops: 'cpu:0',
  names: 'cpu',
  gpu: 'gpu:0,cpu',
  npu: 'npu:0,gpu:1,cpu:0',
};

/** Of the cases, which are many and small, these alone; `verify_placed.py` has the same. */
const WAYS_OF_CASES = { ops: WAYS.ops, names: WAYS.names, npu: WAYS.npu };

/**
 * Returns one row for all cases and one for all models.
 * @param verify takes the folder of either and names, and gives what is wrong by name.
 */
export async function comparePlaced(root, { cases, modelDirectory, filter }, verify) {
  const rules = path.join(root, 'build', 'placed');
  for (const [name, each] of Object.entries(RULES)) writeFileSync(`${rules}-${name}.json`, JSON.stringify(each));
  const { freeze } = await import(pathToFileURL(path.join(root, 'dist', 'index.js')));
  const tried = cases.flatMap((entry) => optionsOf(entry) ?? []);
  const caseDirectory = path.join(root, 'build', 'tensorflow-cases');
  const models = readModels(modelDirectory).filter(({ problem }) => !problem);
  return [
    await row(
      'cases on devices',
      { directory: caseDirectory, entries: tried, ways: WAYS_OF_CASES, isWhole: filter === '' },
      verify,
      async ({ options }, way, place) => {
        const { layout: _, ...own } = options;
        const placeRules = way in RULES ? `${rules}-${way}.json` : undefined;
        const out = path.join(path.dirname(options.out), `placed_${way}.pb`);
        await freeze({ ...own, out, place, placeRules });
      },
    ),
    await row(
      'models on devices',
      { directory: modelDirectory, entries: models, ways: WAYS, isWhole: filter === '' },
      verify,
      async (model, way, place) => {
        const placeRules = way in RULES ? [`--place-rules=${rules}-${way}.json`] : [];
        const fault = await freezeModel(model, `placed_${way}.pb`, `--place=${place}`, ...placeRules);
        if (fault) throw new Error(fault);
      },
    ),
  ].flat();
}

/** Of graphs whose rules for names contradict each other, in a run of all: with more, these rules would show too little. */
const MOST_CONTRADICTIONS = 0.25;

async function row(name, { directory, entries, ways, isWhole }, verify, freeze) {
  if (entries.length === 0) return [];
  const faults = {};
  let contradictions = 0;
  await runAll(entries, async (entry) => {
    for (const [way, place] of Object.entries(ways)) {
      // What an earlier run left must not be taken for what this one wrote.
      rmSync(path.join(directory, entry.name, `placed_${way}.pb`), { force: true });
      try {
        await freeze(entry, way, place);
      } catch ({ code, message }) {
        // Rules for names know nothing of what binds nodes.
        if (way === 'names' && /PLACEMENT_CONTRADICTION/.test(`${code} ${message}`)) contradictions++;
        else faults[entry.name] = `${way}: ${code ?? ''} ${message}`;
      }
    }
  });
  const frozen = entries.map((entry) => entry.name).filter((each) => !(each in faults));
  Object.assign(faults, frozen.length > 0 ? verify(directory, frozen) : {});
  // One that was not verified has not passed.
  const failed = entries.filter((entry) => faults[entry.name] !== null);
  const isBound = !isWhole || contradictions <= entries.length * MOST_CONTRADICTIONS;
  const passed = failed.length === 0 && isBound;
  const good = `${entries.length} in ${Object.keys(ways).length} ways, ${contradictions} contradictions`;
  return [
    {
      name,
      tensorflow: 'ok',
      permafrost: passed ? good : `FAILED ${failed.length} of ${good}`,
      detail: failed.map((entry) => `${entry.name}: ${faults[entry.name]}`).join('\n'),
      passed,
    },
  ];
}

/** What a ResNet50 of Keras may have to move between a GPU and the host, besides what it is fed with and what it gives. */
const MOST_CROSSINGS = 3;

/** A ResNet50 belongs on a GPU, all of it. A run of all says so where the model is not there. */
export async function compareResnet50(root, modelDirectory, filter) {
  const graph = path.join(modelDirectory, 'keras_resnet50', 'saved');
  const name = 'resnet50_on_a_gpu';
  if (!existsSync(graph)) {
    return filter === '' ? [{ name, tensorflow: 'model not there', permafrost: 'not placed', passed: true }] : [];
  }
  const { freeze } = await import(pathToFileURL(path.join(root, 'dist', 'index.js')));
  const { placement } = await freeze({ graph, place: 'gpu:0,cpu', dryRun: true });
  const nodes = placement.devices.map(({ device, nodes: count }) => `${count} on ${device}`).join(', ');
  const passed = placement.crossings.length <= MOST_CROSSINGS && placement.devices[0].device === '/device:GPU:0';
  return [
    {
      name,
      tensorflow: '-',
      permafrost: `${passed ? '' : 'FAILED '}${nodes}, ${placement.crossings.length} crossings`,
      passed,
    },
  ];
}
