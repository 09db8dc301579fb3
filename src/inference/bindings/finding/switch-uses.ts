/** What a placeholder of a bool is used for: to decide branches, here and in functions that get it, or as data. */
import { readAttribute } from '../../../graph/attributes.js';
import { type Consumer, dataConsumersByName } from '../../../graph/consumers.js';
import { graphNotation } from '../../../graph/edges.js';
import type { GraphFunction } from '../../../graph/function.js';
import { FunctionReach, functionsOfAttribute } from '../../../graph/function-references.js';
import type { Graph } from '../../../graph/graph.js';
import type { GraphNode } from '../../../graph/node.js';
import { choiceOps } from '../../../graph/op-kinds/calls.js';
import { enterOps, switchOps } from '../../../graph/op-kinds/control-flow.js';
import { identityOps, reshapingOps, selectOps } from '../../../graph/op-kinds/handing-on.js';
import { Patience } from '../../../passes/writes/patience.js';
import { FunctionBodies } from './function-bodies.js';
import type { Place } from './place.js';
import { addSwitched } from './switched-nodes.js';
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

/** A result of a function, by its number, that is the placeholder, or its negation. */
interface Returned {
  readonly port: number;
  readonly isPlain: boolean;
}

/** What is the placeholder, or its negation: a node's output of that number, or all of them. */
interface Followed {
  readonly name: string;
  readonly port?: number;
  readonly isPlain: boolean;
}

export class SwitchUsesFinder {
  readonly #bodies: FunctionBodies;
  readonly #patience: Patience;

  constructor(private readonly main: Place) {
    const { nodes, library } = main.graph;
    this.#bodies = new FunctionBodies(library);
    const inFunctions = library.functions.reduce((sum, each) => sum + each.nodes.length, 0);
    this.#patience = new Patience(2 * (nodes.length + inFunctions));
  }

  /**
   * @param name of the placeholder.
   * @returns that it is data, where too many others before it went through much of the graph.
   */
  of(name: string): SwitchUses {
    const walk = new UseWalk(this.#bodies, this.#patience);
    walk.follow(this.main, name, true);
    return this.#patience.isOver ? { ...walk.uses, isData: true, decides: false } : walk.uses;
  }
}

/** Goes from one placeholder to all that takes it. */
class UseWalk {
  readonly uses: FoundUses = { isData: false, decides: false, whenTrue: new Map(), whenFalse: new Map() };

  /** By function, argument and negation: the results that are handed on. */
  readonly #seen = new Map<string, readonly Returned[]>();
  /** By what they are found for: the branches of Ifs, and the functions that those call. */
  readonly #whole = new Map<NodesByGraph, { branches: Set<GraphFunction>; called: FunctionReach }>();

  constructor(
    private readonly bodies: FunctionBodies,
    private readonly patience: Patience,
  ) {}

