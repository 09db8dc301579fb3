/** How deep functions call each other. Much goes into functions as it goes through a graph, and each takes some of the stack. */
import { beyond, limits } from '../limits.js';
import { referencedFunctions } from './function-references.js';
import type { Graph } from './graph.js';
import type { GraphNode } from './node.js';

/** A function whose calls are being looked at. */
interface Open {
  readonly name: string;
  readonly calls: readonly string[];
  /** How many of the calls have been looked at. */
  next: number;
  /** Of the deepest of them. */
  depth: number;
}

/**
 * @param nodes of the main graph; what they do not call does not count.
 * @throws PermafrostError LIMIT_EXCEEDED where functions are more than `callDepth` deep in each other, or as many call each other
 * in a circle: TensorFlow runs none that call themselves, but such graphs may have what it never runs.
 */
export function checkCallDepth(graph: Graph, nodes: readonly GraphNode[]): void {
  const { callDepth } = limits();
  const { library } = graph;
  if (library.functions.length <= callDepth) return;
  const callsOf = (of: readonly GraphNode[]): string[] => {
    const names = new Set(of.flatMap((node) => [node.op, ...referencedFunctions(node)]));
    return [...names].filter((name) => library.byName.has(name));
  };
  /** By name: undefined while it is open. */
  const depths = new Map<string, number | undefined>();
  const path: Open[] = [{ name: '', calls: callsOf(nodes), next: 0, depth: 0 }];
  for (let open = path.at(-1); open; open = path.at(-1)) {
    const name = open.calls[open.next];
    if (name === undefined) {
      path.pop();
      depths.set(open.name, open.depth);
      const caller = path.at(-1);
      if (caller) caller.depth = Math.max(caller.depth, open.depth + 1);
    } else if (depths.has(name)) {
      open.next++;
      open.depth = Math.max(open.depth, (depths.get(name) ?? 0) + 1);
    } else {
      open.next++;
      depths.set(name, undefined);
      path.push({ name, calls: callsOf(library.byName.get(name)?.nodes ?? []), next: 0, depth: 0 });
    }
    if (path.length - 1 <= callDepth && open.depth <= callDepth) continue;
    const last = path.slice(-4).map((each) => `'${each.name}'`);
    throw beyond(
      'callDepth',
      `The functions of the graph call each other more than ${callDepth} deep (… ${last.join(' → ')})`,
    );
  }
}
