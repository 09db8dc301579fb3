/**
 * What the package is asked for and how it went, on Node's tracing channel `permafrost`: a server can log and measure without
 * patching. Nobody listening, it costs some microseconds.
 */
import { tracingChannel } from 'node:diagnostics_channel';

/** Of the channel's events: one object from the `start` of an operation to its `asyncEnd`. */
export interface OperationEvent {
  /** The function that was called. */
  readonly operation: string;
  /** What it was called with. */
  readonly options: unknown;
  /** From `asyncStart` on, what it resolved to. */
  readonly result?: unknown;
  /** From `error` on, what it failed with: a PermafrostError, whose `code` can be counted. */
  readonly error?: unknown;
}

const channel = tracingChannel<unknown, OperationEvent>('permafrost');

export function traced<T>(operation: string, options: unknown, work: () => Promise<T>): Promise<T> {
  return channel.tracePromise(work, { operation, options });
}