  /**
   * @param start name of the node, or of the argument, that is the placeholder.
   * @param isPlain whether true is true: a negation is between them where not.
   * @returns the results, by the names of their nodes, that it is handed on by; whether they are plain.
   */
  follow(place: Place, start: string, isPlain: boolean): [result: string, isPlain: boolean][] {
    const readers = dataConsumersByName(place.graph.wiring, graphNotation);
    const returned: [string, boolean][] = [];
    const waiting: Followed[] = [{ name: start, isPlain }];
    const found = new Set<string>();
    for (let next = waiting.pop(); next !== undefined && !this.patience.isOver; next = waiting.pop()) {
      const { name, isPlain: plain, port: wanted } = next;
      const key = `${name}:${wanted ?? ''}:${plain}`;
      if (found.has(key)) continue;
      found.add(key);
      if (name !== start && place.isOutput(name)) this.uses.isData = true;
      for (const reader of readers(name)) {
        const { node, input, port } = reader;
        this.patience.spend(1);
        if (!place.isNeeded(node.name) || (wanted !== undefined && wanted !== port)) continue;
        if (node.op === '_Retval') returned.push([node.name, plain]);
        else if (isCarrier(reader) || (switchOps.has(node.op) && input === 0)) {
          waiting.push({ name: node.name, isPlain: node.op === 'LogicalNot' ? !plain : plain });
        } else for (const each of this.#use(place, reader, plain)) waiting.push(each);
      }
    }
    return returned;
  }

  /** @returns what else is the placeholder, because functions hand it on. */
  #use(place: Place, { node, input }: Consumer, isPlain: boolean): readonly Followed[] {
    const { uses } = this;
    const [on, off] = isPlain ? [uses.whenTrue, uses.whenFalse] : [uses.whenFalse, uses.whenTrue];
    if (switchOps.has(node.op)) {
      uses.decides = true;
      addSwitched(place, node, 1, nodesIn(place.graph, on), this.patience);
      addSwitched(place, node, 0, nodesIn(place.graph, off), this.patience);
      return [];
    }
    if (/^(Stateless)?If$/.test(node.op) && input === 0) {
      uses.decides = true;
      this.#addBranch(node, 'then_branch', on);
      this.#addBranch(node, 'else_branch', off);
      return [];
    }
    if (selectOps.has(node.op) && input === 0) {
      uses.decides = true;
      return [];
    }
    const called = this.bodies.calledBy(node);
    const handed = called?.handed.get(node.inputs[input] as string);
    if (!called || !handed) {
      uses.isData ||= place.comesToSomething(node);
      return [];
    }
    const { names } = called.call;
    this.patience.spend(handed.length * names.length);
    if (this.patience.isOver) return [];
    return handed.flatMap((argument) => names.flatMap((name) => this.#handedOn(place, node, name, argument, isPlain)));
  }

  /** The function that an attribute of an If names, and all that it calls, run where the placeholder says so. */
  #addBranch(node: GraphNode, attribute: string, found: Map<Graph, Set<GraphNode>>): void {
    const first = this.bodies.library.byName.get(readAttribute(node, attribute)?.func?.name ?? '');
    const whole = this.#whole.get(found) ?? { branches: new Set(), called: new FunctionReach(this.bodies.library) };
    this.#whole.set(found, whole);
    if (!first || whole.branches.has(first)) return;
    whole.branches.add(first);
    for (const source of [first, ...whole.called.from(first.nodes)]) {
      const { graph } = this.bodies.of(source).place;
      this.patience.spend(graph.nodes.length);
      found.set(graph, new Set(graph.nodes));
    }
  }

  /** What a call gives of a placeholder that it hands to a function. */
  #handedOn(place: Place, node: GraphNode, name: string, argument: number, isPlain: boolean): readonly Followed[] {
    const { uses } = this;
    const returned = this.#followInto(name, argument, isPlain);
    this.patience.spend(returned.length);
    if (returned.length === 0) return [];
    if (choiceOps.has(node.op)) {
      // What one branch returns is more than the placeholder.
      uses.isData ||= place.isOutput(node.name) || returned.some(({ port }) => place.isUsed(node, port));
      return [];
    }
    // So is what decides how often a loop runs.
    if (functionsOfAttribute(node, 'cond').includes(name)) {
      uses.isData = true;
      return [];
    }
    return returned.map(({ port, isPlain: plain }) => ({ name: node.name, port, isPlain: plain }));
  }

  #followInto(name: string, argument: number, isPlain: boolean): readonly Returned[] {
    const key = `${name}:${argument}:${isPlain}`;
    const known = this.#seen.get(key);
    const source = this.bodies.library.byName.get(name);
    if (known || !source) return known ?? [];
    this.#seen.set(key, []);
    const { place, results } = this.bodies.of(source);
    const returned = this.follow(place, source.inputs[argument]?.name ?? '', isPlain);
    const found = returned.map(([result, plain]) => ({ port: results.get(result) as number, isPlain: plain }));
    this.#seen.set(key, found);
    return found;
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
