// Reads the cases that generate.py made, and freezes each with our own command.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './commands.mjs';
import { runAll } from './models.mjs';

/** Returns every case with its folder, in the order of their names. */
export function readCases(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(directory, entry.name))
    .sort()
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(path.join(folder, 'case.json'), 'utf8')) }));
}

/** Freezes all cases, some at a time; a case gets `error` when our command fails. */
export async function freezeCases(cases) {
  await runAll(
    cases.filter((entry) => entry.flags),
    async (entry) => {
      const args = [...entry.permafrostFlags, '--output_graph=frozen.pb'];
      entry.error = (await runCommand('freeze-graph', args, entry.folder)).error;
    },
  );
}
