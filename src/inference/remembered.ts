/** What was found out of something by its name, for as long as whatever it belongs to is there, and does not change. */
export class Remembered<Result> {
  readonly #known = new WeakMap<object, Map<string, Result>>();

  /** @param find is called the first time. */
  of(owner: object, name: string, find: () => Result): Result {
    const known = this.#known.get(owner) ?? new Map<string, Result>();
    this.#known.set(owner, known);
    if (known.has(name)) return known.get(name) as Result;
    const result = find();
    known.set(name, result);
    return result;
  }
}
