/**
 * What nodes wait for, by control edges, when some of it is not needed any more. An edge also tells a node of a conditional
 * branch whether the branch is taken; where it may do that, or where something else must have happened before, the node waits
 * for what went before instead.
 */
import { inputNode, isControlInput } from '../../graph/edges.js';
import { executionOrder } from '../../graph/execution-order.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { backOps, mergeOps } from '../../graph/op-kinds/control-flow.js';

/** What there is to a node, each of them one bit. `dead`: it may not run at all. */
export const waitBits = { gone: 1, lasting: 2, dead: 4 } as const;

const deadOps = /^(Ref)?(Switch|Enter|Exit|NextIteration)$|^(_SwitchN|LoopCond)$/;

export class ControlEdges {
  /** By position: the node's own bits, and those of all that it waits for. */
  readonly #bits: Uint8Array;
  /** By position, where it is not the node itself: the control inputs that stand for it. */
  readonly #instead = new Map<number, readonly string[]>();

  /**
   * @param own by position: `gone` where nobody needs to wait for the node, `lasting` where everybody must.
   * @param isPassedBy of a node before which something lasts: whether that is waited for in its place; a NoOp always is.
   */
  constructor(
    private readonly graph: Graph,
    own: Uint8Array,
    isPassedBy: (position: number) => boolean,
  ) {
    const { nodes, wiring } = graph;
    const order = executionOrder(graph);
    this.#bits = closure(graph, own, order);
    for (const position of order) {
      const isGroup = (nodes[position] as GraphNode).op === 'NoOp';
      if (!(isGroup || isPassedBy(position)) || !this.#has(position, waitBits.gone) || this.isLeftOver(position))
        continue;
      const before = wiring.sourcesOf(position).filter((source) => this.#has(source, waitBits.lasting | waitBits.dead));
      const inputs = before.flatMap((source) => this.#insteadOf(source));
      this.#instead.set(position, [...new Set(inputs)]);
    }
  }

  /** Whether nothing is lost where nobody waits for the node at a position. */
  isLeftOver(position: number): boolean {
    return this.#has(position, waitBits.gone) && !this.#has(position, waitBits.lasting | waitBits.dead);
  }

  /** The node itself where it waits for nothing that is gone. */
  edited(node: GraphNode): GraphNode {
    if (!node.inputs.some(isControlInput)) return node;
    const inputs = node.inputs.flatMap((input) => {
      const position = isControlInput(input) ? this.graph.wiring.positionOf(inputNode(input)) : -1;
      return position < 0 ? [input] : this.#insteadOf(position);
    });
    const seen = new Set<string>();
    // Data may come twice from one node.
    const left = inputs.filter((input) => !isControlInput(input) || (!seen.has(input) && seen.add(input)));
    const isSame = left.length === node.inputs.length && left.every((input, index) => input === node.inputs[index]);
    return isSame ? node : node.edit({ inputs: left });
  }

  #insteadOf(position: number): readonly string[] {
    if (this.isLeftOver(position)) return [];
    return this.#instead.get(position) ?? [`^${(this.graph.nodes[position] as GraphNode).name}`];
  }

  #has(position: number, bits: number): boolean {
    return ((this.#bits[position] as number) & bits) !== 0;
  }
}

/** Names of what a node waited for before, and does not now. */
export function notWaitedFor(before: GraphNode, after: GraphNode): string[] {
  const left = new Set(after.inputs);
  return before.inputs.filter((input) => isControlInput(input) && !left.has(input)).map(inputNode);
}

/** A loop's start takes from its end what was found there, so loops within loops take several rounds. */
function closure({ nodes, wiring }: Graph, own: Uint8Array, order: readonly number[]): Uint8Array {
  const bits = own.slice();
  const hasLoops = nodes.some(({ op }) => backOps.has(op));
  for (let isStable = false; !isStable; isStable ||= !hasLoops) {
    isStable = true;
    for (const position of order) {
      const { op } = nodes[position] as GraphNode;
      let found = own[position] as number;
      for (const source of wiring.sourcesOf(position)) found |= bits[source] as number;
      if (deadOps.test(op)) found |= waitBits.dead;
      if (mergeOps.has(op)) found &= ~waitBits.dead;
      if (found !== bits[position]) isStable = false;
      bits[position] = found;
    }
  }
  return bits;
}
