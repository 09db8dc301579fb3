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

/** Undefined for what TensorFlow has no such op for. */
async function outputCount(node: GraphNode, { library }: Graph): Promise<number | undefined> {
  const called = library.byName.get(node.op);
  if (called) return called.outputs.length;
  // Most signatures name what a call gives, and what TensorFlow knows of its ops is large.
  const given = /PartitionedCall$/.test(node.op) ? readAttribute(node, 'Tout')?.list?.type : undefined;
  if (given) return given.length;
  const { argumentTypes, opSignature } = await import('../graph/op-signature.js');
  const counts = opSignature(node.op)?.outputs.map((output) => argumentTypes(node, output)?.length);
  return counts?.reduce((sum, count) => (sum === undefined || count === undefined ? undefined : sum + count), 0);
}
