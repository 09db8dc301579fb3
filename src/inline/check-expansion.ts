/** Whether a graph can be made flat at all, found out before a node is made: functions may double each other's size. */
import { PermafrostError } from '../errors.js';
import { maxCallDepth, referencedFunctions } from '../graph/function-references.js';
import type { Graph } from '../graph/graph.js';
import type { FunctionLibrary } from '../graph/library.js';
import type { GraphNode } from '../graph/node.js';

/** More nodes than any model has: each takes about a kilobyte while the graph is written. */
const maxNodes = 2_000_000;

/** @throws PermafrostError GRAPH_INVALID where functions call themselves, or come to too many nodes. */
export function checkExpansion(graph: Graph): void {
  const size = sizeOf(graph.nodes, graph.library, new Map(), []);
  if (size <= maxNodes) return;
  throw new PermafrostError(
    'GRAPH_INVALID',
    `The functions of the graph come to ${size} nodes when they are inlined, and more than ${maxNodes} are not worth it. ` +
      'Freeze the graph with its functions.',
  );
}

/** Nodes with all that they call, by the sizes of the functions that are known. */
function sizeOf(
  nodes: readonly GraphNode[],
  library: FunctionLibrary,
  known: Map<string, number>,
  open: readonly string[],
): number {
  let size = nodes.length;
  for (const node of nodes) {
    for (const name of [node.op, ...referencedFunctions(node)]) {
      const called = library.byName.get(name);
      if (!called) continue;
      if (open.includes(name) || open.length >= maxCallDepth) throw tooDeep([...open, name]);
      const each = known.get(name) ?? sizeOf(called.nodes, library, known, [...open, name]);
      known.set(name, each);
      // A branch has a Switch for each argument, and a loop some nodes more.
      size += each + node.inputs.length;
    }
  }
  return size;
}

function tooDeep(path: readonly string[]): PermafrostError {
  const end = path.slice(-4).map((name) => `'${name}'`);
  return new PermafrostError(
    'GRAPH_INVALID',
    `The functions of the graph call themselves, or each other more than ${maxCallDepth} deep: … ${end.join(' → ')}.`,
  );
}
