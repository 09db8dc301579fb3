/**
 * Numbers for the names of nodes. All graphs that come of one file share them, so where an input comes from is looked up
 * once, however many passes ask. A name that no node has, as that of a function's argument, has a number too.
 */
export class Names {
  readonly #numbers = new Map<string, number>();

  /** All numbers are below. */
  get size(): number {
    return this.#numbers.size;
  }

  /** A name that is new gets the next number. */
  number(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    const next = this.#numbers.size;
    this.#numbers.set(name, next);
    return next;
  }

  /** -1 for a name that never came up. */
  find(name: string): number {
    return this.#numbers.get(name) ?? -1;
  }
}
