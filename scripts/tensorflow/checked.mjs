// Holds `permafrost check` against TensorFlow: what it refuses must have errors, what it takes must have none.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** Returns `check(file, allowVariables, tags)`, which gives a file's first error as a line, or null. */
export async function loadCheck(root) {
  const { checkGraph } = await import(pathToFileURL(path.join(root, 'dist', 'index.js')));
  return async (file, allowVariables, tags) => {
    try {
      const { findings } = await checkGraph({ file, allowVariables, tags });
      const error = findings.find(({ severity }) => severity === 'error');
      return error ? `${error.code} ${error.function ?? ''}:${error.node ?? ''} ${error.message}` : null;
    } catch (error) {
      return `cannot be checked: ${error.message}`;
    }
  };
}

/** Flags that keep variables on purpose. */
const KEEPS_VARIABLES = /^--variable_names_(denylist|blacklist|whitelist)/;

/** Adds to each case what is wrong with the file that we wrote, or null. */
export async function checkCases(cases, check) {
  for (const entry of cases) {
    const file = path.join(entry.folder, 'frozen.pb');
    const keeps = entry.permafrostFlags?.some((flag) => KEEPS_VARIABLES.test(flag)) ?? false;
    entry.checkFault = existsSync(file) ? await check(file, keeps) : null;
  }
}

/** One row for each graph of test/check; `refuse` gives TensorFlow's words against files, by file. */
export async function compareChecks(root, filter, check, refuse) {
  const folders = ['broken', 'accepted'].map((name) => path.join(root, 'test', 'check', name));
  const files = folders
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
    .filter((file) => rowName(file).includes(filter));
  const refusals = files.length > 0 ? refuse(files) : {};
  const rows = [];
  for (const file of files) {
    rows.push(row(file, refusals[file], await check(file, true)));
  }
  return rows;
}

function row(file, refusal, error) {
  const expected = /^# tensorflow: (.*) (\(on \w+\))$/m.exec(readFileSync(file, 'utf8'));
  const fault = expected ? faultOfBroken(expected, refusal, error) : faultOfAccepted(refusal, error);
  return {
    name: rowName(file),
    tensorflow: refusal ?? 'ok',
    permafrost: fault ? `FAILED ${fault}` : expected ? 'refused' : 'no errors',
    passed: !fault,
  };
}

/** It must be for the reason that the file names: a graph may be broken in a way that nobody meant. */
function faultOfBroken([, reason, stage], refusal, error) {
  if (!refusal) return 'TensorFlow was expected to refuse the graph and took it';
  if (!refusal.includes(reason) || !refusal.endsWith(stage))
    return `TensorFlow was expected to say '${reason}' ${stage}`;
  return error ? null : 'found no error in a graph that TensorFlow refuses';
}

function faultOfAccepted(refusal, error) {
  if (refusal) return 'TensorFlow was expected to take the graph and refused it';
  return error && `found an error in a graph that TensorFlow takes: ${error}`;
}

const rowName = (file) => `check_${path.basename(path.dirname(file))}_${path.basename(file, '.pbtxt')}`;
