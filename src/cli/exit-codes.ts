/** What the commands' exit codes mean; `docs/cli.md` has the same table. */
import type { PermafrostErrorCode } from '../errors.js';

export const exitCodes = {
  done: 0,
  /** Something that permafrost did not foresee. */
  unexpected: 1,
  /** The command line is wrong. */
  usage: 2,
  /** The graph or the checkpoint is missing, damaged, or does not fit. */
  input: 3,
  /** The frozen graph could not be written. */
  output: 4,
  /** Ctrl-C; as shells have it, 128 and the signal's number. */
  interrupted: 130,
  /** SIGTERM. */
  terminated: 143,
} as const;

const usageCodes: ReadonlySet<PermafrostErrorCode> = new Set([
  'INVALID_ARGUMENT',
  'OUTPUT_NOT_FOUND',
  'UNSUPPORTED',
  'STATISTICS_AMBIGUOUS',
  'DEVICE_UNKNOWN',
  'PLACEMENT_CONTRADICTION',
]);
const outputCodes: ReadonlySet<PermafrostErrorCode> = new Set(['OUTPUT_TOO_LARGE', 'WRITE_FAILED', 'OUT_OF_MEMORY']);

export function exitCodeOf(code: PermafrostErrorCode): number {
  if (code === 'NATIVE_UNAVAILABLE') return exitCodes.unexpected;
  if (usageCodes.has(code)) return exitCodes.usage;
  return outputCodes.has(code) ? exitCodes.output : exitCodes.input;
}
