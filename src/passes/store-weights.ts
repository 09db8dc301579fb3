/**
 * Stores weights in other types: the constant `w` becomes a constant `w/float16` and a Cast that takes its name, so no
 * reader changes. Of int8, the Cast's result is multiplied with the scales, and the Mul takes the name. TensorFlow computes
 * such nodes once, when it loads the graph: all that they need is constant.
 */
import { Tensor } from '../evaluate/tensor.js';
import { encodeConstant } from '../evaluate/tensor-proto.js';
import { boolAttribute, typeAttribute } from '../graph/attributes.js';
import { constantNode } from '../graph/constant-node.js';
import { freeName } from '../graph/free-name.js';
import type { Graph } from '../graph/graph.js';
import { GraphNode } from '../graph/node.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { DataType } from '../proto/data-types.js';

/** What a constant's value is stored as. */
export interface StoredWeight {
  /** Converted. */
  readonly tensor: StoredTensor;
  /** What the scales have to be like to be multiplied with it; of int8 alone. */
  readonly scaleShape: readonly number[] | undefined;
}

/** @param weights by the names of constants of float32. */
export function storeWeights(graph: Graph, weights: ReadonlyMap<string, StoredWeight>): Graph {
  if (weights.size === 0) return graph;
  const names = new Set(graph.byName.keys());
  const take = (wanted: string): string => {
    const name = freeName(wanted, (taken) => names.has(taken));
    names.add(name);
    return name;
  };
  return graph.withNodes(
    graph.nodes.flatMap((node) => {
      const weight = weights.get(node.name);
      if (!weight) return node;
      const nodes = restored(node, weight, take);
      return node.device === '' ? nodes : nodes.map((each) => each.edit({ device: node.device }));
    }),
  );
}

/** The nodes that give the value of a constant, the last of them under its name. */
function restored(node: GraphNode, { tensor, scaleShape }: StoredWeight, take: (name: string) => string): GraphNode[] {
  const { name } = node;
  const by = tensor.converted?.by;
  const small = constantNode(take(`${name}/${by?.type}`), tensor.dtype, tensor);
  const cast = (as: string): GraphNode =>
    GraphNode.create(
      as,
      'Cast',
      [small.name],
      new Map([
        ['SrcT', typeAttribute(tensor.dtype)],
        ['DstT', typeAttribute(DataType.float32)],
        ['Truncate', boolAttribute(false)],
      ]),
    );
  if (by?.type !== 'int8') return [small, cast(name)];
  const { buffer, byteOffset, byteLength } = by.scales;
  const scales = new Tensor(DataType.float32, scaleShape ?? [], new Uint8Array(buffer, byteOffset, byteLength));
  const scale = constantNode(take(`${name}/scales`), DataType.float32, encodeConstant(scales));
  const multiples = cast(take(`${name}/multiples`));
  const attributes = new Map([['T', typeAttribute(DataType.float32)]]);
  return [small, multiples, scale, GraphNode.create(name, 'Mul', [multiples.name, scale.name], attributes)];
}
