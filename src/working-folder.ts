import { PermafrostError, reason } from './errors.js';

/**
 * Of the process. Ask for it only where a path is relative to it, or Node needs it: it may have been removed.
 * @throws PermafrostError READ_FAILED
 */
export function workingFolder(): string {
  try {
    return process.cwd();
  } catch (error) {
    throw new PermafrostError(
      'READ_FAILED',
      `The working folder of this process cannot be found (${reason(error)}). Change to one that is there: process.chdir(path).`,
      { cause: error },
    );
  }
}
