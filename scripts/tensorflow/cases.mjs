// Reads the cases that generate.py made, and freezes each with our own command.

import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const TIMEOUT = 60_000;

/** Returns every case with its folder, in the order of their names. */
export function readCases(directory) {
  return readdirSync(directory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(directory, entry.name))
    .sort()
    .map((folder) => ({ folder, ...JSON.parse(readFileSync(path.join(folder, 'case.json'), 'utf8')) }));
}

/** Freezes all cases, some at a time; a case gets `error` when our command fails. */
export async function freezeCases(cases, freezeGraph) {
  const queue = cases.filter((entry) => entry.flags);
  const worker = async () => {
    for (let entry = queue.shift(); entry; entry = queue.shift()) {
      entry.error = await freeze(entry, freezeGraph);
    }
  };
  await Promise.all(Array.from({ length: os.availableParallelism() }, worker));
}

function freeze(entry, freezeGraph) {
  const args = [freezeGraph, ...entry.permafrostFlags, '--output_graph=frozen.pb'];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { cwd: entry.folder, timeout: TIMEOUT }, (error, _stdout, stderr) => {
      if (!error) return resolve(null);
      // A crash is never a refusal, so it is told apart from an exit code.
      const crashed = error.signal ? `crashed with ${error.signal}` : null;
      resolve({ crashed, message: crashed ?? firstLine(stderr) ?? `exit code ${error.code}` });
    });
  });
}

const firstLine = (text) => text.split('\n').find((line) => line.trim() !== '');
