/**
 * Two ops that the WASM backend gets wrong in their most usual form, in a form that it gets right. A Cast to bool cuts
 * numbers to their lowest byte: it becomes a comparison with 0. A OneHot of floats has integers in it: it is made of
 * integers, and cast.
 */
import { Tensor } from '../../evaluate/tensor.js';
import { encodeConstant } from '../../evaluate/tensor-proto.js';
import { readType, typeAttribute } from '../../graph/attributes.js';
import { freeName } from '../../graph/free-name.js';
import type { Graph } from '../../graph/graph.js';
import { GraphNode } from '../../graph/node.js';
import { constantNumbers } from './constant-numbers.js';

/** DataType numbers. */
const [float32, float64, int32, bool, half] = [1, 2, 3, 10, 19];
const floats: ReadonlySet<number> = new Set([float32, float64, half]);
const integers: ReadonlySet<number> = new Set([int32, 4, 5, 6, 9, 17, 22, 23]);

export function exactOnWasm(graph: Graph): Graph {
  const nodes = graph.nodes.flatMap((node) => {
    if (node.op === 'Cast' && readType(node, 'DstT') === bool) return comparison(node, graph);
    if (node.op === 'OneHot' && floats.has(readType(node, 'T'))) return castOneHot(node, graph);
    return node;
  });
  return nodes.length === graph.nodes.length ? graph : graph.withNodes(nodes);
}

function comparison(node: GraphNode, graph: Graph): GraphNode[] {
  const source = readType(node, 'SrcT');
  if (!floats.has(source) && !integers.has(source)) return [node];
  const zero = scalar(node, 'zero', floats.has(source) ? float32 : int32, 0, graph);
  const type = new Map([['T', typeAttribute(source)]]);
  return [zero, GraphNode.create(node.name, 'NotEqual', [...node.inputs.slice(0, 1), zero.name], type)];
}

/** Where it has 1 and 0 in it, as it nearly always does. */
function castOneHot(node: GraphNode, graph: Graph): GraphNode[] {
  const [indices = '', depth = '', on = '', off = ''] = node.inputs;
  const isValue = (input: string, wanted: number): boolean => {
    const [number, ...more] = constantNumbers(graph.byName.get(input)) ?? [];
    return number === wanted && more.length === 0;
  };
  if (!isValue(on, 1) || !isValue(off, 0)) return [node];
  const name = freeName(`${node.name}/integers`, (taken) => graph.byName.has(taken));
  const [one, zero] = [scalar(node, 'one', int32, 1, graph), scalar(node, 'zero', int32, 0, graph)];
  const inputs = [indices, depth, one.name, zero.name];
  const cast = new Map([
    ['SrcT', typeAttribute(int32)],
    ['DstT', typeAttribute(readType(node, 'T'))],
  ]);
  return [
    one,
    zero,
    node.edit({ name, inputs, set: { T: typeAttribute(int32) } }),
    GraphNode.create(node.name, 'Cast', [name], cast),
  ];
}

function scalar({ name }: GraphNode, suffix: string, dtype: number, value: number, { byName }: Graph): GraphNode {
  const elements = new Uint8Array((dtype === int32 ? Int32Array : Float32Array).of(value).buffer);
  const attributes = new Map([
    ['dtype', typeAttribute(dtype)],
    ['value', encodeConstant(new Tensor(dtype, [], elements))],
  ]);
  return GraphNode.create(
    freeName(`${name}/${suffix}`, (taken) => byName.has(taken)),
    'Const',
    [],
    attributes,
  );
}
