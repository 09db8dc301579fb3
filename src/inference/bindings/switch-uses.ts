/** What a placeholder of a bool is used for: to decide branches, here and in functions that get it, or as data. */

import { readAttribute } from '../../graph/attributes.js';
import type { Consumer } from '../../graph/consumers.js';
import { dataConsumersByName } from '../../graph/consumers.js';
import { graphNotation, isControlInput } from '../../graph/edges.js';
import type { GraphFunction } from '../../graph/function.js';
import { reachableFunctions } from '../../graph/function-references.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { mergeOps, switchOps } from '../../graph/op-kinds/control-flow.js';
import { BodyGraph } from '../body-graph.js';
import { callOf } from './calls.js';
import type { NodesByGraph } from './training-evidence.js';

export interface SwitchUses {
  /** Whether anything takes it for more than the choice of a branch. */
  isData: boolean;
  /** Whether it decides any branch. */
  decides: boolean;
  /** Nodes that run only where the placeholder is true. */
  readonly whenTrue: NodesByGraph;
  readonly whenFalse: NodesByGraph;
}

interface FoundUses extends SwitchUses {
  readonly whenTrue: Map<Graph, Set<GraphNode>>;
  readonly whenFalse: Map<Graph, Set<GraphNode>>;
}

/** Ops whose output decides what their input decides. */
const carriers: ReadonlySet<string> = new Set([
  ...['Identity', 'StopGradient', 'Snapshot', 'Enter', 'RefEnter', 'LogicalAnd', 'LogicalOr', 'LogicalNot'],
]);

interface Place {
  readonly graph: Graph;
  readonly isNeeded: (name: string) => boolean;
}

export class SwitchUsesFinder {
  readonly #bodies = new Map<string, Graph>();

  constructor(private readonly main: Place) {}

  of(name: string): SwitchUses {
    const uses: FoundUses = { isData: false, decides: false, whenTrue: new Map(), whenFalse: new Map() };
    this.#follow(this.main, name, true, uses, new Set());
    return uses;
  }

  /** @param isPlain whether true is true: a negation is between them where not. */
  #follow(place: Place, start: string, isPlain: boolean, uses: FoundUses, seen: Set<string>): void {
    const readers = dataConsumersByName(place.graph.wiring, graphNotation);
    const waiting: [name: string, isPlain: boolean][] = [[start, isPlain]];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [name, plain] = next;
      for (const reader of readers(name)) {
        const { node } = reader;
        if (!place.isNeeded(node.name)) continue;
        if (carriers.has(node.op) || (switchOps.has(node.op) && reader.input === 0)) {
          waiting.push([node.name, node.op === 'LogicalNot' ? !plain : plain]);
        } else this.#use(place, reader, plain, uses, seen);
      }
    }
  }

  #use(
    { graph, isNeeded }: Place,
    { node, input }: Consumer,
    isPlain: boolean,
    uses: FoundUses,
    seen: Set<string>,
  ): void {
    const [on, off] = isPlain ? [uses.whenTrue, uses.whenFalse] : [uses.whenFalse, uses.whenTrue];
    if (switchOps.has(node.op)) {
      uses.decides = true;
      addAfter(graph, node, 1, isNeeded, nodesIn(graph, on));
      addAfter(graph, node, 0, isNeeded, nodesIn(graph, off));
      return;
    }
    if (/^(Stateless)?If$/.test(node.op) && input === 0) {
      uses.decides = true;
      for (const body of this.#bodiesOf(node, 'then_branch')) on.set(body, new Set(body.nodes));
      for (const body of this.#bodiesOf(node, 'else_branch')) off.set(body, new Set(body.nodes));
      return;
    }
    const call = callOf(node, this.main.graph.library);
    const handed = [...(call?.handed ?? [])].filter(([, text]) => text === node.inputs[input]);
    if (!call || handed.length === 0) uses.isData = true;
    for (const name of call?.names ?? []) {
      for (const [argument] of handed) this.#followInto(name, argument, isPlain, uses, seen);
    }
  }

  #followInto(name: string, argument: number, isPlain: boolean, uses: FoundUses, seen: Set<string>): void {
    const key = `${name}:${argument}:${isPlain}`;
    const source = this.main.graph.library.byName.get(name);
    if (seen.has(key) || !source) return;
    seen.add(key);
    const graph = this.#bodyOf(source);
    this.#follow({ graph, isNeeded: () => true }, source.inputs[argument]?.name ?? '', isPlain, uses, seen);
  }

  #bodyOf(source: GraphFunction): Graph {
    const body = this.#bodies.get(source.name) ?? new BodyGraph(source, this.main.graph.library).graph;
    this.#bodies.set(source.name, body);
    return body;
  }

  /** Of a branch, and of what it calls. */
  #bodiesOf(node: GraphNode, branch: string): Graph[] {
    const { graph } = this.main;
    const first = graph.library.byName.get(readAttribute(node, branch)?.func?.name ?? '');
    if (!first) return [];
    const called = [...reachableFunctions(graph.withNodes(first.nodes))];
    const all = [first, ...called.map((name) => graph.library.byName.get(name))];
    return all.flatMap((each) => (each ? this.#bodyOf(each) : []));
  }
}

function nodesIn(graph: Graph, all: Map<Graph, Set<GraphNode>>): Set<GraphNode> {
  const own = all.get(graph) ?? new Set();
  all.set(graph, own);
  return own;
}

/** What runs where a Switch goes one way, up to where the ways meet again. @param found gets the nodes; what is there was gone through. */
function addAfter(
  graph: Graph,
  { name }: GraphNode,
  port: number,
  isNeeded: (name: string) => boolean,
  found: Set<GraphNode>,
): void {
  const { wiring } = graph;
  const waiting: GraphNode[] = [];
  wiring.forEachReader(wiring.numberOf(name), (position, input) => {
    const reader = graph.nodes[position] as GraphNode;
    const text = reader.inputs[input] as string;
    if (!isControlInput(text) && graphNotation.parse(text).port === port) waiting.push(reader);
  });
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (found.has(node) || mergeOps.has(node.op) || !isNeeded(node.name)) continue;
    found.add(node);
    wiring.forEachReader(wiring.numberOf(node.name), (position) => waiting.push(graph.nodes[position] as GraphNode));
  }
}
