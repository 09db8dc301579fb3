/** Measures phases that follow each other, in milliseconds. */
export class Stopwatch {
  readonly #start = now();
  #last: number = this.#start;

  /** Since the last lap. */
  lap(): number {
    const last = this.#last;
    this.#last = now();
    return this.#last - last;
  }

  total(): number {
    return now() - this.#start;
  }
}

/** Not `performance`, which Node loads when somebody asks for it: that takes a millisecond itself. */
function now(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
