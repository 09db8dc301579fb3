/**
 * What a variable holds at each node of a graph: the stored value, or what writes have left in it. Edges are all that
 * orders two nodes; where they leave the order open, a run of the model may see either value, and the stored one is
 * taken.
 */
import { isControlInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { backOps, mergeOps } from '../../graph/op-kinds/control-flow.js';
import type { Wiring } from '../../graph/wiring.js';
import { latestVersion } from './latest-version.js';
import type { Patience } from './patience.js';
import type { Region } from './region.js';
import { type Chosen, depthAfter, stored, type Unknown, type Version, type Versions, type Written } from './version.js';

/** The versions of one variable; nodes by their positions. */
export class VersionsOfVariable implements Versions {
  /** By number in the region. */
  #before: Version[] = [];
  readonly #written = new Map<number, Written>();
  readonly #known = new Map<string, Version>();
  readonly #ids = new Map<Version, number>();

  /**
   * @param region the writes and all that runs after them, in an order in which they could run.
   * @param writers those that write to the variable.
   * @param inLoop whether a node is inside a loop.
   */
  constructor(
    private readonly wiring: Wiring,
    private readonly region: Region,
    private readonly writers: ReadonlySet<number>,
    private readonly inLoop: (position: number) => boolean,
    private readonly patience: Patience,
  ) {
    const loops = new Map<number, Unknown>();
    do {
      this.#before = [];
      for (const versions of [this.#written, this.#known]) versions.clear();
      for (const position of region.positions) {
        this.#before.push(loops.get(position) ?? this.#beforeNode(position));
      }
    } while (this.#findLoops(loops));
  }

  before(position: number): Version {
    const number = this.region.numberOf(position);
    return number < 0 || number >= this.#before.length ? stored : (this.#before[number] as Version);
  }

  after(position: number): Version {
    return this.writers.has(position) ? this.written(position) : this.before(position);
  }

  written(position: number): Written {
    const known = this.#written.get(position);
    if (known) return known;
    const before = this.before(position);
    const written: Written = { kind: 'written', depth: before.depth + 1, node: this.#nodeAt(position), before };
    this.#written.set(position, written);
    return written;
  }

  #nodeAt(position: number): GraphNode {
    return this.wiring.nodes[position] as GraphNode;
  }

  #beforeNode(position: number): Version {
    const node = this.#nodeAt(position);
    const sources = this.wiring.sourcesOf(position);
    if (!mergeOps.has(node.op)) return this.#latest(sources.map((source) => this.after(source)));
    const all = node.inputs.map((input, index) => ({ input, source: sources[index] as number }));
    const inputs = all
      .filter(({ input, source }) => !isControlInput(input) && !this.#isBackEdge(source))
      .map(({ input, source }) => ({ input, version: this.after(source) }));
    const controls = all.filter(({ input }) => isControlInput(input)).map(({ source }) => this.after(source));
    return this.#latest([this.#choice(position, inputs), ...controls]);
  }

  /** The same versions always have the same latest one, so that equal ones can be told. */
  #latest(versions: readonly Version[]): Version {
    const [first = stored] = versions;
    if (versions.every((version) => version === first)) return first;
    const different = [...new Set(versions)].filter((version) => version !== stored);
    if (different.length <= 1) return different[0] ?? stored;
    const key = different
      .map((version) => this.#idOf(version))
      .sort((a, b) => a - b)
      .join();
    const known = this.#known.get(key);
    if (known) return known;
    const latest = latestVersion(
      different,
      (merge, inputs) => this.#choice(this.wiring.positionOf(merge.name), inputs),
      this.patience,
    );
    this.#known.set(key, latest);
    return latest;
  }

  #idOf(version: Version): number {
    const id = this.#ids.get(version) ?? this.#ids.size;
    this.#ids.set(version, id);
    return id;
  }

  #choice(merge: number, inputs: Chosen['inputs']): Version {
    const versions = [...new Set(inputs.map(({ version }) => version))];
    if (versions.length <= 1) return versions[0] ?? stored;
    const depth = depthAfter(versions);
    // Outside of the loop, the choice would be made once; inside, once an iteration.
    if (this.inLoop(merge)) return { kind: 'unknown', depth, why: 'loop', versions };
    return { kind: 'chosen', depth, merge: this.#nodeAt(merge), inputs };
  }

  #isBackEdge(source: number): boolean {
    return this.region.has(source) && backOps.has(this.#nodeAt(source).op);
  }

  /** A loop that writes: what its start sees is another value in every iteration. */
  #findLoops(loops: Map<number, Unknown>): boolean {
    const before = loops.size;
    for (const position of this.region.positions) {
      const end = this.wiring.sourcesOf(position).find((source) => this.#isBackEdge(source));
      if (end === undefined || loops.has(position)) continue;
      const atEnd = this.before(end);
      if (atEnd === this.before(position)) continue;
      loops.set(position, { kind: 'unknown', depth: 1, why: 'loop', versions: [atEnd] });
    }
    return loops.size > before;
  }
}
