// Freezes the SavedModels of models with `freeze` of the package, which has workers that no command has: `compareModels` has tried
// the commands on all of them.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/** A model's own flags for the command, as options: each takes the flag's value, the model's folder and what was said before. */
const OPTIONS = {
  tags: (value) => value.split(',').filter((tag) => tag !== ''),
  signature: (value) => value,
  checkpoint: (value, folder) => path.join(folder, value),
  variableMap: (value, folder) => path.join(folder, value),
  optimize: () => true,
  weights: (value, _folder, before = []) => [...before, ...value.split(',')],
};

/**
 * Returns `freeze(model, out, more)`, which leaves the report in the model's folder, named as `out` and `.json`, and gives what
 * is wrong, or undefined. `more` are further options.
 */
export async function loadFreeze(root) {
  const { freeze } = await import(pathToFileURL(path.join(root, 'dist', 'index.js')));
  return async (model, out, more = {}) => {
    try {
      const report = await freeze({ ...optionsOf(model), out: path.join(model.folder, out), ...more });
      writeFileSync(path.join(model.folder, `${path.parse(out).name}.json`), JSON.stringify(report));
      return undefined;
    } catch ({ code, message }) {
      return `${code}: ${message}`;
    }
  };
}

function optionsOf({ folder, ownFlags }) {
  const options = { graph: path.join(folder, 'saved') };
  for (const flag of ownFlags) {
    const [, name, value] = /^--([a-z-]+)(?:=(.*))?$/s.exec(flag);
    const key = name.replace(/-./g, ([, letter]) => letter.toUpperCase());
    if (!(key in OPTIONS)) throw new Error(`${flag} of ${folder} has no option yet`);
    options[key] = OPTIONS[key](value, folder, options[key]);
  }
  return options;
}
