import { PermafrostError } from '../errors.js';

/** What a freeze ends with that is aborted, by a signal or otherwise. */
export function abortError(signal?: AbortSignal): PermafrostError {
  return new PermafrostError('ABORTED', 'The freeze was aborted.', signal && { cause: signal.reason });
}

/** @throws PermafrostError ABORTED */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError(signal);
}
