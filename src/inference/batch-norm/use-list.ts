import type { Consumer } from '../../graph/consumers.js';

/** A norm has fewer in all. */
const mostUses = 1_000;

/** Uses that are still to be looked at, the last one first. Where ways meet, 2^n of them lead to one use: it comes up once. */
export class UseList {
  readonly #waiting: Consumer[] = [];
  readonly #seen = new Set<string>();
  #isOver = false;

  /** @param most as many as there may be at a time. */
  constructor(
    private readonly most: number,
    uses: readonly Consumer[],
  ) {
    this.push(uses);
  }

  get length(): number {
    return this.#waiting.length;
  }

  /** Whether there were more than it took. */
  get isOver(): boolean {
    return this.#isOver;
  }

  push(uses: readonly Consumer[]): void {
    for (const use of uses) {
      const key = `${use.position} ${use.input}`;
      if (this.#seen.has(key)) continue;
      this.#isOver ||= this.length > this.most || this.#seen.size > mostUses;
      if (this.#isOver) return;
      this.#seen.add(key);
      this.#waiting.push(use);
    }
  }

  pop(): Consumer | undefined {
    return this.#waiting.pop();
  }
}
