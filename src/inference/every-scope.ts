/** Lets a rewrite at the main graph and at the bodies of all functions that its outputs need. */
import type { GraphFunction } from '../graph/function.js';
import { reachableFunctions } from '../graph/function-references.js';
import type { Graph } from '../graph/graph.js';
import { opSignature } from '../graph/op-signature.js';
import { upstream } from '../graph/upstream.js';
import type { BodyGraph } from './body-graph.js';
import { bodyGraphOf } from './body-graphs.js';
import type { Change } from './change.js';
import { type ReadResults, readResults } from './read-results.js';
import { Scope } from './scope.js';
import { VariableNames } from './variables/variable-names.js';
import { effectOf } from './waiting/effects.js';

/** What outputs need of the functions of a graph. */
interface Uses {
  readonly outputs: readonly string[];
  readonly called: ReadonlySet<string>;
  readonly read: ReadResults;
}

/** Most rewrites find nothing to do, and leave the graph to the next as it was. */
const known = new WeakMap<Graph, Uses>();

function usesOf(graph: Graph, outputs: readonly string[]): Uses {
  const found = known.get(graph);
  if (found?.outputs === outputs) return found;
  const called = reachableFunctions(graph.withNodes(upstream(graph, outputs).nodes()));
  const uses = { outputs, called, read: called.size > 0 ? readResults(graph, outputs) : noResults };
  known.set(graph, uses);
  return uses;
}

const noResults: ReadResults = new Map();

/** Edits a graph in place, through its scope. */
export type Rewrite = (scope: Scope) => void;

/** @param outputs names of the graph's outputs. */
export function inEveryScope(graph: Graph, outputs: readonly string[], rewrite: Rewrite, changes: Change[]): Graph {
  const scope = Scope.ofGraph(graph, outputs, changes);
  rewrite(scope);
  const main = scope.finish().graph;
  const { called, read } = usesOf(main, outputs);
  const names = new VariableNames(graph, outputs);
  const functions = graph.library.functions.map((each) =>
    called.has(each.name)
      ? rewriteBody(bodyGraphOf(each, graph.library), changes, rewrite, read.get(each.name), names)
      : each,
  );
  const isChanged = functions.some((each, index) => each !== graph.library.functions[index]);
  return isChanged ? main.withLibrary(graph.library.with(functions)) : main;
}

/**
 * @param read numbers of the results that anything is computed from; undefined: all of them.
 * @returns the function itself where the rewrite changes nothing in it.
 */
export function rewriteBody(
  body: BodyGraph,
  changes: Change[],
  rewrite: Rewrite,
  read?: ReadonlySet<number>,
  names?: VariableNames,
): GraphFunction {
  const { source } = body;
  const results = [...body.results.values()];
  const outputs = new Set(results.filter((_, result) => read?.has(result) ?? true));
  const unread = new Set(results.filter((name) => !outputs.has(name)));
  const controls = runAnyway(source, body.graph);
  const scope = new Scope(body.graph, outputs, source.name, controls, unread, changes, names);
  rewrite(scope);
  if (!scope.isChanged) return source;
  const edited = scope.finish();
  const kept = upstream(edited.graph, [...results, ...edited.controls]);
  const isKept = (name: string, op: string): boolean => op === '_Arg' || kept.has(name);
  const nodes = edited.graph.nodes.filter(({ name, op }) => isKept(name, op));
  return body.toFunction(edited.graph.withNodes(nodes), edited.controls);
}

/**
 * What a function runs whatever its results need. Those of TensorFlow's first versions do not list it, and run all of their
 * stateful nodes where they are called by their names.
 */
function runAnyway({ controlReturns }: GraphFunction, { nodes }: Graph): Set<string> {
  if (controlReturns.size > 0) return new Set(controlReturns.values());
  const acting = nodes.filter((node) => node.op !== '_Retval' && effectOf(node, () => false) !== 'none');
  return new Set(acting.filter(({ op }) => opSignature(op)?.isStateful ?? true).map(({ name }) => name));
}
