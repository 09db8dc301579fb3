/** Measures phases that follow each other, in milliseconds. */
export class Stopwatch {
  readonly #start = performance.now();
  #last: number = this.#start;

  /** Since the last lap. */
  lap(): number {
    const now = performance.now();
    const elapsed = now - this.#last;
    this.#last = now;
    return elapsed;
  }

  total(): number {
    return performance.now() - this.#start;
  }
}
