/**
 * Decides between two threads whether the write has begun. Before, the worker has written nothing: it may not write any more,
 * and nobody waits for it. Once it writes, it is told to end and waited for, because the file may be complete by then, and only
 * the worker knows.
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

  /** For the other thread, when it wants no more: false where the worker writes already. */
  close(): boolean {
    return Atomics.compareExchange(this.#state, 0, open, closed) !== passed;
  }
}
