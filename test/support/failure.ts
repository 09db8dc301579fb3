/** Takes a failure apart: what was thrown must be a PermafrostError. */
import { expect } from 'vitest';
import { isPermafrostError, type PermafrostError } from '../../src/errors.js';

/** The PermafrostError that `job` throws or rejects with; anything else fails the test. */
export async function failure(job: () => unknown): Promise<PermafrostError> {
  try {
    await job();
  } catch (error) {
    if (!isPermafrostError(error)) {
      throw new Error(`Expected a PermafrostError, thrown was: ${String(error)}`, { cause: error });
    }
    return error;
  }
  expect.fail('nothing was thrown');
}
