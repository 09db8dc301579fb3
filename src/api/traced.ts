/**
 * What the package is asked for and how it went, on Node's tracing channel `permafrost`: a server can log and measure without
 * patching. Nobody listening, it costs some microseconds.
 */
import { tracingChannel } from 'node:diagnostics_channel';
import { Stopwatch } from './stopwatch.js';

export type OperationName =
  | 'freeze'
  | 'freezeGraph'
  | 'checkGraph'
  | 'suggest'
  | 'relocate'
  | 'openCheckpoint'
  | 'read'
  | 'stream'
  | 'verify';

/** Of the channel's events: one object from the `start` of an operation to its `asyncEnd`. */
export interface OperationEvent {
  /** The function that was called, or the method of an open checkpoint. */
  readonly operation: OperationName;
  /** What it was called with. */
  readonly options: unknown;
  /** From `asyncStart` on, what it resolved to. */
  readonly result?: unknown;
  /** From `error` on, what it failed with: a PermafrostError, whose `code` can be counted. */
  readonly error?: unknown;
  /** From `error` or `asyncStart` on, how long it took. */
  readonly milliseconds?: number;
}

const channel = tracingChannel<unknown, OperationEvent>('permafrost');

export function traced<T>(operation: OperationName, options: unknown, work: () => Promise<T>): Promise<T> {
  const event: { -readonly [Key in keyof OperationEvent]: OperationEvent[Key] } = { operation, options };
  const timed = async (): Promise<T> => {
    const clock = new Stopwatch();
    try {
      return await work();
    } finally {
      event.milliseconds = clock.total();
    }
  };
  return channel.tracePromise(timed, event);
}

/**
 * As `traced`, of what is taken piece by piece: from the first that is asked for to the end, or until nobody wants more.
 * @param open is told how to say that it has failed while nobody asks.
 */
export async function* tracedPieces<T>(
  operation: OperationName,
  options: unknown,
  open: (fail: (error: unknown) => void) => AsyncIterable<T>,
): AsyncGenerator<T, void, undefined> {
  let end = (): void => undefined;
  let fail = (_: unknown): void => undefined;
  const taken = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });
  // Whoever takes them is told by the pieces themselves.
  traced(operation, options, () => taken).catch(() => undefined);
  try {
    yield* open(fail);
  } catch (error) {
    fail(error);
    throw error;
  } finally {
    end();
  }
}
