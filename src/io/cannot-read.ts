import { PermafrostError, reason } from '../errors.js';

/** What could not be read, and why. */
export function cannotRead(path: string, error: unknown): PermafrostError {
  const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return missing
    ? new PermafrostError('FILE_NOT_FOUND', `There is no file '${path}'.`, { cause: error })
    : new PermafrostError(
        'READ_FAILED',
        `${path} cannot be read (${reason(error)}). Mend its permissions or its path.`,
        { cause: error },
      );
}
