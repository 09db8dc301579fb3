/**
 * What runs after a write, and what before a use, for 32 variables in one walk over the graph: each has a bit of its own.
 * Thousands of writes may come before thousands of reads, and a walk for each variable would then be too many.
 */
import type { Sources } from './sources.js';

/** Bits of a number. */
export const laneCount = 32;

/** Positions of nodes. */
export interface Lane {
  readonly writes: Iterable<number>;
  readonly uses: Iterable<number>;
}

export class Lanes {
  /** By place, the lanes whose write has run when the node has, and those whose uses the node comes before. */
  readonly #after: Int32Array;
  readonly #before: Int32Array;
  #merging = 0;

  /** @param sources of a graph without loops. */
  constructor(private readonly sources: Sources) {
    // One more, for a node that there is not.
    this.#after = new Int32Array(sources.order.length + 1);
    this.#before = new Int32Array(sources.order.length + 1);
  }

  /** @param lanes at most `laneCount`; those of before are forgotten. */
  follow(lanes: readonly Lane[]): void {
    this.#mark(this.#after, lanes, ({ writes }) => writes);
    this.#mark(this.#before, lanes, ({ uses }) => uses);
    this.#spread();
    this.#merging = 0;
    this.sources.isMerge.forEach((isMerge, place) => {
      if (isMerge === 1) this.#merging |= (this.#after[place] as number) & (this.#before[place] as number);
    });
  }

  /** Whether a node is the write or runs after it. */
  isAfter(lane: number, position: number): boolean {
    return position >= 0 && ((this.#after[this.sources.places[position] as number] as number) & (1 << lane)) !== 0;
  }

  /** Whether something is merged between the write and a use: the branch of a conditional that ran decides there. */
  isMerged(lane: number): boolean {
    return (this.#merging & (1 << lane)) !== 0;
  }

  #mark(bits: Int32Array, lanes: readonly Lane[], positionsOf: (lane: Lane) => Iterable<number>): void {
    bits.fill(0);
    lanes.forEach((each, lane) => {
      for (const position of positionsOf(each)) {
        const place = this.sources.places[position] as number;
        bits[place] = (bits[place] as number) | (1 << lane);
      }
    });
  }

  /** Along the edges: what has run, forwards; what is waited for, backwards. */
  #spread(): void {
    const { first, all } = this.sources;
    const after = this.#after;
    const before = this.#before;
    const count = this.sources.order.length;
    for (let place = 0; place < count; place++) {
      let bits = after[place] as number;
      const end = first[place + 1] as number;
      for (let at = first[place] as number; at < end; at++) bits |= after[all[at] as number] as number;
      after[place] = bits;
    }
    for (let place = count - 1; place >= 0; place--) {
      const bits = before[place] as number;
      if (bits === 0) continue;
      const end = first[place + 1] as number;
      for (let at = first[place] as number; at < end; at++) {
        const source = all[at] as number;
        before[source] = (before[source] as number) | bits;
      }
    }
  }
}
