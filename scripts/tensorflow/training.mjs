// Makes inference graphs of the training graphs that generate_training.py made, and judges them.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { runAll, runCommand } from './models.mjs';

/**
 * Returns one result a training graph: { name, tensorflow, permafrost, bytes, passed }.
 * `check` gives the first error in a file; `verify` takes names and gives by name what is wrong with the numbers.
 */
export async function compareTraining(directory, permafrost, check, verify) {
  const rows = readRows(directory);
  const sound = rows.filter(({ problem }) => !problem);
  await runAll(sound, async (row) => {
    row.problem = await (row.untouched ? freezeUntouched(row, permafrost) : freezeBoth(row, permafrost, check));
  });
  const frozen = sound.filter(({ problem, untouched }) => !problem && !untouched).map(({ name }) => name);
  const faults = frozen.length > 0 ? verify(frozen) : {};
  return rows.map((row) => result(row, faults));
}

function readRows(directory) {
  const folders = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders
    .map(({ name }) => path.join(directory, name))
    .sort()
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(path.join(folder, 'training.json'), 'utf8')) }));
}

/** @returns what is wrong, or undefined. */
async function freezeBoth(row, permafrost, check) {
  const fault =
    (await freeze(row, permafrost, 'frozen', ...row.flags)) ??
    (await freeze(row, permafrost, 'inlined', ...row.flags, '--inline'));
  if (fault) return fault;
  for (const name of ['frozen.pb', 'inlined.pb']) {
    const error = await check(path.join(row.folder, name), false);
    if (error) return `the check finds in ${name} ${error}`;
  }
  return undefined;
}

/** What only looks like training must be frozen to the bytes of a freeze without any rewrite. */
async function freezeUntouched(row, permafrost) {
  const fault =
    (await freeze(row, permafrost, 'frozen', ...row.flags)) ?? (await freeze(row, permafrost, 'plain'));
  if (fault) return fault;
  const [frozen, plain] = ['frozen', 'plain'].map((name) => readFileSync(path.join(row.folder, `${name}.pb`)));
  if (frozen.equals(plain)) return undefined;
  const { changes } = JSON.parse(readFileSync(path.join(row.folder, 'frozen.json'), 'utf8'));
  return `other bytes than without ${row.flags.join(' ')}: ${JSON.stringify(changes?.slice(0, 2))}`;
}

function freeze({ folder, source }, permafrost, name, ...flags) {
  const args = [permafrost, 'freeze', ...source, ...flags, '--json', '--out', `${name}.pb`];
  return runCommand(folder, args, `${name}.json`);
}

function result({ row, name, folder, problem, untouched }, faults) {
  // A graph that was not verified has not passed.
  const fault = problem ?? (untouched ? null : name in faults ? faults[name] : 'not verified');
  return {
    name: row,
    tensorflow: 'ok',
    permafrost: fault ? `FAILED ${fault}` : untouched ? 'untouched' : 'same numbers',
    bytes: fault ? undefined : statSync(path.join(folder, 'frozen.pb')).size,
    passed: !fault,
  };
}
