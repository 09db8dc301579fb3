import * as native from '../native.js';

/** What permafrost holds. All numbers are 0 where everything was closed and has ended: for tests that look for leaks. */
export interface LiveHandles {
  /** Open checkpoints, those that freezes read among them, until whatever still reads them has ended. */
  readonly checkpoints: number;
  /** Reads and streams of tensors that have not come to their end. */
  readonly streams: number;
  /** Work on threads of the core that has not come back yet. */
  readonly jobs: number;
}

/**
 * Counts for all threads of the process together, worker threads among them; another copy of the package has counts of its own.
 * @throws PermafrostError NATIVE_UNAVAILABLE
 */
export function liveHandles(): LiveHandles {
  return native.liveHandles();
}
