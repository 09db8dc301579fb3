/** What a statistic is made of: the ops that compute it from data, behind arithmetic that keeps or regroups what they give. */
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { allReduces } from '../../graph/op-kinds/all-reduces.js';
import { selectOps, slicingOps } from '../../graph/op-kinds/handing-on.js';
import type { Wiring } from '../../graph/wiring.js';
import { arithmetic } from './batch-statistic.js';
import { standsForVariable, variablePassingOps } from './flow.js';

const passed: ReadonlySet<string> = new Set([
  ...arithmetic,
  ...variablePassingOps,
  ...allReduces,
  ...slicingOps,
  ...selectOps,
  ...['SquaredDifference', 'Neg', 'IdentityN', 'Merge'],
]);

/** A statistic passes fewer. */
const maxNodes = 200;
const maxInputs = 600;

export interface Origins {
  /** The nodes on the way, with the variables and constants that go in. */
  readonly passed: readonly GraphNode[];
  readonly origins: readonly GraphNode[];
}

export function originsOf({ nodes, wiring }: Graph, input: string): Origins {
  const start = wiring.positionOf(parseInput(input).node);
  const found = new Set(start >= 0 ? [start] : []);
  const origins: GraphNode[] = [];
  let inputs = 0;
  for (const position of found) {
    const node = nodes[position] as GraphNode;
    // Looked through again and again, a node with very many inputs would take as long as all others together.
    if (node.inputs.length > maxNodes) {
      origins.push(node);
      continue;
    }
    inputs += node.inputs.length;
    if (inputs > maxInputs) break;
    const sources = standsForVariable(node) ? [] : dataSources(wiring, position);
    if (sources.length === 0) continue;
    if (!passed.has(node.op)) {
      origins.push(node);
      continue;
    }
    for (const each of found.size < maxNodes ? sources : []) if (each >= 0) found.add(each);
  }
  return { passed: Array.from(found, (position) => nodes[position] as GraphNode), origins };
}

/** The positions of the nodes whose tensors a node takes; -1 for one that is not there. */
function dataSources(wiring: Wiring, position: number): number[] {
  const { inputs } = wiring.nodes[position] as GraphNode;
  return wiring.sourcesOf(position).filter((_, input) => !isControlInput(inputs[input] as string));
}
