/**
 * Which tensors of TensorFlow 1's branches never come to be, because a Switch always goes the other way. As in TensorFlow's
 * executor, what has a dead input, of data or of control, is dead itself; a Merge only where all of its data inputs are.
 */
import { leadsBack } from '../../../graph/control-flow.js';
import { isControlInput, parseInput } from '../../../graph/edges.js';
import { executionOrder } from '../../../graph/execution-order.js';
import type { Graph } from '../../../graph/graph.js';
import type { GraphNode } from '../../../graph/node.js';
import { enterOps, mergeOps, switchOps } from '../../../graph/op-kinds/control-flow.js';
import { type Known, KnownValues } from './known-values.js';

/** How a node, or an output of it, is. */
const state = { alive: 0, sometimes: 1, dead: 2 } as const;

export class Liveness {
  readonly values: KnownValues;

  /** By position. */
  readonly #states: Uint8Array;
  /** By the position of a Switch that always goes one way: the number of the output that is alive. */
  readonly #taken = new Map<number, 0 | 1>();

  /** @param given as of `KnownValues`. */
  constructor(
    private readonly graph: Graph,
    given: ReadonlyMap<string, Known>,
  ) {
    this.#states = new Uint8Array(graph.nodes.length);
    this.values = new KnownValues(graph, given, (input) => this.isDead(input));
    if (!graph.nodes.some(({ op }) => switchOps.has(op))) return;
    for (const position of executionOrder(graph)) this.#visit(position);
  }

  /** Whether any Switch always goes one way. */
  get decides(): boolean {
    return this.#taken.size > 0;
  }

  /** The output of a Switch that everything goes to; undefined where that is not known, and of all other nodes. */
  taken(name: string): 0 | 1 | undefined {
    return this.#taken.get(this.graph.wiring.positionOf(name));
  }

  /** An input, of data or of control, by which nothing comes whatever happens. */
  isDead(input: string): boolean {
    return this.#stateOf(input) === state.dead;
  }

  isDeadNode(name: string): boolean {
    return this.isDead(`^${name}`);
  }

  /** Whether the node runs in every run of the graph, once. */
  isAlwaysAlive(name: string): boolean {
    return this.#stateOf(`^${name}`) === state.alive;
  }

  #stateOf(input: string): number {
    const { node, port } = parseInput(input);
    const position = this.graph.wiring.positionOf(node);
    const own = this.#states[position] ?? state.alive;
    if (own === state.dead || port < 0) return own;
    const taken = this.#taken.get(position);
    if (taken !== undefined) return port === taken ? own : state.dead;
    return switchOps.has(this.graph.nodes[position]?.op ?? '') ? state.sometimes : own;
  }

  #visit(position: number): void {
    const node = this.graph.nodes[position] as GraphNode;
    this.#states[position] = this.#computed(node);
    if (!switchOps.has(node.op) || this.#states[position] === state.dead) return;
    const predicate = this.values.bool(node.inputs[1] ?? '');
    if (predicate !== undefined) this.#taken.set(position, predicate ? 1 : 0);
  }

  #computed(node: GraphNode): number {
    if (mergeOps.has(node.op)) {
      const data = node.inputs.filter((input) => !isControlInput(input) && !leadsBack(this.graph, input));
      return data.reduce<number>((best, input) => Math.min(best, this.#stateOf(input)), state.dead);
    }
    // Runs whatever becomes of what it waits for.
    if (node.op === 'ControlTrigger') return state.alive;
    const worst = node.inputs.reduce<number>((found, input) => Math.max(found, this.#stateOf(input)), state.alive);
    // A loop's nodes run any number of times, and none of what is in its body in the last round.
    return enterOps.has(node.op) ? Math.max(worst, state.sometimes) : worst;
  }
}
