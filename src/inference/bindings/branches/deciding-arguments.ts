/** Which arguments of functions may decide a branch, in them or in what they call: only for those it matters what they are. */
import { inputNode } from '../../../graph/edges.js';
import type { Graph } from '../../../graph/graph.js';
import type { FunctionLibrary } from '../../../graph/library.js';
import type { GraphNode } from '../../../graph/node.js';
import { choiceOps } from '../../../graph/op-kinds/calls.js';
import { switchOps } from '../../../graph/op-kinds/control-flow.js';
import { selectOps } from '../../../graph/op-kinds/handing-on.js';
import { upstream } from '../../../graph/upstream.js';
import { bodyGraphOf } from '../../body-graphs.js';
import { callOf } from './calls.js';

export class DecidingArguments {
  readonly #found = new Map<string, ReadonlySet<number>>();

  constructor(private readonly library: FunctionLibrary) {}

  /** Numbers of arguments. */
  of(name: string): ReadonlySet<number> {
    const known = this.#found.get(name);
    if (known) return known;
    // What calls itself cannot run: nothing decides there.
    this.#found.set(name, new Set());
    const found = this.#find(name);
    this.#found.set(name, found);
    return found;
  }

  #find(name: string): ReadonlySet<number> {
    const source = this.library.byName.get(name);
    if (!source) return new Set();
    const { graph } = bodyGraphOf(source, this.library);
    const before = upstream(graph, this.#deciding(graph));
    return new Set(source.inputs.flatMap((argument, index) => (before.has(argument.name) ? [index] : [])));
  }

  /** The nodes that predicates come from. */
  #deciding({ nodes }: Graph): string[] {
    return nodes.flatMap((node) => [...this.#selectors(node), ...this.#handed(node)]).map(inputNode);
  }

  #selectors(node: GraphNode): readonly string[] {
    if (choiceOps.has(node.op) || selectOps.has(node.op)) return node.inputs.slice(0, 1);
    return switchOps.has(node.op) ? node.inputs.slice(1, 2) : [];
  }

  #handed(node: GraphNode): string[] {
    const call = callOf(node, this.library);
    const deciding = new Set<number>();
    for (const name of new Set(call?.names)) for (const argument of this.of(name)) deciding.add(argument);
    return [...(call?.handed ?? [])].flatMap(([argument, input]) => (deciding.has(argument) ? [input] : []));
  }
}
