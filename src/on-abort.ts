/** What each signal is to be told to, for as long as there is anything. */
const hearers = new WeakMap<AbortSignal, Hearers>();

/**
 * Calls `listener` when the signal is aborted. A program may end all that it does with one signal, of any realm: whatever is
 * under way, the signal has one listener, and Node takes nothing for a leak.
 * @returns what ends that.
 */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): () => void {
  if (signal === undefined) return () => undefined;
  const all = hearers.get(signal) ?? new Hearers(signal);
  return all.add(listener);
}

class Hearers {
  readonly #listeners = new Set<() => void>();
  readonly #tell = (): void => {
    for (const listener of this.#listeners) listener();
  };

  constructor(private readonly signal: AbortSignal) {
    hearers.set(signal, this);
    signal.addEventListener('abort', this.#tell, { once: true });
  }

  add(listener: () => void): () => void {
    // A function of its own for each, since the same one may be there twice.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => {
      if (!this.#listeners.delete(own) || this.#listeners.size > 0) return;
      this.signal.removeEventListener('abort', this.#tell);
      hearers.delete(this.signal);
    };
  }
}
