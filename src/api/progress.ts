/** How far a write is, told to whoever wants to know. */

export interface Progress {
  /** Bytes written so far. */
  readonly written: number;
  /** Bytes of all files. */
  readonly total: number;
}

export type OnProgress = (progress: Progress) => void;

/** In milliseconds: 20 times a second. */
export const progressInterval = 50;

/** Calls the caller's callback, and ends the work where that fails. */
export class ProgressTeller<T = Progress> {
  readonly #onProgress: (progress: T) => void;
  readonly #stop: () => void;
  /** Anything may be thrown, even undefined. */
  #failure: { readonly thrown: unknown } | undefined;

  constructor(onProgress: (progress: T) => void, stop: () => void) {
    this.#onProgress = onProgress;
    this.#stop = stop;
  }

  /** @throws what the callback threw, or the promise that it returned was rejected with, as it was. */
  throwIfFailed(): void {
    if (this.#failure) throw this.#failure.thrown;
  }

  tell(progress: T): void {
    if (this.#failure) return;
    try {
      // An async callback is of this type too. Nobody else would hear of its failure but the process, which ends of it.
      Promise.resolve(this.#onProgress(progress)).catch((reason) => this.#fail(reason));
    } catch (thrown) {
      this.#fail(thrown);
    }
  }

  #fail(thrown: unknown): void {
    this.#failure = { thrown };
    this.#stop();
  }
}

/** Progress that is told when something is done, and not by a clock: no more often either, but for the end. */
export class PacedProgress {
  readonly #teller: ProgressTeller;
  #told = 0;

  constructor(
    onProgress: OnProgress,
    private readonly total: number,
  ) {
    this.#teller = new ProgressTeller(onProgress, () => undefined);
  }

  /** @throws what `ProgressTeller.throwIfFailed` does. */
  tell(written: number): void {
    this.#teller.throwIfFailed();
    const now = performance.now();
    if (written < this.total && now - this.#told < progressInterval) return;
    this.#told = now;
    this.#teller.tell({ written, total: this.total });
    this.#teller.throwIfFailed();
  }
}
