/** What `permafrost verify` prints, and how it ends. */
import type { VerifyReport } from '../api/checkpoint/verify.js';
import { openCheckpoint } from '../api/open-checkpoint.js';
import { count } from './count.js';
import { exitCodes } from './exit-codes.js';
import { formatBytes } from './format-bytes.js';
import { asJsonByItem, asText, printAll } from './print.js';
import { reportError } from './run-freeze.js';

/** Verifies, tells what is damaged and sets the process's exit code. Never rejects. */
export async function runVerify(path: string, json: boolean): Promise<void> {
  try {
    const checkpoint = await openCheckpoint(path);
    const report = await checkpoint.verify().finally(() => checkpoint.close());
    const { prefix } = checkpoint;
    await printAll(json ? asJsonByItem({ checkpoint: prefix, ...report }) : textOf(prefix, report));
    if (report.damaged.length > 0) process.exitCode = exitCodes.input;
  } catch (error) {
    reportError(error, { json });
  }
}

/** Line by line; the last one is the verdict. */
function* textOf(prefix: string, { tensors, bytes, damaged, unread }: VerifyReport): Generator<string> {
  for (const { name, code, message } of damaged) yield asText([`damaged ${name}: ${code}: ${message}`]);
  for (const name of unread) yield asText([`not read ${name}: only TensorFlow can read it`]);
  const verdict = damaged.length > 0 ? `is damaged: ${damaged.length} of` : 'is whole:';
  yield asText([`${prefix} ${verdict} ${count(tensors, 'tensor')}, ${formatBytes(bytes)}`]);
}
