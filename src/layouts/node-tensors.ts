/** The tensors that a graph takes and gives where no signature says so, and how a SignatureDef has them. */

import { readAttribute, readType, shapeSizes } from '../graph/attributes.js';
import { tensorName } from '../graph/edges.js';
import type { Graph } from '../graph/graph.js';
import type { GraphNode } from '../graph/node.js';
import { fedOps } from '../graph/op-kinds/placeholders.js';
import { upstream } from '../graph/upstream.js';
import type { SignatureTensor } from '../io/signature.js';
import { dataTypeName, dataTypeNumber } from '../proto/data-types.js';

/**
 * A placeholder that has a default can do without a caller, so it is no input. Neither is one that only tables need: that
 * is an asset's path, which a loader feeds.
 */
export function inputTensors(graph: Graph, outputs: readonly string[]): SignatureTensor[] {
  const needed = upstream(graph, outputs);
  return graph.nodes.filter(({ name, op }) => fedOps.has(op) && needed.has(name)).map(inputTensor);
}

/** What a placeholder is to callers, under the name of its node. */
export function inputTensor(node: GraphNode): SignatureTensor {
  const shape = readAttribute(node, 'shape')?.shape;
  return {
    name: node.name,
    part: '',
    tensor: `${node.name}:0`,
    dtype: dataTypeName(readType(node, 'dtype')),
    shape: !shape || shape.unknown_rank ? undefined : shapeSizes(shape),
  };
}

/** Every output of a node: the first under the node's name, the others as `name:1`. What TensorFlow has no such op for has one. */
export async function outputTensors(graph: Graph, name: string): Promise<SignatureTensor[]> {
  const node = graph.byName.get(name) as GraphNode;
  // What TensorFlow knows of its ops is large, and a model with signatures does without.
  const { argumentTypes, opSignature } = await import('../graph/op-signature.js');
  const types = opSignature(node.op)?.outputs.flatMap((output) => argumentTypes(node, output) ?? 0) ?? [0];
  return types.map((dtype, port) => ({
    name: tensorName(name, port),
    part: '',
    tensor: `${name}:${port}`,
    dtype: dataTypeName(dtype),
    shape: undefined,
  }));
}

/** TensorInfos by name. The parts of a sparse or composite tensor are tensors of their own. */
export function tensorInfos(tensors: readonly SignatureTensor[]): Readonly<Record<string, object>> {
  return Object.fromEntries(
    tensors.map(({ name, part, tensor, dtype, shape }) => [
      part === '' ? name : `${name}.${part}`,
      {
        name: tensor,
        dtype: dataTypeNumber(dtype),
        tensor_shape: shape ? { dim: shape.map((size) => ({ size })) } : { unknown_rank: true },
      },
    ]),
  );
}
