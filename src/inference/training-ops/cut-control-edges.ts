/**
 * Takes away the control edges that make an output wait for what only training needs: summaries, checks, optimisers, what is
 * computed of the labels. An edge also tells a node of a conditional branch whether the branch is taken; where it may do that,
 * or where something else must have happened before, the node waits for what the left-over waited for instead.
 */
import { isControlInput } from '../../graph/edges.js';
import { backOps, executionOrder } from '../../graph/execution-order.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import type { Rewrite } from '../every-scope.js';
import type { Scope } from '../scope.js';
import { EffectsOfCalls, effectBits, effectOf } from './effects.js';
import { LeftOverWrites } from './left-over-writes.js';

/** Besides `effectBits`: the node may not run at all. A Merge runs whichever of its inputs does. */
const deadBit = 8;
const mergeOps: ReadonlySet<string> = new Set(['Merge', 'RefMerge']);
const deadOps = /^(Ref)?(Switch|Enter|Exit|NextIteration)$|^(_SwitchN|LoopCond)$/;

/** @param outputs names of the graph's outputs. */
export function cutControlEdges(graph: Graph, outputs: readonly string[]): Rewrite {
  const leftOver = new LeftOverWrites(graph, outputs);
  return (scope) => cutIn(scope, leftOver);
}

function cutIn(scope: Scope, leftOver: LeftOverWrites): void {
  const { graph, needed } = scope;
  const { wiring } = graph;
  const waiting = new Waiting(scope, leftOver);
  for (const position of needed.positions()) {
    const node = graph.nodes[position] as GraphNode;
    if (!node.inputs.some(isControlInput)) continue;
    const sources = wiring.sourcesOf(position);
    const inputs = node.inputs.flatMap((input, index) =>
      isControlInput(input) ? waiting.insteadOf(sources[index] as number) : [input],
    );
    const left = [...new Set(inputs)];
    if (left.length === node.inputs.length && left.every((input, index) => input === node.inputs[index])) continue;
    scope.replace(node.edit({ inputs: left }));
    const gone = node.inputs.filter((input) => !left.includes(input)).map((input) => input.slice(1));
    scope.report('training-ops', node.name, `does not wait any more for ${gone.join(', ')}, which only training needs`);
  }
  for (const control of scope.controls) {
    if (!waiting.isLeftOver(wiring.positionOf(control))) continue;
    scope.dropControl(control);
    scope.report('training-ops', control, 'does not run any more, since only training needs it');
  }
}

class Waiting {
  /** By position: what running the node does, and all that it waits for. */
  readonly #bits: Uint8Array;
  /** By position, where it is not the node itself: the control inputs that stand for it. */
  readonly #instead = new Map<number, readonly string[]>();

  constructor(
    private readonly scope: Scope,
    leftOver: LeftOverWrites,
  ) {
    const { graph, functionName } = scope;
    const { nodes, wiring } = graph;
    const isLeftOver = (writer: GraphNode): boolean => leftOver.has(functionName, writer);
    const calls = new EffectsOfCalls(graph);
    const own = Uint8Array.from(nodes, (node) => effectBits[effectOf(node, isLeftOver)] | calls.of(node));
    const order = executionOrder(graph);
    this.#bits = closure(scope, own, order);
    for (const position of order) {
      const node = nodes[position] as GraphNode;
      const isTraining = own[position] === effectBits.training || node.op === 'NoOp';
      if (!isTraining || !this.#concernsTraining(position) || this.isLeftOver(position)) continue;
      const inputs = wiring.sourcesOf(position).flatMap((source) => this.insteadOf(source));
      this.#instead.set(position, [...new Set(inputs)]);
    }
  }

  /** Whether nothing is lost where nobody waits for the node. */
  isLeftOver(position: number): boolean {
    return (
      this.#concernsTraining(position) && ((this.#bits[position] as number) & (effectBits.lasting | deadBit)) === 0
    );
  }

  /** The control inputs that take the place of one from the node at a position. */
  insteadOf(position: number): readonly string[] {
    if (this.isLeftOver(position)) return [];
    return this.#instead.get(position) ?? [`^${(this.scope.graph.nodes[position] as GraphNode).name}`];
  }

  #concernsTraining(position: number): boolean {
    return ((this.#bits[position] as number) & (effectBits.training | effectBits.input)) !== 0;
  }
}

/** A loop's start takes from its end what was found there, so loops within loops take several rounds. */
function closure({ graph }: Scope, own: Uint8Array, order: readonly number[]): Uint8Array {
  const { nodes, wiring } = graph;
  const bits = own.slice();
  const hasLoops = nodes.some(({ op }) => backOps.has(op));
  for (let isStable = false; !isStable; isStable ||= !hasLoops) {
    isStable = true;
    for (const position of order) {
      const { op } = nodes[position] as GraphNode;
      let found = own[position] as number;
      for (const source of wiring.sourcesOf(position)) found |= bits[source] as number;
      if (deadOps.test(op)) found |= deadBit;
      if (mergeOps.has(op)) found &= ~deadBit;
      if (found !== bits[position]) isStable = false;
      bits[position] = found;
    }
  }
  return bits;
}
