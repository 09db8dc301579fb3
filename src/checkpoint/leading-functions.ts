/** Which functions have nodes of some ops, or call one that has, at any depth: most of a model has none to look for. */
import { readAttribute } from '../graph/attributes.js';
import type { GraphFunction } from '../graph/function.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { plainCallOps } from '../graph/op-kinds/calls.js';

/** The function that a node calls. */
export function calledBy(node: GraphNode, { library }: Graph): GraphFunction | undefined {
  if (!plainCallOps.has(node.op)) return undefined;
  return library.byName.get(readAttribute(node, 'f')?.func?.name ?? '');
}

/** Of the functions that the nodes of the main graph call. */
export function leadingTo(ops: ReadonlySet<string>, graph: Graph): ReadonlySet<GraphFunction> {
  const callers = new Map<GraphFunction, GraphFunction[]>();
  const visit = (node: GraphNode, caller?: GraphFunction): void => {
    const called = calledBy(node, graph);
    if (!called) return;
    const known = callers.get(called) ?? [];
    callers.set(called, known);
    if (caller) known.push(caller);
  };
  for (const node of graph.nodes) visit(node);
  // Those that are called by these come behind them.
  for (const [caller] of callers) for (const node of caller.nodes) visit(node, caller);
  const leading = new Set([...callers.keys()].filter(({ nodes }) => nodes.some(({ op }) => ops.has(op))));
  for (const called of leading) for (const caller of callers.get(called) ?? []) leading.add(caller);
  return leading;
}
