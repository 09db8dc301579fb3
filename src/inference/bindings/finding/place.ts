/** A graph or a body, what counts in it, and whether anything comes of its tensors in the end. */
import { dataConsumersByName } from '../../../graph/consumers.js';
import { graphNotation } from '../../../graph/edges.js';
import { referencedFunctions } from '../../../graph/function-references.js';
import type { Graph } from '../../../graph/graph.js';
import type { GraphNode } from '../../../graph/node.js';
import { dataUpstream, type NodeSet } from '../../../graph/upstream.js';
import { effectOf } from '../../waiting/effects.js';

const noOutputs: ReadonlySet<string> = new Set();

export class Place {
  /** The nodes that anything comes of. */
  #useful: NodeSet | undefined;
  /** By node: those of its outputs that anything comes of. */
  readonly #usedPorts = new Map<string, ReadonlySet<number>>();

  /** @param outputs names of nodes that are read from outside. */
  constructor(
    readonly graph: Graph,
    private readonly needed: NodeSet,
    private readonly outputs: ReadonlySet<string> = noOutputs,
  ) {}

  isNeeded(name: string): boolean {
    return this.needed.has(name);
  }

  isOutput(name: string): boolean {
    return this.outputs.has(name);
  }

  /** Whether an output of a node comes to something. */
  isUsed({ name }: GraphNode, port: number): boolean {
    const known = this.#usedPorts.get(name);
    if (known) return known.has(port);
    const readers = dataConsumersByName(this.graph.wiring, graphNotation)(name);
    const used = readers.filter(({ node }) => this.isNeeded(node.name) && this.comesToSomething(node));
    const ports = new Set(used.map((reader) => reader.port));
    this.#usedPorts.set(name, ports);
    return ports.has(port);
  }

  /** Whether outputs are computed from what a node makes of its inputs, or anything lasting is done with it. */
  comesToSomething({ name }: GraphNode): boolean {
    this.#useful ??= dataUpstream(this.graph, this.#ends(), ({ inputs }) => inputs);
    return this.#useful.has(name);
  }

  /** Names of the needed nodes that are something themselves. */
  #ends(): string[] {
    return this.needed
      .nodes()
      .flatMap((node) => (this.isOutput(node.name) || isEnd(node, this.graph) ? node.name : []));
  }
}

function isEnd(node: GraphNode, { library }: Graph): boolean {
  const isCall = library.byName.has(node.op) || referencedFunctions(node).length > 0;
  return isCall || node.op === '_Retval' || !/^(none|training)$/.test(effectOf(node, () => false));
}
