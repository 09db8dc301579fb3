/**
 * A signature names inputs that its outputs may not need, and pruning has taken those away. Whoever calls the signature
 * feeds them all the same, so each comes back as a placeholder that nothing reads.
 */
import { shapeAttribute, typeAttribute } from '../graph/attributes.js';
import { inputNode, parseInput } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import { GraphNode } from '../graph/node.js';
import type { Signature, SignatureTensor } from '../io/signature.js';
import { dataTypeNumber } from '../proto/data-types.js';

/** Adds what is missing behind all other nodes. The later output of a node that is gone stays away: no placeholder has one. */
export function restoreInputs(graph: Graph, signatures: readonly Pick<Signature, 'inputs' | 'outputs'>[]): Graph {
  const missing = signatures
    .filter((signature) => hasOutputs(graph, signature))
    .flatMap(({ inputs }) => inputs)
    .filter(({ tensor }) => tensor !== '' && parseInput(tensor).port === 0 && !graph.byName.has(inputNode(tensor)));
  if (missing.length === 0) return graph;
  const added = new Map(missing.map((input) => [inputNode(input.tensor), placeholder(input)]));
  return graph.withNodes([...graph.nodes, ...added.values()]);
}

/** Whether all that a signature gives is in the graph, and it gives anything. */
export function hasOutputs(graph: Graph, { outputs }: Pick<Signature, 'outputs'>): boolean {
  return outputs.length > 0 && outputs.every(({ tensor }) => graph.byName.has(inputNode(tensor)));
}

function placeholder({ tensor, dtype, shape }: SignatureTensor): GraphNode {
  const attributes = new Map([
    ['dtype', typeAttribute(dataTypeNumber(dtype))],
    ['shape', shapeAttribute(shape)],
  ]);
  return GraphNode.create(inputNode(tensor), 'Placeholder', [], attributes);
}
