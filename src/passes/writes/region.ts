/**
 * Some nodes of a graph, by their positions, each with a number of its own. One region after the other may use the same
 * numbering, which is as long as the graph and never has to be cleared: a position is in the region if its number leads
 * back to it.
 */
export class Region {
  readonly #positions: number[] = [];

  /** @param numbering by position; what an earlier region has left there does not matter. */
  constructor(private readonly numbering: Int32Array) {}

  get positions(): readonly number[] {
    return this.#positions;
  }

  /** -1 for a position that is not in the region. */
  numberOf(position: number): number {
    if (position < 0) return -1;
    const number = this.numbering[position] as number;
    return number < this.#positions.length && this.#positions[number] === position ? number : -1;
  }

  has(position: number): boolean {
    return this.numberOf(position) >= 0;
  }

  add(position: number): void {
    this.numbering[position] = this.#positions.push(position) - 1;
  }

  /**
   * Numbers the positions anew.
   * @param order of all positions.
   * @param places of all positions in that order.
   */
  sort(order: readonly number[], places: Int32Array): void {
    // The numbers of a typed array are sorted without a comparison of ours.
    const sorted = Int32Array.from(this.#positions, (position) => places[position] as number).sort();
    sorted.forEach((place, number) => {
      const position = order[place] as number;
      this.#positions[number] = position;
      this.numbering[position] = number;
    });
  }
}
