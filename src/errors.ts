import { isNativeError } from 'node:util/types';
import { printable } from './printable.js';

/** Every way in which permafrost fails, by name. `docs/errors.md` says of each what to do. */
export const errorCodes = [
  'INVALID_ARGUMENT',
  'FILE_NOT_FOUND',
  'WRONG_FILE_KIND',
  'READ_FAILED',
  'GRAPH_MALFORMED',
  'GRAPH_INVALID',
  'OUTPUT_NOT_FOUND',
  'LIMIT_EXCEEDED',
  'NO_VARIABLES',
  'VARIABLE_NOT_IN_CHECKPOINT',
  'VARIABLE_MISMATCH',
  'VARIABLE_NOT_FREEZABLE',
  'CHECKPOINT_NOT_FOUND',
  'CHECKPOINT_MALFORMED',
  'CHECKPOINT_UNSUPPORTED',
  'SHARD_MISSING',
  'CHECKSUM_MISMATCH',
  'UNSUPPORTED',
  'STATISTICS_AMBIGUOUS',
  'DEVICE_UNKNOWN',
  'DEVICE_PLUGIN_UNUSABLE',
  'PLACEMENT_CONTRADICTION',
  'OUTPUT_TOO_LARGE',
  'WRITE_FAILED',
  'OUT_OF_MEMORY',
  'ABORTED',
  'NATIVE_UNAVAILABLE',
] as const;

export type PermafrostErrorCode = (typeof errorCodes)[number];

export interface PermafrostErrorOptions extends ErrorOptions {
  /** What the message ends with, each on a line of its own. */
  readonly lines?: readonly string[];
}

/**
 * The one error class of permafrost. `code` is for programs and stays stable; `message` is for people: what was given,
 * what it is, what to do. Control characters in it, which names from files may have, are escaped (`\x1b`).
 */
export class PermafrostError extends Error {
  readonly code: PermafrostErrorCode;

  constructor(code: PermafrostErrorCode, message: string, options: PermafrostErrorOptions = {}) {
    const { lines = [], ...rest } = options;
    super(shortened([message, ...lines].map(printable).join('\n  ')), rest);
    this.name = 'PermafrostError';
    this.code = code;
  }
}

/** The error of an option, or of a name or a value in one, that cannot be taken. */
export function invalidArgument(message: string, options?: PermafrostErrorOptions): PermafrostError {
  return new PermafrostError('INVALID_ARGUMENT', message, options);
}

/** Characters. Nobody reads more, and the names in a file may have any length. */
const mostMessage = 4_000;

/** What it is stands at the beginning of a message, what to do at its end. */
function shortened(message: string): string {
  if (message.length <= mostMessage) return message;
  const gap = ' … ';
  const kept = Math.floor((mostMessage - gap.length) / 2);
  return message.slice(0, kept) + gap + message.slice(-kept);
}

/** Whether `error` is a PermafrostError, of this or of another copy of the package, in this or in another context. */
export function isPermafrostError(error: unknown): error is PermafrostError {
  return isNativeError(error) && error.name === 'PermafrostError' && 'code' in error;
}

/** Whether it is an error, of whatever context of `node:vm`. */
export function isError(value: unknown): value is Error {
  // By its message: in Node 20 a DOMException, such as a signal's reason, is none of the engine's own.
  return typeof (value as Partial<Error> | null | undefined)?.message === 'string';
}

/** The message of anything that was thrown. */
export function reason(error: unknown): string {
  return isError(error) ? error.message : String(error);
}
