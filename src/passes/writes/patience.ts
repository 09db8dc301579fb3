/** How much is done at most to find out what nodes read, so that no graph takes longer than its size is worth. */
import { takesTooLong } from './refusals.js';

export class Patience {
  #choices: number;
  #work: number;

  /** @param nodes how many the graph has. */
  constructor(nodes: number) {
    // 8 conditionals of two branches, one in another, take some 15,000 steps.
    this.#choices = 2 ** 16 + 16 * nodes;
    // An input takes a nanosecond or two: these are a second, and far more than what graphs of a size come to.
    this.#work = 2 ** 29 + 2 ** 12 * nodes;
  }

  /** Whether there were too many conditionals that write in no order. */
  get isOver(): boolean {
    return this.#choices < 0;
  }

  /**
   * With each more conditional that something runs after, there are as many times more versions that it may see as that has
   * branches.
   */
  spend(versions: number): void {
    this.#choices -= versions;
  }

  /**
   * @param steps as many as inputs are gone through in the time.
   * @throws PermafrostError VARIABLE_NOT_FREEZABLE where there were too many.
   */
  work(steps: number): void {
    this.#work -= steps;
    if (this.#work < 0) throw takesTooLong();
  }
}
