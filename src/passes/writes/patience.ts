/**
 * How much is done at most for a graph whose conditionals write in no order. With each more of them that something runs
 * after, there are as many times more versions that it may see as the conditional has branches.
 */
export class Patience {
  #left: number;

  /** @param nodes how many the graph has. 8 conditionals of two branches, one in another, take some 15,000 steps. */
  constructor(nodes: number) {
    this.#left = 2 ** 16 + 16 * nodes;
  }

  get isOver(): boolean {
    return this.#left < 0;
  }

  spend(steps: number): void {
    this.#left -= steps;
  }
}
