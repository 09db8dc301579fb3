/** What a statistic is made of: the ops that compute it from data, behind arithmetic that keeps or regroups what they give. */
import { dataInputs } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { allReduces } from '../../graph/op-kinds/all-reduces.js';
import { selectOps, slicingOps } from '../../graph/op-kinds/handing-on.js';
import { arithmetic } from './batch-statistic.js';
import { producerOf, standsForVariable, variablePassingOps } from './flow.js';

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

export interface Origins {
  /** The nodes on the way, with the variables and constants that go in. */
  readonly passed: ReadonlySet<GraphNode>;
  readonly origins: readonly GraphNode[];
}

export function originsOf(graph: Graph, input: string): Origins {
  const start = producerOf(graph, input);
  const found = new Set(start ? [start] : []);
  const origins: GraphNode[] = [];
  for (const node of found) {
    // Looked through again and again, a node with very many inputs would take as long as all others together.
    if (node.inputs.length > maxNodes) {
      origins.push(node);
      continue;
    }
    const inputs = standsForVariable(node) ? [] : dataInputs(node);
    if (inputs.length === 0) continue;
    if (!passed.has(node.op)) {
      origins.push(node);
      continue;
    }
    for (const each of found.size < maxNodes ? inputs : []) {
      const next = producerOf(graph, each);
      if (next) found.add(next);
    }
  }
  return { passed: found, origins };
}
