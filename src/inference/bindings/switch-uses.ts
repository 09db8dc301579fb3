/** What a placeholder of a bool is used for: to decide branches, here and in functions that get it, or as data. */

import { readAttribute } from '../../graph/attributes.js';
import type { Consumer } from '../../graph/consumers.js';
import { dataConsumersByName } from '../../graph/consumers.js';
import { graphNotation, isControlInput } from '../../graph/edges.js';
import type { GraphFunction } from '../../graph/function.js';
import { functionsOfAttribute, reachableFunctions, referencedFunctions } from '../../graph/function-references.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { enterOps, mergeOps, switchOps } from '../../graph/op-kinds/control-flow.js';
import { identityOps, reshapingOps } from '../../graph/op-kinds/handing-on.js';
import { upstream } from '../../graph/upstream.js';
import { BodyGraph } from '../body-graph.js';
import { effectOf } from '../training-ops/effects.js';
import { callOf } from './calls.js';
import { isBranching } from './resolve-choice.js';
import { selectOps } from './resolve-selects.js';
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
  ...['LogicalAnd', 'LogicalOr', 'LogicalNot', 'ToBool'],
  ...identityOps,
  ...enterOps,
  // TensorFlow puts a Squeeze before an If whose predicate has no known shape.
  ...reshapingOps,
]);

/** How many nodes are looked at for whether anything comes of a tensor. */
const maxFollowed = 1000;

interface Place {
  readonly graph: Graph;
  readonly isNeeded: (name: string) => boolean;
  readonly isOutput: (name: string) => boolean;
}

/** A result of a function that is the placeholder, or its negation. */
interface Returned {
  readonly result: string;
  readonly isPlain: boolean;
}

/** What is the placeholder, or its negation: a node's output of that number, or all of them. */
interface Followed {
  readonly name: string;
  readonly port?: number;
  readonly isPlain: boolean;
}

/** By function, argument and negation: the results that are handed on. */
type Seen = Map<string, readonly { readonly port: number; readonly isPlain: boolean }[]>;

export class SwitchUsesFinder {
  readonly #bodies = new Map<string, Graph>();

  constructor(private readonly main: Place) {}

  of(name: string): SwitchUses {
    const uses: FoundUses = { isData: false, decides: false, whenTrue: new Map(), whenFalse: new Map() };
    this.#follow(this.main, name, true, uses, new Map());
    return uses;
  }

