/**
 * Decides between two threads whether the write has begun. A worker that is ended before it has written nothing, so it is
 * simply stopped, whatever it is at; once it writes, it is told, because the file may be complete by then, and only the
 * worker knows.
 */
const open = 0;
const passed = 1;
const closed = 2;

export class WriteGate {
  readonly #state: Int32Array;

  /** @param memory undefined: a new gate. */
  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)) {
    this.#state = new Int32Array(memory);
  }

  /** For the worker: whether it need not go on. */
  get isClosed(): boolean {
    return Atomics.load(this.#state, 0) === closed;
  }

  /** For the worker, before it writes: false where it may not any more. */
  pass(): boolean {
    return Atomics.compareExchange(this.#state, 0, open, passed) !== closed;
  }

  /** For the other thread, before it stops the worker: false where that is writing. */
  close(): boolean {
    return Atomics.compareExchange(this.#state, 0, open, closed) !== passed;
  }
}
