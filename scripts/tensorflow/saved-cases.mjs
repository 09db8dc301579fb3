// Freezes the graphs of generate.py's cases as SavedModels too, whose signatures have to be made, and judges them.

import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** The flags of `freeze_graph` that say no more than what to freeze, and what they are for `freeze`. */
const OPTIONS = {
  input_graph: 'graph',
  input_meta_graph: 'graph',
  input_saved_model_dir: 'graph',
  input_checkpoint: 'checkpoint',
  output_node_names: 'outputs',
};

/** Told by content. */
const NEEDLESS = new Set(['input_binary', 'checkpoint_version']);

/** What TensorFlow's loader gets wrong, or no signature can have, by parts of cases' names. */
const IMPOSSIBLE = {
  dataset_that_an_iterator_makes: /OneShotIteratorOp does not currently support the 'shared_name' attr/,
  output_is_a_group: /^INVALID_ARGUMENT None of the outputs \(all\) has a value to give/,
  output_is_a_no_op: /^INVALID_ARGUMENT None of the outputs \(done\) has a value to give/,
};

/** Returns one result for all cases that can be tried: { name, tensorflow, permafrost, passed }. `verify` takes names. */
export async function compareSavedCases(root, cases, verify) {
  const { freeze } = await import(pathToFileURL(path.join(root, 'dist', 'index.js')));
  const faults = {};
  const tried = cases.flatMap((entry) => optionsOf(entry) ?? []);
  if (tried.length === 0) return [];
  for (const { name, options } of tried) {
    await freeze(options).catch(({ code, message }) => {
      faults[name] = `${code} ${message}`;
    });
  }
  const frozen = tried.map(({ name }) => name).filter((name) => !(name in faults));
  Object.assign(faults, frozen.length > 0 ? verify(frozen) : {});
  const failed = tried.flatMap(({ name }) => (isExpected(name, faults[name]) ? [] : `${name}: ${faults[name]}`));
  const passed = failed.length === 0;
  // The others are those that must fail.
  const same = tried.filter(({ name }) => faults[name] === null).length;
  const row = {
    name: 'cases as SavedModels',
    tensorflow: `${tried.length} of ${cases.length}`,
    permafrost: passed ? `${same} same numbers, ${tried.length - same} refused` : `FAILED ${failed.join('; ')}`,
    passed,
  };
  return [row];
}

/** Every case that was tried has a fault, be it null; what is known to be impossible must fail. */
function isExpected(name, fault) {
  const part = Object.keys(IMPOSSIBLE).find((each) => name.includes(each));
  return part === undefined ? fault === null : IMPOSSIBLE[part].test(fault ?? '');
}

/** Undefined where a case has no numbers, or takes more than files and outputs. */
export function optionsOf({ name, folder, permafrostFlags, run, check, initializers }) {
  if (!run || check === 'refused' || initializers.length > 0) return undefined;
  const options = { layout: 'saved-model', out: path.join(folder, 'frozen_model') };
  for (const flag of permafrostFlags) {
    const [, key, value] = /^--(\w+)=(.*)$/s.exec(flag) ?? [];
    const option = OPTIONS[key];
    if (option === undefined ? !NEEDLESS.has(key) : option in options) return undefined;
    if (option) options[option] = option === 'outputs' ? value : path.resolve(folder, value);
  }
  return { name, options };
}
