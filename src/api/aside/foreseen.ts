import { PermafrostError, reason } from '../../errors.js';

/**
 * What no bug makes a worker fail: the engine ends one that has no memory left, and the system may have no thread for one.
 * @param heapBytes what JavaScript may take in the worker; undefined: what the engine gives
 */
export function foreseen(error: unknown, heapBytes: number | undefined): unknown {
  const refused = (message: string): PermafrostError => new PermafrostError('OUT_OF_MEMORY', message, { cause: error });
  switch ((error as NodeJS.ErrnoException | undefined)?.code) {
    case 'ERR_WORKER_OUT_OF_MEMORY':
      return refused(
        heapBytes === undefined
          ? `The graph needs more memory than JavaScript may take here (${reason(error)}). ` +
              "Start Node with a larger '--max-old-space-size', or freeze for fewer outputs."
          : `The graph needs more memory than the ${heapBytes} bytes that JavaScript may take here (heapBytes). ` +
              'Raise them where a graph may be so large.',
      );
    case 'ERR_WORKER_INIT_FAILED':
      return refused(
        `There is no thread to be had for a worker (${reason(error)}). ` +
          'Do less at once, or let this user have more threads (ulimit -u, or the limit of the container).',
      );
    default:
      return error;
  }
}
