import { parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { handsOut } from '../../graph/op-kinds/data-sources.js';

/** What hands data out, as in "iterator"; undefined of any other node. What an iterator gives as an optional is taken out of it by a node of its own. */
export function handedOutBy(graph: Graph, { op, inputs: [optional = ''] }: GraphNode): string | undefined {
  if (op !== 'OptionalGetValue') return handsOut(op);
  return graph.byName.get(parseInput(optional).node)?.op === 'IteratorGetNextAsOptional' ? 'iterator' : undefined;
}
