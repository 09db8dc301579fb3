/** The nodes that compute what writes leave. Each read may need one for each conditional and loop that it is in. */
import { FreeNames } from '../../graph/free-name.js';
import type { Graph } from '../../graph/graph.js';
import { GraphNode } from '../../graph/node.js';
import { mostExpanded } from '../../graph/weight.js';
import { beyond } from '../../limits.js';

/** Bytes that a new node takes besides its texts, in round numbers. */
const nodeWeight = 600;

export class AddedNodes {
  readonly #byName = new Map<string, GraphNode>();
  readonly #names: FreeNames;
  #most = 0;
  #weight = 0;

  constructor(private readonly graph: Graph) {
    this.#names = new FreeNames((name) => graph.byName.has(name));
  }

  get nodes(): GraphNode[] {
    return [...this.#byName.values()];
  }

  get(name: string): GraphNode | undefined {
    return this.#byName.get(name);
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /**
   * @param wanted its name, if that is free.
   * @returns its name.
   * @throws PermafrostError LIMIT_EXCEEDED
   */
  add(wanted: string, op: string, inputs: readonly string[], attributes: GraphNode['attributes']): string {
    this.#count(wanted, inputs);
    const name = this.#names.take(wanted);
    this.put(GraphNode.create(name, op, inputs, attributes));
    return name;
  }

  /** The same for one that has a name. */
  put(node: GraphNode): void {
    this.#byName.set(node.name, node);
  }

  #count(name: string, inputs: readonly string[]): void {
    if (this.#weight === 0) this.#most = mostExpanded(this.graph);
    this.#weight += inputs.reduce((sum, input) => sum + input.length, nodeWeight + name.length);
    if (this.#weight <= this.#most) return;
    throw beyond('expandedBytes', `The nodes that compute what writes leave come to more than ${this.#most} bytes`);
  }
}
