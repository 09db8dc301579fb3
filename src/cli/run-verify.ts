/** What `permafrost verify` prints, and how it ends. */
import type { VerifyReport } from '../api/checkpoint/verify.js';
import { openCheckpoint } from '../api/open-checkpoint.js';
import { count } from './count.js';
import { exitCodes } from './exit-codes.js';
import { formatBytes } from './format-bytes.js';
import { asJson, asText } from './print.js';
import { reportError } from './run-freeze.js';

/** Verifies, tells what is damaged and sets the process's exit code. Never rejects. */
export async function runVerify(path: string, json: boolean): Promise<void> {
  try {
    const checkpoint = await openCheckpoint(path);
    const report = await checkpoint.verify().finally(() => checkpoint.close());
    const { prefix } = checkpoint;
    console.log(json ? asJson({ checkpoint: prefix, ...report }) : formatVerification(prefix, report));
    if (report.damaged.length > 0) process.exitCode = exitCodes.input;
  } catch (error) {
    reportError(error, { json });
  }
}

export function formatVerification(prefix: string, { tensors, bytes, damaged, unread }: VerifyReport): string {
  const lines = damaged.map(({ name, code, message }) => `damaged ${name}: ${code}: ${message}`);
  for (const name of unread) lines.push(`not read ${name}: only TensorFlow can read it`);
  const verdict = damaged.length > 0 ? `is damaged: ${damaged.length} of` : 'is whole:';
  return asText([...lines, `${prefix} ${verdict} ${count(tensors, 'tensor')}, ${formatBytes(bytes)}`]);
}
