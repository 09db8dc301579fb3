/** Whether a graph can be made flat at all, found out before a node is made: functions may double each other's size. */
import { PermafrostError } from '../errors.js';
import { referencedFunctions } from '../graph/function-references.js';
import type { Graph } from '../graph/graph.js';
import type { FunctionLibrary } from '../graph/library.js';
import type { GraphNode } from '../graph/node.js';
import { leastWeight, mostExpanded, weightOf } from '../graph/weight.js';
import { beyond, limits } from '../limits.js';

/** What a body becomes: its weight, and how often the name of the call stands in it, which all its names begin with. */
interface Expanded {
  weight: number;
  names: number;
}

/** Nodes that there are for a call, and for a branch or a loop, besides those for its arguments. */
const nodesOfCall = 1;
const nodesOfBranch = 8;

/** @throws PermafrostError GRAPH_INVALID where functions call themselves, LIMIT_EXCEEDED where they come to too much. */
export function checkExpansion(graph: Graph): void {
  const known = new Map<string, Expanded>();
  const { weight } = sizeOf(graph.nodes, graph.library, known, []);
  const most = mostExpanded(graph);
  if (weight <= most) return;
  throw beyond(
    'expandedBytes',
    `The functions of the graph come to ${weight} bytes when they are inlined, and to no more than ${most} are they made flat. ` +
      'Freeze the graph with its functions',
  );
}

/** Nodes with all that they call, by the sizes of the functions that are known. */
function sizeOf(
  nodes: readonly GraphNode[],
  library: FunctionLibrary,
  known: Map<string, Expanded>,
  open: readonly string[],
): Expanded {
  const size: Expanded = { weight: 0, names: 0 };
  const add = (weight: number, names: number, prefix: number): void => {
    size.weight += weight + names * prefix;
    size.names += names;
  };
  for (const node of nodes) {
    const inputs = node.inputs.length;
    add(weightOf(node), 1 + inputs, 0);
    const referenced = referencedFunctions(node);
    // A branch has a Switch for each argument, and a loop some nodes more.
    const around = inputs + (referenced.length > 1 ? nodesOfBranch : nodesOfCall);
    for (const name of [node.op, ...referenced]) {
      const called = library.byName.get(name);
      if (!called) continue;
      refuseDepth(open, name);
      const body = known.get(name) ?? sizeOf(called.nodes, library, known, [...open, name]);
      known.set(name, body);
      add(body.weight, body.names, node.name.length);
      add(leastWeight * around, 2 * around, node.name.length);
    }
  }
  return size;
}

function refuseDepth(open: readonly string[], name: string): void {
  const { callDepth } = limits();
  const path = [...open, name].slice(-4).map((each) => `'${each}'`);
  const shown = `… ${path.join(' → ')}`;
  if (open.includes(name)) {
    throw new PermafrostError('GRAPH_INVALID', `The functions of the graph call themselves: ${shown}.`);
  }
  if (open.length >= callDepth) {
    throw beyond('callDepth', `The functions of the graph call each other more than ${callDepth} deep: ${shown}`);
  }
}