  /**
   * @param isPlain whether true is true: a negation is between them where not.
   * @returns the results that are handed on.
   */
  #follow(place: Place, start: string, isPlain: boolean, uses: FoundUses, seen: Seen): Returned[] {
    const readers = dataConsumersByName(place.graph.wiring, graphNotation);
    const returned: Returned[] = [];
    const waiting: Followed[] = [{ name: start, isPlain }];
    const found = new Set<string>();
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const { name, isPlain: plain, port: wanted } = next;
      const key = `${name}:${wanted ?? ''}:${plain}`;
      if (found.has(key)) continue;
      found.add(key);
      if (name !== start && place.isOutput(name)) uses.isData = true;
      for (const reader of readers(name)) {
        const { node, input, port } = reader;
        if (!place.isNeeded(node.name) || (wanted !== undefined && wanted !== port)) continue;
        if (node.op === '_Retval') returned.push({ result: node.name, isPlain: plain });
        else if (isCarrier(reader) || (switchOps.has(node.op) && input === 0)) {
          waiting.push({ name: node.name, isPlain: node.op === 'LogicalNot' ? !plain : plain });
        } else waiting.push(...this.#use(place, reader, plain, uses, seen));
      }
    }
    return returned;
  }

  /** @returns what else is the placeholder, because functions hand it on. */
  #use(place: Place, { node, input }: Consumer, isPlain: boolean, uses: FoundUses, seen: Seen): readonly Followed[] {
    const { graph, isNeeded } = place;
    const [on, off] = isPlain ? [uses.whenTrue, uses.whenFalse] : [uses.whenFalse, uses.whenTrue];
    if (switchOps.has(node.op)) {
      uses.decides = true;
      addAfter(graph, node, 1, isNeeded, nodesIn(graph, on));
      addAfter(graph, node, 0, isNeeded, nodesIn(graph, off));
      return [];
    }
    if (/^(Stateless)?If$/.test(node.op) && input === 0) {
      uses.decides = true;
      for (const body of this.#bodiesOf(node, 'then_branch')) on.set(body, new Set(body.nodes));
      for (const body of this.#bodiesOf(node, 'else_branch')) off.set(body, new Set(body.nodes));
      return [];
    }
    if (selectOps.has(node.op) && input === 0) {
      uses.decides = true;
      return [];
    }
    const call = callOf(node, this.main.graph.library);
    const handed = [...(call?.handed ?? [])].filter(([, text]) => text === node.inputs[input]);
    if (!call || handed.length === 0) {
      uses.isData ||= comesToSomething(place, node);
      return [];
    }
    return handed.flatMap(([argument]) =>
      call.names.flatMap((name) => this.#handedOn(place, node, name, argument, isPlain, uses, seen)),
    );
  }

  /** What a call gives of a placeholder that it is handed. */
  #handedOn(
    place: Place,
    node: GraphNode,
    name: string,
    argument: number,
    isPlain: boolean,
    uses: FoundUses,
    seen: Seen,
  ): readonly Followed[] {
    const returned = this.#followInto(name, argument, isPlain, uses, seen);
    if (returned.length === 0) return [];
    if (isBranching(node)) {
      // What one branch returns is more than the placeholder.
      uses.isData ||= place.isOutput(node.name) || returned.some(({ port }) => isUsed(place, node, port));
      return [];
    }
    // So is what decides how often a loop runs.
    if (functionsOfAttribute(node, 'cond').includes(name)) {
      uses.isData = true;
      return [];
    }
    return returned.map(({ port, isPlain: plain }) => ({ name: node.name, port, isPlain: plain }));
  }

  #followInto(
    name: string,
    argument: number,
    isPlain: boolean,
    uses: FoundUses,
    seen: Seen,
  ): readonly { readonly port: number; readonly isPlain: boolean }[] {
    const key = `${name}:${argument}:${isPlain}`;
    const known = seen.get(key);
    const source = this.main.graph.library.byName.get(name);
    if (known || !source) return known ?? [];
    seen.set(key, []);
    const graph = this.#bodyOf(source);
    const results = graph.nodes.flatMap((node) => (node.op === '_Retval' ? node.name : []));
    const needed = upstream(graph, [...results, ...source.controlReturns.values()]);
    const place = { graph, isNeeded: (each: string) => needed.has(each), isOutput: () => false };
    const returned = this.#follow(place, source.inputs[argument]?.name ?? '', isPlain, uses, seen);
    const found = returned.map(({ result, isPlain: plain }) => ({ port: results.indexOf(result), isPlain: plain }));
    seen.set(key, found);
    return found;
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

function isCarrier({ node, input }: Consumer): boolean {
  return carriers.has(node.op) && (input === 0 || node.op.startsWith('Logical'));
}

function isUsed(place: Place, { name }: GraphNode, port: number): boolean {
  const readers = dataConsumersByName(place.graph.wiring, graphNotation)(name);
  return readers.some(
    (reader) => reader.port === port && place.isNeeded(reader.node.name) && comesToSomething(place, reader.node),
  );
}

/** Whether outputs are computed from what a node makes of its inputs, or anything lasting is done with it. */
function comesToSomething({ graph, isNeeded, isOutput }: Place, first: GraphNode): boolean {
  const readers = dataConsumersByName(graph.wiring, graphNotation);
  const found = new Set([first]);
  for (const node of found) {
    const isCall = referencedFunctions(node).length > 0 || graph.library.byName.has(node.op);
    const isHarmless = !isCall && /^(none|training)$/.test(effectOf(node, () => false));
    if (!isHarmless || node.op === '_Retval' || isOutput(node.name) || found.size > maxFollowed) return true;
    for (const reader of readers(node.name)) if (isNeeded(reader.node.name)) found.add(reader.node);
  }
  return false;
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
