/** A GraphDef as the passes see it: nodes in their order, found by name; functions; versions as bytes. */
import type { FunctionLibrary } from './library.js';
import { Names } from './names.js';
import type { GraphNode } from './node.js';
import { Wiring } from './wiring.js';

/** Finds the nodes of a graph, or of a function's body, by their names. */
export type NodesByName = Pick<ReadonlyMap<string, GraphNode>, 'get' | 'has' | 'keys'>;

/** One for all: there may be very many bodies of functions. */
const nothing = Buffer.alloc(0);

export class Graph {
  #wiring: Wiring | undefined;

  constructor(
    readonly nodes: readonly GraphNode[],
    /** Empty where the graph has no functions. */
    readonly library: FunctionLibrary,
    /** The encoded VersionDef; empty where the graph has none. */
    readonly versions: Uint8Array,
    /** Those of the file that the graph comes from. */
    private readonly names: Names,
  ) {}

  /** One that comes of no file. */
  static of(nodes: readonly GraphNode[], library: FunctionLibrary): Graph {
    return new Graph(nodes, library, nothing, new Names(nothing, 0));
  }

  get wiring(): Wiring {
    this.#wiring ??= new Wiring(this.nodes, this.names);
    return this.#wiring;
  }

  get byName(): NodesByName {
    return this.wiring;
  }

  /** The same graph, where no node changes. */
  mapNodes(change: (node: GraphNode) => GraphNode): Graph {
    const nodes = this.nodes.map(change);
    return nodes.some((node, position) => node !== this.nodes[position]) ? this.withNodes(nodes) : this;
  }

  withNodes(nodes: readonly GraphNode[]): Graph {
    return new Graph(nodes, this.library, this.versions, this.names);
  }

  withLibrary(library: FunctionLibrary): Graph {
    const graph = new Graph(this.nodes, library, this.versions, this.names);
    graph.#wiring = this.#wiring;
    return graph;
  }
}
