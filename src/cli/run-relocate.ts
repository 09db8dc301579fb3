/** What `permafrost relocate` prints, and how it ends. */
import { type RelocateOptions, type RelocateReport, relocate } from '../api/relocate.js';
import { count } from './count.js';
import { formatBytes } from './format-bytes.js';
import { asJson, asText } from './print.js';
import { reportError } from './run-freeze.js';

/** Rewrites, tells what was done and sets the process's exit code. Never rejects. */
export async function runRelocate(options: RelocateOptions, json: boolean): Promise<void> {
  try {
    const report = await relocate(options);
    console.log(json ? asJson(report) : formatRelocation(report));
  } catch (error) {
    reportError(error, { json });
  }
}

function formatRelocation({ graph, weightsRoot, constants, bytes, checked }: RelocateReport): string {
  if (constants === 0) return asText([`${graph} maps no files, so there is nothing to relocate`]);
  const files = `${count(constants, 'constant')} (${formatBytes(bytes)}) under ${weightsRoot}`;
  return asText([
    `Relocated ${graph}: it maps ${files}`,
    `  ${checked ? 'all files are there' : 'not checked: there is no such folder on this machine'}`,
  ]);
}
