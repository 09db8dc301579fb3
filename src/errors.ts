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

/**
 * The one error class of permafrost. `code` is for programs and stays stable; `message` is for people: what was given,
 * what it is, what to do.
 */
export class PermafrostError extends Error {
  readonly code: PermafrostErrorCode;

  constructor(code: PermafrostErrorCode, message: string, options?: ErrorOptions) {
    super(shortened(message), options);
    this.name = 'PermafrostError';
    this.code = code;
  }
}

/** The error of an option, or of a name or a value in one, that cannot be taken. */
export function invalidArgument(message: string, options?: ErrorOptions): PermafrostError {
  return new PermafrostError('INVALID_ARGUMENT', message, options);
}

/** Characters. Nobody reads more, and the names in a file may have any length. */
const mostMessage = 4_000;

/** What it is stands at the beginning of a message, what to do at its end. */
function shortened(message: string): string {
  if (message.length <= mostMessage) return message;
  return `${message.slice(0, mostMessage / 2)} … ${message.slice(-mostMessage / 2)}`;
}

/** Whether `error` is a PermafrostError, of this or of another copy of the package. */
export function isPermafrostError(error: unknown): error is PermafrostError {
  return error instanceof Error && error.name === 'PermafrostError' && 'code' in error;
}

/** The message of anything that was thrown. */
export function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
