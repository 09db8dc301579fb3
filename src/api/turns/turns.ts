import { onAbort } from '../../on-abort.js';
import { abortError, throwIfAborted } from '../abort.js';

/** Ends a turn; again, it does nothing. */
export type Leave = () => void;

/** Who comes when, if more is asked for at once than should be done at once. First come, first served. */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /** @param atOnce how many may be at work. */
  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /**
   * Runs `work` when it is its turn.
   * @param signal ends the wait; `work` is not begun then.
   * @throws PermafrostError ABORTED
   */
  async take<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
    const leave = await this.begin(signal);
    try {
      return await work();
    } finally {
      leave();
    }
  }

  /**
   * Resolves when a turn begins, to what ends it.
   * @param signal ends the wait.
   * @throws PermafrostError ABORTED
   */
  async begin(signal: AbortSignal | undefined): Promise<Leave> {
    throwIfAborted(signal);
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    };
  }

  #turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const begin = (): void => {
        stopListening();
        resolve();
      };
      const stopListening = onAbort(signal, () => {
        this.#waiting.splice(this.#waiting.indexOf(begin), 1);
        reject(abortError(signal));
      });
      this.#waiting.push(begin);
    });
  }
}
