/**
 * What a variable holds at each node of a graph: the stored value, or what writes have left in it. Edges are all that
 * orders two nodes; where they leave the order open, a run of the model may see either value, and the stored one is
 * taken.
 *
 * Thousands of variables may each be followed through all of a graph: versions are numbers here, and what is done for a node
 * that sees one alone takes nanoseconds.
 */
import { isControlInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { backOps } from '../../graph/op-kinds/control-flow.js';
import type { Wiring } from '../../graph/wiring.js';
import { latestVersion } from './latest-version.js';
import type { Patience } from './patience.js';
import type { Sources } from './sources.js';
import { type Chosen, depthAfter, stored, type Unknown, type Version, type Versions, type Written } from './version.js';

/** What one more or less looks at, in inputs that are gone through in the time. */
const joinWork = 64;
const newJoinWork = 512;
const loopWork = 128;

/** More than there are versions. */
const manyVersions = 2 ** 26;

/** The versions of one variable; nodes by their positions. */
export class VersionsOfVariable implements Versions {
  /** By number, 0 for the stored one; and their numbers. */
  #versions: Version[] = [];
  readonly #numbers = new Map<Version, number>();
  /** By place of a write: what it finds. */
  readonly #found = new Map<number, number>();
  /** Sets of versions by number, 0 for the empty one: by such a set and a larger number than all in it, the set with that. */
  readonly #sets = new Map<number, number>();
  /** By number of a set. */
  readonly #latestOf = new Map<number, number>();

  /**
   * @param held what the variable holds when a node has run: by place, and one more. What an earlier variable has left there
   * does not matter, and a later one may overwrite it.
   * @param writers those that write to the variable.
   * @param end the place behind the last node that is of interest.
   * @param inLoop whether a node is inside a loop.
   */
  constructor(
    private readonly wiring: Wiring,
    private readonly sources: Sources,
    private readonly held: Int32Array,
    private readonly writers: ReadonlySet<number>,
    private readonly end: number,
    private readonly inLoop: (position: number) => boolean,
    private readonly patience: Patience,
  ) {
    const loops = new Map<number, Unknown>();
    for (this.#walk(loops); this.#findLoops(loops); this.#walk(loops)) {
      patience.work(end + sources.all.length + 8 * sources.loops.length + loopWork * loops.size);
    }
  }

  before(position: number): Version {
    return position < 0 ? stored : (this.#versions[this.#numberBefore(this.#placeOf(position))] as Version);
  }

  after(position: number): Version {
    return position < 0 ? stored : (this.#versions[this.held[this.#placeOf(position)] as number] as Version);
  }

  written(position: number): Written {
    return this.after(position) as Written;
  }

  #placeOf(position: number): number {
    return this.sources.places[position] as number;
  }

  #nodeAt(place: number): GraphNode {
    return this.wiring.nodes[this.sources.order[place] as number] as GraphNode;
  }

  #numberBefore(place: number): number {
    return this.#found.get(place) ?? (this.held[place] as number);
  }

  /** Goes through all nodes. The starts of loops that write see what is given for them, by place. */
  #walk(loops: ReadonlyMap<number, Unknown>): void {
    this.held.fill(0);
    this.#versions = [stored];
    for (const map of [this.#numbers, this.#found, this.#sets, this.#latestOf]) map.clear();
    this.#numbers.set(stored, 0);
    const writes = new Set(Array.from(this.writers, (position) => this.#placeOf(position)));
    const special = Int32Array.from(new Set([...writes, ...loops.keys()])).sort();
    // Before the first of them, all see the stored value.
    let next = special[0] ?? this.end;
    for (const place of special) {
      this.#pass(next, place + 1);
      const loop = loops.get(place);
      if (loop) this.held[place] = this.#numberOf(loop);
      if (writes.has(place)) this.held[place] = this.#write(place, this.held[place] as number);
      next = place + 1;
    }
    this.#pass(next, this.end);
  }

  #pass(start: number, end: number): void {
    const { held } = this;
    const { first, all, isMerge } = this.sources;
    for (let place = start; place < end; place++) {
      const last = first[place + 1] as number;
      let at = first[place] as number;
      let number = at < last ? (held[all[at] as number] as number) : 0;
      const takesOne = isMerge[place] === 1;
      for (at++; at < last; at++) {
        const other = held[all[at] as number] as number;
        if (other === number || (other === 0 && !takesOne)) continue;
        if (number === 0 && !takesOne) number = other;
        else break;
      }
      if (at < last) number = takesOne ? this.#merged(place) : this.#joined(place);
      held[place] = number;
    }
  }

  #write(place: number, found: number): number {
    this.#found.set(place, found);
    const before = this.#versions[found] as Version;
    return this.#numberOf({ kind: 'written', depth: before.depth + 1, node: this.#nodeAt(place), before });
  }

  /** What a node sees that waits for several. */
  #joined(place: number): number {
    const { first, all } = this.sources;
    const numbers: number[] = [];
    for (let at = first[place] as number; at < (first[place + 1] as number); at++) {
      numbers.push(this.held[all[at] as number] as number);
    }
    return this.#latest(numbers);
  }

  /** What a node sees that gives what one of its inputs is. */
  #merged(place: number): number {
    const node = this.#nodeAt(place);
    const sources = this.wiring.sourcesOf(this.sources.order[place] as number);
    this.patience.work(joinWork * sources.length);
    const inputs: { input: string; version: Version }[] = [];
    const controls: number[] = [];
    for (const [index, input] of node.inputs.entries()) {
      const source = sources[index] as number;
      if (isControlInput(input)) controls.push(this.#numberOf(this.after(source)));
      else if (!backOps.has(this.wiring.nodes[source]?.op ?? '')) inputs.push({ input, version: this.after(source) });
    }
    return this.#latest([this.#numberOf(this.#choice(node, inputs)), ...controls]);
  }

  /** The same versions always have the same latest one, so that equal ones can be told. */
  #latest(numbers: readonly number[]): number {
    const different = [...new Set(numbers)].filter((number) => number !== 0);
    if (different.length <= 1) return different[0] ?? 0;
    this.patience.work(joinWork * numbers.length);
    const set = this.#setOf(different);
    const known = this.#latestOf.get(set);
    if (known !== undefined) return known;
    this.patience.work(newJoinWork);
    const versions = different.map((number) => this.#versions[number] as Version);
    const latest = latestVersion(versions, (merge, inputs) => this.#choice(merge, inputs), this.patience);
    const number = this.#numberOf(latest);
    this.#latestOf.set(set, number);
    return number;
  }

  #setOf(numbers: readonly number[]): number {
    let set = 0;
    for (const number of Int32Array.from(numbers).sort()) {
      const key = set * manyVersions + number;
      const larger = this.#sets.get(key) ?? this.#sets.size + 1;
      this.#sets.set(key, larger);
      set = larger;
    }
    return set;
  }

  #numberOf(version: Version): number {
    const known = this.#numbers.get(version);
    if (known !== undefined) return known;
    const number = this.#versions.push(version) - 1;
    this.#numbers.set(version, number);
    return number;
  }

  #choice(merge: GraphNode, inputs: Chosen['inputs']): Version {
    const versions = [...new Set(inputs.map(({ version }) => version))];
    if (versions.length <= 1) return versions[0] ?? stored;
    const depth = depthAfter(versions);
    // Outside of the loop, the choice would be made once; inside, once an iteration.
    if (this.inLoop(this.wiring.positionOf(merge.name))) return { kind: 'unknown', depth, why: 'loop', versions };
    return { kind: 'chosen', depth, merge, inputs };
  }

  /** A loop that writes: what its start sees is another value in every iteration. */
  #findLoops(loops: Map<number, Unknown>): boolean {
    const known = loops.size;
    for (const { start, end } of this.sources.loops) {
      const before = this.#numberBefore(start);
      const atEnd = this.held[end] as number;
      const isLoop = atEnd !== before && (atEnd !== 0 || this.sources.isMerge[start] === 1);
      if (!isLoop || loops.has(start)) continue;
      const versions = [this.#versions[atEnd === 0 ? before : atEnd] as Version];
      loops.set(start, { kind: 'unknown', depth: 1, why: 'loop', versions });
    }
    return loops.size > known;
  }
}
