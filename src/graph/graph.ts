/** A GraphDef as the passes see it: nodes in their order, found by name; functions; versions as bytes. */
import type { FunctionLibrary } from './library.js';
import type { GraphNode } from './node.js';

export class Graph {
  #byName: ReadonlyMap<string, GraphNode> | undefined;

  constructor(
    readonly nodes: readonly GraphNode[],
    /** Empty where the graph has no functions. */
    readonly library: FunctionLibrary,
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

  withLibrary(library: FunctionLibrary): Graph {
    return new Graph(this.nodes, library, this.versions);
  }
}
