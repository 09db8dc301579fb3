/** Nodes that take the place of others, and new ones before them. */
import { FreeNames } from '../../graph/free-name.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';

export class NodeEdits {
  readonly #replaced = new Map<string, GraphNode>();
  readonly #before = new Map<string, GraphNode[]>();
  readonly #names: FreeNames;

  constructor(private readonly graph: Graph) {
    this.#names = new FreeNames((name) => graph.byName.has(name));
  }

  /** A name that no node has, old or new. */
  freeName(wanted: string): string {
    return this.#names.take(wanted);
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
