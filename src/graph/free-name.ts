/**
 * Gives out names, each once: what is wanted, or that with a number behind it where it is taken. Where one is wanted thousands of
 * times, the numbers are not tried anew each time.
 */
export class FreeNames {
  readonly #given = new Set<string>();
  /** By what was wanted: the number that comes next. */
  readonly #numbers = new Map<string, number>();

  constructor(private readonly taken: (name: string) => boolean) {}

  take(wanted: string): string {
    let number = this.#numbers.get(wanted) ?? 0;
    let name: string;
    do {
      name = number === 0 ? wanted : `${wanted}_${number}`;
      number++;
    } while (this.taken(name) || this.#given.has(name));
    this.#numbers.set(wanted, number);
    this.#given.add(name);
    return name;
  }
}

/** A single one. */
export function freeName(wanted: string, taken: (name: string) => boolean): string {
  return new FreeNames(taken).take(wanted);
}
