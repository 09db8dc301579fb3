// Changes the constants of all models for devices that TensorFlow does not have; the numbers must stay, and what is written of
// functions beside the graphs must be what TensorFlow makes of them.

import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { freezeModel } from './freeze-model.mjs';
import { readModels, runAll } from './models.mjs';

/** They tear constants and their readers apart, but for loops, which must stay whole. */
const RULES = [
  { regex: '(^|/)while', device: 'gpu:1' },
  { op: 'Const', regex: '[bdfhjlnprtvxz13579]$', device: 'gpu:1' },
  { op: ['Mul', 'AddV2', 'Conv2D', 'MatMul', 'GatherV2', 'Sub'], regex: '[acegikmoqsuwy02468]$', device: 'gpu:0' },
];

const PLACE = '--place=npu:0,gpu:0,cpu';

/** Returns one row. Where all models are there, and not those of a `filter`, each change must have been made. */
export async function compareConstants(modelDirectory, { verify, filter }) {
  const models = readModels(modelDirectory).filter(({ problem }) => !problem);
  if (models.length === 0) return [];
  const faults = {};
  const rules = `${modelDirectory}-rules.json`;
  writeFileSync(rules, JSON.stringify(RULES));
  const counts = { copies: 0, dtypes: 0, libraries: 0 };
  await runAll(models, async (model) => {
    faults[model.name] = await freezeBoth(model, rules, counts);
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
async function freezeBoth(model, rules, counts) {
  for (const way of ['copies', 'dtypes']) {
    rmSync(path.join(model.folder, way), { recursive: true, force: true });
    mkdirSync(path.join(model.folder, way));
  }
  const copying = [`--place-rules=${rules}`, '--device-constants=copies', '--inline'];
  const fault =
    (await freezeModel(model, 'copies/copies.pb', PLACE, ...copying)) ??
    (await freezeModel(model, 'dtypes/dtypes.pb', PLACE, '--device-constants=dtypes'));
  if (fault) return fault;
  const [copies, dtypes] = ['copies', 'dtypes'].map((way) =>
    JSON.parse(readFileSync(path.join(model.folder, `${way}.json`), 'utf8')),
  );
  const stored = dtypes.placement.storedConstants;
  counts.copies += copies.placement.copiedConstants.length;
  counts.dtypes += stored.length;
  counts.libraries += dtypes.files.length - 1;
  if (stored.length === 0) return undefined;
  return freezeModel(model, 'dtypes/rounded.pb', ...stored.map(({ constant }) => `--weights=${constant}=float16`));
}
