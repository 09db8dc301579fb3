/** Nodes that take the place of others, and new ones before them. */
import { freeName } from '../../graph/free-name.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';

export class NodeEdits {
  readonly #replaced = new Map<string, GraphNode>();
  readonly #before = new Map<string, GraphNode[]>();
  readonly #taken = new Set<string>();

  constructor(private readonly graph: Graph) {}

  /** A name that no node has, old or new. */
  freeName(wanted: string): string {
    const name = freeName(wanted, (other) => this.graph.byName.has(other) || this.#taken.has(other));
    this.#taken.add(name);
    return name;
  }

  /** The node of that name. */
  replace(node: GraphNode): void {
    this.#replaced.set(node.name, node);
  }

  addBefore({ name }: GraphNode, node: GraphNode): void {
    const added = this.#before.get(name);
    if (added) added.push(node);
    else this.#before.set(name, [node]);
  }

  /** The same graph where nothing was asked for. */
  apply(): Graph {
    if (this.#replaced.size === 0) return this.graph;
    return this.graph.withNodes(
      this.graph.nodes.flatMap((node) => {
        const { name } = node;
        return [...(this.#before.get(name) ?? []), this.#replaced.get(name) ?? node];
      }),
    );
  }
}
