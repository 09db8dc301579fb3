/**
 * TensorFlow.js has Erf and not Erfc, which Keras computes GELU with: Erfc(x) becomes 1 - Erf(x). Far out, where Erfc is
 * next to 0, that has the accuracy of numbers next to 1; GELU adds it up with such numbers anyway.
 */
import { Tensor } from '../../evaluate/tensor.js';
import { encodeConstant } from '../../evaluate/tensor-proto.js';
import { readType } from '../../graph/attributes.js';
import { constantNode } from '../../graph/constant-node.js';
import { freeName } from '../../graph/free-name.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { typed } from '../../inline/plain-nodes.js';
import { DataType } from '../../proto/data-types.js';

export function replaceErfc(graph: Graph): Graph {
  const nodes = graph.nodes.flatMap((node) => (node.op === 'Erfc' ? complement(node, graph) : node));
  return nodes.length === graph.nodes.length ? graph : graph.withNodes(nodes);
}

function complement(node: GraphNode, { byName }: Graph): GraphNode[] {
  const name = (suffix: string): string => freeName(`${node.name}/${suffix}`, (taken) => byName.has(taken));
  const type = readType(node, 'T');
  const value = encodeConstant(new Tensor(DataType.float32, [], new Uint8Array(Float32Array.of(1).buffer)));
  const one = constantNode(name('one'), DataType.float32, value);
  const erf = typed(name('erf'), 'Erf', node.inputs, type);
  return [one, erf, typed(node.name, 'Sub', [one.name, erf.name], type)];
}
