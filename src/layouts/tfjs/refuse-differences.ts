import { addToList } from '../../add-to-list.js';
import { PermafrostError } from '../../errors.js';
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import type { Difference } from './differences/difference.js';
import { KnownShapes } from './differences/known-shapes.js';
import { NodeFacts } from './differences/node-facts.js';
import { differences } from './differences/table.js';
import { tfjsVersion } from './op-list.generated.js';

/** By op. */
const rows = new Map<string, Difference[]>();
for (const difference of differences) {
  for (const op of difference.ops.split(' ')) addToList(rows, op, difference);
}

/**
 * A model would give other numbers without a word, or fail when it is first run.
 * @throws PermafrostError UNSUPPORTED
 */
export function refuseDifferences(graph: Graph): void {
  const shapes = new KnownShapes(graph);
  const used = usedOutputs(graph);
  for (const node of graph.nodes) {
    const facts = new NodeFacts(node, graph, shapes, used.get(node.name) ?? new Set());
    const found = rows.get(node.op)?.find(({ when }) => when(facts));
    if (!found) continue;
    throw new PermafrostError(
      'UNSUPPORTED',
      `Node '${node.name}' (${node.op}) would not compute in TensorFlow.js what it does in TensorFlow, for ${found.by}: ` +
        `TensorFlow.js ${tfjsVersion} ${found.instead}. ` +
        'Change the model, choose outputs that do without the node, or another layout.',
    );
  }
}

function usedOutputs({ nodes }: Graph): ReadonlyMap<string, ReadonlySet<number>> {
  const used = new Map<string, Set<number>>();
  for (const { inputs } of nodes) {
    for (const input of inputs) {
      if (isControlInput(input)) continue;
      const { node, port } = parseInput(input);
      const ports = used.get(node);
      if (ports) ports.add(port);
      else used.set(node, new Set([port]));
    }
  }
  return used;
}
