// Decides for every case whether what we wrote is right.

import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** How many cases with other bytes are shown node by node. */
const SHOWN_DIFFERENCES = 10;

/**
 * Returns one result a case: { name, tensorflow, permafrost, bytes, passed, detail }.
 * `verify` loads our files in TensorFlow, `diff` names the first node that differs.
 */
export function compareCases(cases, { verify, diff }) {
  const loaded = cases.filter((entry) => needsTensorFlow(entry)).map((entry) => entry.name);
  const faults = loaded.length > 0 ? verify(loaded) : {};
  const results = cases.map((entry) => {
    const ours = readIfThere(path.join(entry.folder, 'frozen.pb'));
    const fault = findFault(entry, ours, faults);
    return {
      name: entry.name,
      tensorflow: entry.tensorflow ?? '-',
      permafrost: fault ? `FAILED ${fault}` : SUCCESS[entry.check],
      bytes: ours?.length,
      passed: !fault,
      differs: fault === DIFFERENT_BYTES,
      folder: entry.folder,
    };
  });
  for (const result of results.filter((entry) => entry.differs).slice(0, SHOWN_DIFFERENCES)) {
    result.detail = diff(result.folder);
  }
  return results;
}

const SUCCESS = {
  bytes: 'identical',
  renamed: 'same, renamed',
  numbers: 'same numbers',
  structure: 'same structure',
  refused: 'refused',
};
const DIFFERENT_BYTES = 'other bytes than TensorFlow';

function findFault(entry, ours, faults) {
  if (entry.problem) return entry.problem;
  if (entry.check === 'refused') return findRefusalFault(entry, ours);
  if (entry.error) return entry.error.message;
  if (!ours) return 'no file written';
  if (entry.checkFault) return `the check finds ${entry.checkFault}`;
  if (entry.check === 'bytes') {
    return ours.equals(readFileSync(path.join(entry.folder, 'expected.pb'))) ? null : DIFFERENT_BYTES;
  }
  // A case that was not verified has not passed.
  return entry.name in faults ? faults[entry.name] : 'not verified';
}

function findRefusalFault(entry, ours) {
  if (!entry.error) return 'froze a graph that it must refuse';
  if (entry.error.crashed) return entry.error.message;
  return ours ? 'refused but left an output file' : null;
}

function needsTensorFlow(entry) {
  const verified = ['renamed', 'numbers', 'structure'].includes(entry.check);
  return verified && !entry.error && existsSync(path.join(entry.folder, 'frozen.pb'));
}

const readIfThere = (file) => (existsSync(file) ? readFileSync(file) : undefined);
