// Makes inference graphs of the training graphs that generate_training.py made, and judges them.

import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Returns one result a training graph: { name, tensorflow, permafrost, bytes, passed }. A process for each would take longer
 * than all else, so they are frozen in this one.
 * `check` gives the first error in a file; `verify` takes names and gives by name what is wrong with the frozen graphs.
 */
export async function compareTraining(root, directory, check, verify) {
  const { freeze } = await import(pathToFileURL(path.join(root, 'dist', 'index.js')));
  const rows = readRows(directory);
  for (const row of rows) {
    row.problem ??=
      (await freezeUntouched(row, freeze)) ?? (row.compared ? await freezeInForms(row, freeze, check) : undefined);
  }
  const frozen = rows.filter(({ problem, compared }) => !problem && compared).map(({ name }) => name);
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

/** Freezes as it is, and where there are functions, with these inlined too. Returns what is wrong, or undefined. */
async function freezeInForms(row, freeze, check) {
  for (const name of row.forms) {
    const more = name === 'inlined' ? ['--inline'] : [];
    const fault = await freezeAs(row, freeze, name, ...row.flags, ...more);
    if (fault) return fault;
    const error = await check(path.join(row.folder, `${name}.pb`), false);
    if (error) return `the check finds in ${name}.pb ${error}`;
  }
  return undefined;
}

/** What only looks like training must be frozen to the bytes of a freeze without any rewrite. Returns what is wrong, or undefined. */
async function freezeUntouched(row, freeze) {
  if (row.untouchedBy.length === 0) return undefined;
  const fault =
    (await freezeAs(row, freeze, 'untouched', ...row.untouchedBy)) ?? (await freezeAs(row, freeze, 'plain'));
  if (fault) return fault;
  const [untouched, plain] = ['untouched', 'plain'].map((name) => readFileSync(path.join(row.folder, `${name}.pb`)));
  if (untouched.equals(plain)) return undefined;
  const { changes } = JSON.parse(readFileSync(path.join(row.folder, 'untouched.json'), 'utf8'));
  return `other bytes than without ${row.untouchedBy}: ${JSON.stringify(changes.slice(0, 2))}`;
}

/** Writes the graph, and the report beside it; returns what is wrong, or undefined. */
async function freezeAs({ folder, source }, freeze, name, ...flags) {
  const out = path.join(folder, `${name}.pb`);
  try {
    const report = await freeze({ ...optionsOf(folder, source), ...optionsOf(folder, flags), out });
    writeFileSync(path.join(folder, `${name}.json`), JSON.stringify(report));
  } catch ({ code, message }) {
    return `${name}.pb: ${code} ${message}`;
  }
  return undefined;
}

/** The options of `freeze` that flags of the command stand for: `--bn-stats=X` is `{ bnStats: 'X' }`. */
function optionsOf(folder, flags) {
  return Object.fromEntries(
    flags.map((flag) => {
      const [, name, value] = /^--([\w-]+)(?:=(.*))?$/s.exec(flag);
      // The command has two flags for what is one option.
      const option = name === 'rewrite' ? 'inference' : name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
      const isPath = option === 'graph' || option === 'checkpoint';
      return [option, isPath ? path.resolve(folder, value) : (value ?? true)];
    }),
  );
}

function result({ row, name, folder, problem, untouchedBy, compared }, faults) {
  // A graph that was not verified has not passed.
  const fault = problem ?? (compared ? (name in faults ? faults[name] : 'not verified') : null);
  const held = [...(untouchedBy?.length > 0 ? ['same bytes'] : []), ...(compared ? ['same numbers'] : [])];
  return {
    name: row,
    tensorflow: 'ok',
    permafrost: fault ? `FAILED ${fault}` : held.join(', '),
    bytes: fault ? undefined : statSync(path.join(folder, compared ? 'frozen.pb' : 'plain.pb')).size,
    passed: !fault && held.length > 0,
  };
}
