/** The constant that a convolution or product has its weight from, and the same with scaled channels. */
import { floatsOf, floatTensor } from '../../evaluate/floats.js';
import { integers } from '../../evaluate/shapes.js';
import type { Tensor } from '../../evaluate/tensor.js';
import { encodeConstant, readConstant } from '../../evaluate/tensor-proto.js';
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import { throughIdentities } from '../../graph/identities.js';
import type { GraphNode } from '../../graph/node.js';
import { type Scaling, StoredTensor } from '../../graph/stored-tensor.js';
import { DataType } from '../../proto/data-types.js';
import type { ChainContext } from './affine-chain.js';

export interface Weight {
  /** The constant. */
  readonly node: GraphNode;
  readonly value: StoredTensor | Tensor;
  /** That the op sees: with more axes, of the size 1, than the constant where it is expanded. */
  readonly shape: readonly number[];
}

/** Undefined where it is no constant of floats, or one that something else reads as well. */
export function weightOf(input: string | undefined, { graph, consumersOf, outputs }: ChainContext): Weight | undefined {
  let text = input ?? '';
  const expansions: number[] = [];
  // A chain of Identities cannot be longer than the graph, whatever a damaged file says.
  for (let steps = 0; steps <= graph.nodes.length; steps++) {
    const { node: name, port } = parseInput(text);
    const node = graph.byName.get(name);
    if (!node || port !== 0 || isControlInput(text) || outputs.has(name)) return undefined;
    if (consumersOf(name).length !== 1) return undefined;
    if (node.op === 'Const') return constantWeight(node, expansions.reverse());
    if (node.op === 'ExpandDims') {
      const axis = expandedAxis(node, graph);
      if (axis === undefined) return undefined;
      expansions.push(axis);
    } else if (node.op !== 'Identity') return undefined;
    text = node.inputs[0] ?? '';
  }
  return undefined;
}

function expandedAxis({ inputs }: GraphNode, graph: Graph): number | undefined {
  const axis = throughIdentities(graph, inputs[1] ?? '')?.node;
  return axis?.op === 'Const' ? integers(readConstant(axis))?.[0] : undefined;
}

/** @param expansions where axes are put in, one after the other; below 0, from the end of the new shape. */
function constantWeight(node: GraphNode, expansions: readonly number[]): Weight | undefined {
  const stored = node.getEdited('value');
  const value = stored instanceof StoredTensor ? stored : readConstant(node);
  if (!value || (value instanceof StoredTensor ? value.converted || value.scaled : !floatsOf(value))) return undefined;
  const shape = [...value.shape];
  for (const axis of expansions) shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, 1);
  return { node, value, shape };
}

/** The constant with each channel times its factor; a stored tensor is scaled by the core, while it is written. */
export function scaledWeight({ node, value }: Weight, scaling: Scaling): GraphNode {
  return node.edit({ set: { value: value instanceof StoredTensor ? value.times(scaling) : encoded(value, scaling) } });
}

function encoded(value: Tensor, { factors, channels }: Scaling): Uint8Array {
  const floats = floatsOf(value) as Float64Array;
  // As the core does it: the product of two numbers of float32 is exact in float64, and rounded once.
  const own = value.dtype === DataType.float64 ? factors : Float32Array.from(factors);
  floats.forEach((float, index) => {
    floats[index] = float * (own[Math.floor(index / channels.run) % channels.count] as number);
  });
  return encodeConstant(floatTensor(value.dtype, value.shape, floats));
}
