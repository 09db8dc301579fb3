// Freezes the SavedModel of a model with our own command and the model's own flags.

import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './commands.mjs';

/**
 * Leaves the report in the model's folder, named as `out` and `.json`. `flags` are further ones of the command.
 * @returns what is wrong, or undefined.
 */
export async function freezeModel({ folder, ownFlags }, out, ...flags) {
  const args = ['freeze', '--graph', 'saved', ...ownFlags, '--json', '--out', out, ...flags];
  const { error, stdout } = await runCommand('permafrost', args, folder);
  writeFileSync(path.join(folder, `${path.parse(out).name}.json`), stdout);
  return error?.message;
}
