/** The main graph, or the body of a function as one node of the graph calls it: its arguments are the call's inputs. */
import { readAttribute } from '../graph/attributes.js';
import { dataInputs, type InputEdge, isControlInput, parseBodyInput, parseInput } from '../graph/edges.js';
import { maxCallDepth } from '../graph/function-references.js';
import type { Graph, NodesByName } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { plainCallOps } from '../graph/op-kinds/calls.js';
import type { NodeSet } from '../graph/upstream.js';

export interface Scope {
  readonly nodes: readonly GraphNode[];
  readonly byName: NodesByName;
  readonly parse: (input: string) => InputEdge;
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
  yield main;
  for (const node of graph.nodes) {
    if (from === undefined || from.has(node.name)) yield* bodiesOf(graph, main, node, new Set());
  }
}

export function mainScope({ nodes, byName }: Graph): Scope {
  return { nodes, byName, parse: parseInput, argument: () => undefined };
}

function* bodiesOf(graph: Graph, scope: Scope, node: GraphNode, entered: Set<string>, depth = 1): Generator<Scope> {
  if (!plainCallOps.has(node.op) || depth > maxCallDepth) return;
  const name = readAttribute(node, 'f')?.func?.name ?? '';
  const called = graph.library.byName.get(name);
  if (!called || entered.has(name)) return;
  entered.add(name);
  const inputs = dataInputs(node);
  const sources = new Map(called.inputs.map((argument, index) => [argument.name, inputs[index]]));
  const body: Scope = {
    nodes: called.nodes,
    byName: called.wiring,
    parse: parseBodyInput,
    argument: (argument) => {
      const input = sources.get(argument);
      return input === undefined ? undefined : { scope, input };
    },
  };
  yield body;
  for (const each of called.nodes) yield* bodiesOf(graph, body, each, entered, depth + 1);
}

/** The node and port that an input comes from, past any Identity and out of any function whose argument it is. */
export function origin({ scope, input }: Source): { scope: Scope; node: GraphNode; port: number } | undefined {
  let at: Source = { scope, input };
  const seen = new Map<Scope, Set<string>>();
  for (;;) {
    const { node: name, port } = at.scope.parse(at.input);
    const names = seen.get(at.scope) ?? new Set();
    // Round a cycle of Identities, in a damaged file.
    if (names.has(name)) return undefined;
    seen.set(at.scope, names.add(name));
    const outside = at.scope.argument(name);
    const node = at.scope.byName.get(name);
    if (outside) at = outside;
    else if (!node) return undefined;
    else {
      const [next] = node.inputs;
      const passesOn = node.op === 'Identity' || node.op === 'RefIdentity';
      if (!passesOn || next === undefined || isControlInput(next)) {
        return { scope: at.scope, node, port };
      }
      at = { scope: at.scope, input: next };
    }
  }
}
