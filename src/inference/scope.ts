/**
 * A graph as the rewrites see it: the main graph, or a function's body in the notation of graphs (`body-graph.ts`), where
 * `_Arg` nodes are its arguments and `_Retval` nodes its results. So each rewrite is written once for both.
 */

import { type ConsumersOf, dataConsumersByName } from '../graph/consumers.js';
import { graphNotation } from '../graph/edges.js';
import { FreeNames } from '../graph/free-name.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { type NodeSet, upstream } from '../graph/upstream.js';
import { isVariable } from '../graph/variables.js';
import type { Change } from './change.js';
import type { VariableNames } from './variables/variable-names.js';

export class Scope {
  /** What the outputs need, along data and control edges. What is evidence for a rewrite may be anywhere in the graph. */
  readonly needed: NodeSet;
  /** By the name of a node: who reads its outputs. */
  readonly readers: ConsumersOf;

  readonly #replaced = new Map<string, GraphNode>();
  readonly #added = new Map<string, GraphNode>();
  readonly #dropped = new Set<string>();
  /** Made when one is asked for: most rewrites find nothing to do in most of thousands of functions. */
  #names: FreeNames | undefined;

  /**
   * @param outputs names of nodes that keep their meaning: the graph's outputs, or a body's results.
   * @param controls names of the nodes that a function runs besides, whatever its results need.
   * @param unread names of results that nothing is computed from: any tensor of their type and shape will do.
   */
  constructor(
    readonly graph: Graph,
    readonly outputs: ReadonlySet<string>,
    readonly functionName: string | undefined,
    readonly controls: ReadonlySet<string>,
    readonly unread: ReadonlySet<string>,
    private readonly changes: Change[],
    private readonly names?: VariableNames,
  ) {
    this.needed = upstream(graph, outputs);
    this.readers = remembered(dataConsumersByName(graph.wiring, graphNotation));
  }

  /** @param outputs names of the graph's outputs. */
  static ofGraph(graph: Graph, outputs: readonly string[], changes: Change[]): Scope {
    return new Scope(graph, new Set(outputs), undefined, new Set(), new Set(), changes);
  }

  /** A node as it is by now. */
  node(name: string): GraphNode | undefined {
    return this.#replaced.get(name) ?? this.graph.byName.get(name) ?? this.#added.get(name);
  }

  /** Puts an edited node in the place of the one of its name. */
  replace(node: GraphNode): void {
    this.#replaced.set(node.name, node);
  }

  /** @param node has a name that `freeName` gave. */
  add(node: GraphNode): void {
    this.#added.set(node.name, node);
  }

  /** Takes a node out of what a function runs whatever its results need; a body keeps nothing else that is idle. */
  dropControl(name: string): void {
    if (this.functionName !== undefined && this.graph.byName.has(name)) this.#dropped.add(name);
  }

  freeName(wanted: string): string {
    this.#names ??= new FreeNames((name) => this.node(name) !== undefined);
    return this.#names.take(wanted);
  }

  /** What a variable is called, or all that an argument may be; an argument of which that is not known, by its own name. */
  variableNames({ name, op }: GraphNode): readonly string[] {
    if (op !== '_Arg' || this.functionName === undefined) return [name];
    const names = this.names?.ofArgument(this.functionName, name) ?? [];
    return names.length > 0 ? names : [name];
  }

  /** The variables that a node is, or may be as an argument; none where that is not known. */
  variables(node: GraphNode): readonly GraphNode[] {
    if (isVariable(node)) return [node];
    return this.functionName === undefined ? [] : (this.names?.variables(this.functionName, node.name) ?? []);
  }

  report(rewrite: Change['rewrite'], node: string, text: string): void {
    this.changes.push({ rewrite, node, functionName: this.functionName, text, isLeft: false });
  }

  /** Says of a node that stays as it is what the rewrite would have been about. */
  note(rewrite: Change['rewrite'], node: string, text: string): void {
    this.changes.push({ rewrite, node, functionName: this.functionName, text, isLeft: true });
  }

  /** Names of the nodes that it has said this of. */
  noted(rewrite: Change['rewrite']): Set<string> {
    const own = this.changes.filter((each) => each.isLeft && each.functionName === this.functionName);
    return new Set(own.filter((each) => each.rewrite === rewrite).map(({ node }) => node));
  }

  get isChanged(): boolean {
    return this.#replaced.size + this.#added.size + this.#dropped.size > 0;
  }

  /** The graph with all edits; what is new stands at its end. */
  finish(): { readonly graph: Graph; readonly controls: ReadonlySet<string> } {
    if (!this.isChanged) return { graph: this.graph, controls: this.controls };
    const nodes = this.graph.nodes.map((node) => this.#replaced.get(node.name) ?? node);
    const controls = new Set([...this.controls].filter((name) => !this.#dropped.has(name)));
    return { graph: this.graph.withNodes([...nodes, ...this.#added.values()]), controls };
  }
}

/** Those of so few readers are as soon gone through as remembered. */
const few = 64;

/** Thousands may ask for the readers of one node, of which there may be thousands. */
function remembered(consumersOf: ConsumersOf): ConsumersOf {
  const known = new Map<string, ReturnType<ConsumersOf>>();
  return (producer) => {
    const consumers = known.get(producer) ?? consumersOf(producer);
    if (consumers.length > few) known.set(producer, consumers);
    return consumers;
  };
}
