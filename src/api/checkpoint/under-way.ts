/** What the users of one open checkpoint have under way, so that closing it can end that and wait for it. */
import { PermafrostError } from '../../errors.js';
import { onAbort } from '../../on-abort.js';
import { abortError, throwIfAborted } from '../abort.js';

export class UnderWay {
  readonly #tasks = new Set<Task>();
  #end: Promise<void> | undefined;

  /** @param prefix of the checkpoint, for messages. */
  constructor(readonly prefix: string) {}

  /** @throws PermafrostError INVALID_ARGUMENT */
  throwIfClosed(): void {
    if (!this.#end) return;
    throw new PermafrostError('INVALID_ARGUMENT', `The checkpoint ${this.prefix} is closed. Open it again.`);
  }

  /**
   * @param work as a subject: "Reading the tensor 'w'".
   * @param signal of the user; of any realm.
   * @throws PermafrostError INVALID_ARGUMENT, ABORTED
   */
  begin(work: string, signal: AbortSignal | undefined): Task {
    this.throwIfClosed();
    throwIfAborted(signal, work);
    const task = new Task(work, this.prefix, signal, () => this.#tasks.delete(task));
    this.#tasks.add(task);
    return task;
  }

  /** Ends all there is, and lets nothing more begin. Resolves when nothing is at work any more; never rejects. */
  end(): Promise<void> {
    this.#end ??= Promise.all(Array.from(this.#tasks, (task) => task.close())).then(() => undefined);
    return this.#end;
  }
}

/** One read, stream or verification. */
export class Task {
  readonly #ending = new AbortController();
  readonly #stopListening: () => void;
  readonly #steps = new Set<Promise<unknown>>();

  constructor(
    private readonly work: string,
    private readonly prefix: string,
    private readonly userSignal: AbortSignal | undefined,
    private readonly ended: () => void,
  ) {
    this.#stopListening = onAbort(userSignal, () => this.#ending.abort());
  }

  /** Of the user's signal, and of closing the checkpoint. */
  get signal(): AbortSignal {
    return this.#ending.signal;
  }

  /** @param told is told once of an early end, with what `run` throws from then on. */
  onEarlyEnd(told: (error: unknown) => void): void {
    this.signal.addEventListener('abort', () => told(this.#endedBy()), { once: true });
  }

  /**
   * @param step hears of `signal`.
   * @throws PermafrostError ABORTED, which says who has ended it; whatever else `step` throws.
   */
  async run<T>(step: () => Promise<T>): Promise<T> {
    const running = step();
    this.#steps.add(running);
    try {
      return await running;
    } catch (error) {
      throw this.signal.aborted ? this.#endedBy() : error;
    } finally {
      this.#steps.delete(running);
    }
  }

  /** Whoever began it calls this at its end. */
  finish(): void {
    this.#stopListening();
    this.ended();
  }

  /** Ends it; resolves when nothing of it is at work any more. */
  async close(): Promise<void> {
    this.#ending.abort();
    await Promise.allSettled(this.#steps);
  }

  #endedBy(): PermafrostError {
    if (this.userSignal?.aborted) return abortError(this.userSignal, this.work);
    return closedMeanwhile(this.work, this.prefix);
  }
}

function closedMeanwhile(work: string, prefix: string): PermafrostError {
  return new PermafrostError('ABORTED', `${work} was aborted: the checkpoint ${prefix} was closed.`);
}
