/** A stream of Node that a graph goes to. */
import { finished, type Writable } from 'node:stream';
import { PermafrostError, reason } from '../../errors.js';
import { isWritable } from '../options/option-reader.js';

export class Outlet {
  readonly #ended: Promise<void>;
  #giveUp: (failure: PermafrostError) => void = () => undefined;
  #isWhole = false;
  #room: Promise<void> | undefined;
  #failure: PermafrostError | undefined;

  /** @param failed is told when the stream fails, or closes before it was ended. */
  constructor(
    private readonly stream: Writable,
    failed: (failure: PermafrostError) => void,
  ) {
    this.#ended = new Promise((resolve, reject) => {
      this.#giveUp = reject;
      // It goes on listening: what a stream fails with later is no uncaught exception.
      finished(stream, { readable: false }, (error) => {
        if (!error && this.#isWhole) return resolve();
        this.#failure ??= streamFailed(error ?? new Error('it was closed, or somebody else has ended it'));
        failed(this.#failure);
        reject(this.#failure);
      });
    });
    // Whoever takes hears of it, or whoever waits for the end; until then it is no unhandled rejection.
    this.#ended.catch(() => undefined);
  }

  /** What the stream has failed with. */
  get failure(): PermafrostError | undefined {
    return this.#failure;
  }

  /**
   * Resolves when the stream has got the chunk, and that is when it has room again after the one before: the next is made
   * while it takes this one.
   * @throws PermafrostError WRITE_FAILED
   */
  async take(chunk: Uint8Array): Promise<void> {
    await this.#room;
    this.#room = this.#write(chunk);
    // Whoever takes next hears of it.
    this.#room.catch(() => undefined);
  }

  /** Resolves when there is room for more. */
  async #write(chunk: Uint8Array): Promise<void> {
    let goOn = (): void => undefined;
    const drained = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    this.stream.once('drain', goOn);
    try {
      if (!this.#call(() => this.stream.write(chunk))) await Promise.race([drained, this.#ended]);
    } finally {
      this.stream.removeListener('drain', goOn);
    }
  }

  /**
   * Resolves when the stream has taken all.
   * @throws PermafrostError WRITE_FAILED
   */
  end(): Promise<void> {
    this.#isWhole = true;
    this.#call(() => this.stream.end());
    return this.#ended;
  }

  /** Whoever takes, or waits for the end, hears of the error at once: a stream may take any time to be destroyed. */
  abandon(error: PermafrostError): void {
    destroy(this.stream, error);
    this.#giveUp(error);
  }

  /** A stream may throw, too. */
  #call<T>(use: () => T): T {
    if (this.#failure) throw this.#failure;
    try {
      return use();
    } catch (error) {
      this.#failure = streamFailed(error);
      throw this.#failure;
    }
  }
}

/**
 * Whatever `work` fails with, a target that is a stream is destroyed with it before anybody hears of it: a client at its other
 * end would wait for ever.
 * @param target of any type: nothing has been checked yet.
 */
export async function orDestroy<T>(target: unknown, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isWritable(target)) destroy(target, error as Error);
    throw error;
  }
}

/** Whoever froze is told of the error, so that the stream need not be listened to. */
export function destroy(stream: Writable, error: Error): void {
  stream.on('error', () => undefined);
  stream.destroy(error);
}

function streamFailed(error: unknown): PermafrostError {
  return new PermafrostError(
    'WRITE_FAILED',
    `The stream that the frozen graph goes to ended before all of it was there (${reason(error)}). Freeze again, to another.`,
    { cause: error },
  );
}
