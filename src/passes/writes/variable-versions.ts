/**
 * What a variable holds at each node of a graph: the stored value, or what writes have left in it. Edges are all that
 * orders two nodes; where they leave the order open, a run of the model may see either value, and the stored one is
 * taken.
 */
import { inputNode, isControlInput } from '../../graph/edges.js';
import { backOps } from '../../graph/execution-order.js';
import type { GraphNode } from '../../graph/node.js';
import { mergeOps } from '../retyping/value-rules.js';
import { latestVersion } from './latest-version.js';
import { type Chosen, depthAfter, stored, type Unknown, type Version, type Written } from './version.js';

/** The versions of one variable. */
export class VersionsOfVariable {
  readonly #byName: ReadonlyMap<string, GraphNode>;
  readonly #before = new Map<string, Version>();
  readonly #written = new Map<string, Written>();
  readonly #known = new Map<string, Version>();
  readonly #ids = new Map<Version, number>();

  /**
   * @param nodes the writes and all that runs after them, in an order in which they could run.
   * @param writers the names of the nodes that write to the variable.
   * @param inLoop whether a node is inside a loop.
   */
  constructor(
    nodes: readonly GraphNode[],
    private readonly writers: ReadonlySet<string>,
    private readonly inLoop: (name: string) => boolean,
  ) {
    this.#byName = new Map(nodes.map((node) => [node.name, node]));
    const loops = new Map<string, Unknown>();
    do {
      for (const versions of [this.#before, this.#written, this.#known]) versions.clear();
      for (const node of nodes) this.#before.set(node.name, loops.get(node.name) ?? this.#beforeNode(node));
    } while (this.#findLoops(loops));
  }

  /** What the variable holds when the node runs. */
  before(name: string): Version {
    return this.#before.get(name) ?? stored;
  }

  /** What it holds when the node has run. */
  after(name: string): Version {
    return this.writers.has(name) ? this.written(name) : this.before(name);
  }

  /** @param name of a node that writes. */
  written(name: string): Written {
    const known = this.#written.get(name);
    if (known) return known;
    const before = this.before(name);
    const node = this.#byName.get(name) as GraphNode;
    const written: Written = { kind: 'written', depth: before.depth + 1, node, before };
    this.#written.set(name, written);
    return written;
  }

  #beforeNode(node: GraphNode): Version {
    if (!mergeOps.has(node.op)) return this.#latest(node.inputs.map((input) => this.after(inputNode(input))));
    const inputs = node.inputs
      .filter((input) => !isControlInput(input) && !this.#isBackEdge(input))
      .map((input) => ({ input, version: this.after(inputNode(input)) }));
    const controls = node.inputs.filter(isControlInput).map((input) => this.after(inputNode(input)));
    return this.#latest([this.#choice(node, inputs), ...controls]);
  }

  /** The same versions always have the same latest one, so that equal ones can be told. */
  #latest(versions: readonly Version[]): Version {
    const different = [...new Set(versions)].filter((version) => version !== stored);
    if (different.length <= 1) return different[0] ?? stored;
    const key = different
      .map((version) => this.#idOf(version))
      .sort((a, b) => a - b)
      .join();
    const known = this.#known.get(key);
    if (known) return known;
    const latest = latestVersion(different, (merge, inputs) => this.#choice(merge, inputs));
    this.#known.set(key, latest);
    return latest;
  }

  #idOf(version: Version): number {
    const id = this.#ids.get(version) ?? this.#ids.size;
    this.#ids.set(version, id);
    return id;
  }

  #choice(merge: GraphNode, inputs: Chosen['inputs']): Version {
    const versions = [...new Set(inputs.map(({ version }) => version))];
    if (versions.length <= 1) return versions[0] ?? stored;
    const depth = depthAfter(versions);
    // Outside of the loop, the choice would be made once; inside, once an iteration.
    if (this.inLoop(merge.name)) return { kind: 'unknown', depth, why: 'loop', versions };
    return { kind: 'chosen', depth, merge, inputs };
  }

  #isBackEdge(input: string): boolean {
    return backOps.has(this.#byName.get(inputNode(input))?.op ?? '');
  }

  /** A loop that writes: what its start sees is another value in every iteration. */
  #findLoops(loops: Map<string, Unknown>): boolean {
    const before = loops.size;
    for (const merge of this.#byName.values()) {
      const end = merge.inputs.find((input) => this.#isBackEdge(input));
      if (end === undefined || loops.has(merge.name)) continue;
      const atStart = this.before(merge.name);
      const atEnd = this.before(inputNode(end));
      if (atEnd === atStart) continue;
      loops.set(merge.name, { kind: 'unknown', depth: 1, why: 'loop', versions: [atEnd] });
    }
    return loops.size > before;
  }
}
