import { PermafrostError } from '../errors.js';

/** What work ends with that is aborted, by a signal or otherwise. */
export function abortError(signal?: AbortSignal, work = 'The freeze'): PermafrostError {
  return new PermafrostError('ABORTED', `${work} was aborted.`, signal && { cause: signal.reason });
}

/** @throws PermafrostError ABORTED */
export function throwIfAborted(signal: AbortSignal | undefined, work?: string): void {
  if (signal?.aborted) throw abortError(signal, work);
}
