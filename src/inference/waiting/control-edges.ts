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
import { AddedEdges } from './added-edges.js';

/** What there is to a node, each of them one bit. `dead`: it may not run at all. */
export const waitBits = { gone: 1, lasting: 2, dead: 4 } as const;

const deadOps = /^(Ref)?(Switch|Enter|Exit|NextIteration)$|^(_SwitchN|LoopCond)$/;

export class ControlEdges {
  /** By position: the node's own bits, and those of all that it waits for. */
  readonly #bits: Uint8Array;
  /** By position, where it is not the node itself: control inputs that stand for it, and positions of others for which some do. */
  readonly #instead = new Map<number, readonly (string | number)[]>();
  readonly #added: AddedEdges;

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
    this.#added = new AddedEdges(graph);
    const order = executionOrder(graph);
    this.#bits = closure(graph, own, order);
    for (const position of order) {
      const isGroup = (nodes[position] as GraphNode).op === 'NoOp';
      if (!(isGroup || isPassedBy(position)) || !this.#has(position, waitBits.gone) || this.isLeftOver(position))
        continue;
      const before = wiring.sourcesOf(position).filter((source) => this.#has(source, waitBits.lasting | waitBits.dead));
      this.#instead.set(position, [...new Set(before.map((source) => this.#standIn(source)))]);
    }
  }

  /** Whether nothing is lost where nobody waits for the node at a position. */
  isLeftOver(position: number): boolean {
    return this.#has(position, waitBits.gone) && !this.#has(position, waitBits.lasting | waitBits.dead);
  }

  /** The node itself where it waits for nothing that is gone. */
  edited(node: GraphNode): GraphNode {
    if (!node.inputs.some(isControlInput)) return node;
    const left: string[] = [];
    const found = new Set<string | number>();
    for (const input of node.inputs) {
      // Data may come twice from one node.
      if (isControlInput(input)) this.#addInstead(input, found, left);
      else left.push(input);
    }
    const isSame = left.length === node.inputs.length && left.every((input, index) => input === node.inputs[index]);
    return isSame ? node : node.edit({ inputs: left });
  }

  /**
   * Adds what stands for a control input, in the order in which it would be waited for one after the other.
   * @param found what is there already: inputs, and positions of those in whose place others are.
   */
  #addInstead(input: string, found: Set<string | number>, left: string[]): void {
    const position = this.graph.wiring.positionOf(inputNode(input));
    if (position >= 0 && this.isLeftOver(position)) return;
    const waiting = [position < 0 ? input : this.#standIn(position)];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (found.has(next)) continue;
      found.add(next);
      if (typeof next === 'string') left.push(next);
      else {
        const instead = this.#instead.get(next) ?? [];
        this.#added.count(instead);
        for (const each of instead.toReversed()) waiting.push(each);
      }
    }
  }

  #standIn(position: number): string | number {
    return this.#instead.has(position) ? position : `^${(this.graph.nodes[position] as GraphNode).name}`;
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

/** For each node, what is found before it. */
function closure({ nodes, wiring }: Graph, own: Uint8Array, order: readonly number[]): Uint8Array {
  const bits = own.slice();
  /** @returns whether that is new. */
  const add = (position: number, more: number): boolean => {
    const before = bits[position] as number;
    const { op } = nodes[position] as GraphNode;
    bits[position] = before | (mergeOps.has(op) ? more & ~waitBits.dead : more);
    return bits[position] !== before;
  };
  for (const position of order) {
    if (deadOps.test((nodes[position] as GraphNode).op)) add(position, waitBits.dead);
    for (const source of wiring.sourcesOf(position)) add(position, bits[source] as number);
  }
  // A loop's start takes from its end what was found there, and loops within loops from theirs.
  const waiting = nodes.some(({ op }) => backOps.has(op)) ? [...order] : [];
  for (let position = waiting.pop(); position !== undefined; position = waiting.pop()) {
    const more = bits[position] as number;
    wiring.forEachReader(wiring.numbers[position] as number, (reader) => {
      if (add(reader, more)) waiting.push(reader);
    });
  }
  return bits;
}
