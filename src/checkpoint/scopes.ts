/** The main graph, or the body of a function as one node of the graph calls it: its arguments are the call's inputs. */
import { readAttribute } from '../graph/attributes.js';
import { bodyNotation, dataInputs, graphNotation, type Notation } from '../graph/edges.js';
import type { GraphFunction } from '../graph/function.js';
import type { Graph } from '../graph/graph.js';
import { pastIdentities } from '../graph/identities.js';
import type { GraphNode } from '../graph/node.js';
import { plainCallOps } from '../graph/op-kinds/calls.js';
import type { NodeSet } from '../graph/upstream.js';
import type { Wiring } from '../graph/wiring.js';
import { limits } from '../limits.js';

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
 * The main graph, and the bodies of the functions that its nodes call, at any depth. Of each node of the main graph,
 * every function is entered once: a recursive one, or one of a damaged file, has an end.
 * @param from the nodes of the main graph to start from; undefined: all.
 */
export function* scopesOf(graph: Graph, from: NodeSet | undefined): Generator<Scope> {
  const main = mainScope(graph);
  const known: KnownFunctions = new Map();
  yield main;
  for (const node of graph.nodes) {
    if (from === undefined || from.has(node.name)) yield* bodiesOf(graph, main, node, new Set(), known);
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

type KnownFunctions = Map<GraphFunction, KnownFunction>;

function knownOf(called: GraphFunction, functions: KnownFunctions): KnownFunction {
  const known = functions.get(called) ?? {
    calls: called.nodes.filter(({ op }) => plainCallOps.has(op)),
    args: new Map(called.inputs.map(({ name }, index) => [name, index])),
  };
  functions.set(called, known);
  return known;
}

function* bodiesOf(
  graph: Graph,
  scope: Scope,
  node: GraphNode,
  entered: Set<string>,
  functions: KnownFunctions,
  depth = 1,
): Generator<Scope> {
  if (!plainCallOps.has(node.op) || depth > limits().callDepth) return;
  const name = readAttribute(node, 'f')?.func?.name ?? '';
  const called = graph.library.byName.get(name);
  if (!called || entered.has(name)) return;
  entered.add(name);
  const inputs = dataInputs(node);
  const known = knownOf(called, functions);
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
  for (const each of known.calls) yield* bodiesOf(graph, body, each, entered, functions, depth + 1);
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
