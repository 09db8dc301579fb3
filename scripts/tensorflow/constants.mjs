// Changes the constants of all models for devices that TensorFlow does not have; the numbers must stay, and what is written of
// functions beside the graphs must be what TensorFlow makes of them.

import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { readModels, runAll } from './models.mjs';

/** They tear constants and their readers apart, but for loops, which must stay whole. */
const RULES = [
  { regex: '(^|/)while', device: 'gpu:1' },
  { op: 'Const', regex: '[bdfhjlnprtvxz13579]$', device: 'gpu:1' },
  { op: ['Mul', 'AddV2', 'Conv2D', 'MatMul', 'GatherV2', 'Sub'], regex: '[acegikmoqsuwy02468]$', device: 'gpu:0' },
];

const PLACE = 'npu:0,gpu:0,cpu';

/** Returns one row. `freeze` is that of own-freeze.mjs. Where all models are there, and not those of a `filter`, each change must have been made. */
export async function compareConstants(modelDirectory, freeze, { verify, filter }) {
  const models = readModels(modelDirectory).filter(({ problem }) => !problem);
  if (models.length === 0) return [];
  const faults = {};
  const counts = { copies: 0, dtypes: 0, libraries: 0 };
  await runAll(models, async (model) => {
    faults[model.name] = await freezeBoth(model, freeze, counts);
  });
  const frozen = models.map(({ name }) => name).filter((name) => !faults[name]);
  Object.assign(faults, frozen.length > 0 ? verify(frozen) : {});
  const failed = models.map(({ name }) => name).filter((name) => faults[name] !== null);
  const idle = filter === '' ? Object.keys(counts).filter((change) => counts[change] === 0) : [];
  const passed = failed.length === 0 && idle.length === 0;
  const good = `${counts.copies} copied, ${counts.dtypes} stored, ${counts.libraries} libraries`;
  const bad = idle.length > 0 ? `no ${idle.join(', no ')}` : `${failed.length} of ${models.length}`;
  return [
    {
      name: 'constants of devices',
      tensorflow: 'ok',
      permafrost: passed ? good : `FAILED ${bad}`,
      detail: failed.map((name) => `${name}: ${faults[name]}`).join('\n'),
      passed,
    },
  ];
}

/** @returns what is wrong, or undefined. */
async function freezeBoth(model, freeze, counts) {
  for (const way of ['copies', 'dtypes']) {
    rmSync(path.join(model.folder, way), { recursive: true, force: true });
    mkdirSync(path.join(model.folder, way));
  }
  const copying = { place: PLACE, placeRules: RULES, deviceConstants: 'copies', inline: true };
  const fault =
    (await freeze(model, 'copies/copies.pb', copying)) ??
    (await freeze(model, 'dtypes/dtypes.pb', { place: PLACE, deviceConstants: 'dtypes' }));
  if (fault) return fault;
  const [copies, dtypes] = ['copies', 'dtypes'].map((way) =>
    JSON.parse(readFileSync(path.join(model.folder, `${way}.json`), 'utf8')),
  );
  const stored = dtypes.placement.storedConstants;
  counts.copies += copies.placement.copiedConstants.length;
  counts.dtypes += stored.length;
  counts.libraries += dtypes.files.length - 1;
  if (stored.length === 0) return undefined;
  return freeze(model, 'dtypes/rounded.pb', { weights: stored.map(({ constant }) => `${constant}=float16`) });
}
