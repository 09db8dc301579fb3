/** A GraphDef as the passes see it: nodes in their order, found by name; the function library and versions as bytes. */
import type { GraphNode } from './node.js';

export class Graph {
  #byName: ReadonlyMap<string, GraphNode> | undefined;

  constructor(
    readonly nodes: readonly GraphNode[],
    /** The encoded FunctionDefLibrary; empty where the graph has none. */
    readonly library: Uint8Array,
    /** The encoded VersionDef; empty where the graph has none. */
    readonly versions: Uint8Array,
  ) {}

  get byName(): ReadonlyMap<string, GraphNode> {
    this.#byName ??= new Map(this.nodes.map((node) => [node.name, node]));
    return this.#byName;
  }

  withNodes(nodes: readonly GraphNode[]): Graph {
    return new Graph(nodes, this.library, this.versions);
  }
}
