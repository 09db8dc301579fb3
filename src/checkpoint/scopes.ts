/** The main graph, or the body of a function as one node of the graph calls it: its arguments are the call's inputs. */
import { bodyNotation, dataInputs, graphNotation, type Notation } from '../graph/edges.js';
import type { GraphFunction } from '../graph/function.js';
import type { Graph } from '../graph/graph.js';
import { pastIdentities } from '../graph/identities.js';
import type { GraphNode } from '../graph/node.js';
import type { NodeSet } from '../graph/upstream.js';
import type { Wiring } from '../graph/wiring.js';
import { limits } from '../limits.js';
import { calledBy, leadingTo } from './leading-functions.js';

export interface Scope {
  readonly nodes: readonly GraphNode[];
  readonly wiring: Wiring;
  readonly notation: Notation;
  /** Where the value of an argument of that name comes from; undefined where there is no such argument. */
  readonly argument: (name: string) => Source | undefined;
}

/** An input as it is written in a scope. */
export interface Source {
  readonly scope: Scope;
  readonly input: string;
}

/**
 * The main graph, and the bodies of the functions that its nodes call, at any depth, as far as they lead to nodes of the
 * ops. Of each node of the main graph, every function is entered once: a recursive one, or one of a damaged file, has an end.
 * @param from the nodes of the main graph to start from; undefined: all.
 */
export function* scopesOf(graph: Graph, from: NodeSet | undefined, ops: ReadonlySet<string>): Generator<Scope> {
  const main = mainScope(graph);
  const known = new KnownFunctions(graph, leadingTo(ops, graph));
  yield main;
  for (const node of graph.nodes) {
    if (from === undefined || from.has(node.name)) yield* bodiesOf(known, main, node, new Set());
  }
}

export function mainScope({ nodes, wiring }: Graph): Scope {
  return { nodes, wiring, notation: graphNotation, argument: () => undefined };
}

/** What need not be found out again for each call of a function. */
interface KnownFunction {
  readonly calls: readonly GraphNode[];
  /** Numbers of the arguments by their names. */
  readonly args: ReadonlyMap<string, number>;
}

class KnownFunctions {
  readonly #known = new Map<GraphFunction, KnownFunction>();

  constructor(
    private readonly graph: Graph,
    private readonly leading: ReadonlySet<GraphFunction>,
  ) {}

  /** The function that a node calls, where that leads anywhere. */
  calledBy(node: GraphNode): GraphFunction | undefined {
    const called = calledBy(node, this.graph);
    return called && this.leading.has(called) ? called : undefined;
  }

  of(called: GraphFunction): KnownFunction {
    const known = this.#known.get(called) ?? {
      calls: called.nodes.filter((node) => this.calledBy(node)),
      args: new Map(called.inputs.map(({ name }, index) => [name, index])),
    };
    this.#known.set(called, known);
    return known;
  }
}

function* bodiesOf(
  functions: KnownFunctions,
  scope: Scope,
  node: GraphNode,
  entered: Set<GraphFunction>,
  depth = 1,
): Generator<Scope> {
  const called = depth > limits().callDepth ? undefined : functions.calledBy(node);
  if (!called || entered.has(called)) return;
  entered.add(called);
  const inputs = dataInputs(node);
  const known = functions.of(called);
  const body: Scope = {
    nodes: called.nodes,
    wiring: called.wiring,
    notation: bodyNotation,
    argument: (argument) => {
      const input = inputs[known.args.get(argument) ?? -1];
      return input === undefined ? undefined : { scope, input };
    },
  };
  yield body;
  for (const each of known.calls) yield* bodiesOf(functions, body, each, entered, depth + 1);
}

/** The node and port that an input comes from, past any Identity and out of any function whose argument it is. */
export function origin({ scope, input }: Source): { scope: Scope; node: GraphNode; port: number } | undefined {
  const edge = pastIdentities(scope, input, scope.notation);
  if (!edge) return undefined;
  const outside = scope.argument(edge.node);
  if (outside) return origin(outside);
  const node = scope.wiring.get(edge.node);
  return node && { scope, node, port: edge.port };
}
