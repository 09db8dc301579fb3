/**
 * Signatures that name an output which its node does not have. TensorFlow's loader fails with the whole model then, and
 * TensorFlow.js gives nothing for it.
 */
import { PermafrostError } from '../errors.js';
import { readAttribute } from '../graph/attributes.js';
import { inputNode, parseInput } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import type { Signature } from '../io/signature.js';

/**
 * What is not in the graph at all is not looked at.
 * @throws PermafrostError GRAPH_INVALID
 */
export async function requirePorts(
  graph: Graph,
  { name, inputs, outputs }: Pick<Signature, 'name' | 'inputs' | 'outputs'>,
): Promise<void> {
  for (const { tensor } of [...inputs, ...outputs]) {
    const node = graph.byName.get(inputNode(tensor));
    const { port } = parseInput(tensor);
    // The first one needs no asking: what gives nothing is no part of a signature.
    if (!node || port === 0) continue;
    const count = await outputCount(node, graph);
    if (count === undefined || (port > 0 && port < count)) continue;
    throw new PermafrostError(
      'GRAPH_INVALID',
      `The signature '${name}' names the tensor '${tensor}', and node '${node.name}' (${node.op}) has ` +
        `${count === 1 ? 'one output' : `${count} outputs`}. Export the model again, or freeze it to the layout ` +
        "'graph-def', which has no signatures.",
    );
  }
}

/** Of nodes: how many outputs they have. Signatures may name very many outputs of one. */
const counted = new WeakMap<GraphNode, number>();

/** Undefined for what TensorFlow has no such op for. */
async function outputCount(node: GraphNode, { library }: Graph): Promise<number | undefined> {
  const count =
    library.byName.get(node.op)?.outputs.length ?? counted.get(node) ?? countOfCall(node) ?? (await countOfOp(node));
  if (count !== undefined) counted.set(node, count);
  return count;
}

/** Most signatures name what a call gives, and what TensorFlow knows of its ops is large. */
function countOfCall(node: GraphNode): number | undefined {
  return /PartitionedCall$/.test(node.op) ? readAttribute(node, 'Tout')?.list?.type?.length : undefined;
}

async function countOfOp(node: GraphNode): Promise<number | undefined> {
  const { outputCounts } = await import('../graph/op-signature.js');
  const counts = outputCounts(node);
  return counts?.every((count) => count !== undefined) ? counts.reduce((sum, count) => sum + count, 0) : undefined;
}
