/** The constant that a convolution or product has its weight from, and the same with scaled channels. */
import { floatsOf, floatTensor } from '../../evaluate/floats.js';
import type { Tensor } from '../../evaluate/tensor.js';
import { encodeConstant, readConstant } from '../../evaluate/tensor-proto.js';
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { type Scaling, StoredTensor } from '../../graph/stored-tensor.js';
import { DataType } from '../../proto/data-types.js';
import type { ChainContext } from './affine-chain.js';

export interface Weight {
  /** The constant. */
  readonly node: GraphNode;
  readonly value: StoredTensor | Tensor;
}

/** Undefined where it is no constant of floats, or one that something else reads as well. */
export function weightOf(input: string | undefined, { graph, consumersOf, outputs }: ChainContext): Weight | undefined {
  let text = input ?? '';
  // A chain of Identities cannot be longer than the graph, whatever a damaged file says.
  for (let steps = 0; steps <= graph.nodes.length; steps++) {
    const { node: name, port } = parseInput(text);
    const node = graph.byName.get(name);
    if (!node || port !== 0 || isControlInput(text) || outputs.has(name)) return undefined;
    if (consumersOf(name).length !== 1) return undefined;
    if (node.op === 'Const') return constantWeight(node);
    if (node.op !== 'Identity') return undefined;
    text = node.inputs[0] ?? '';
  }
  return undefined;
}

function constantWeight(node: GraphNode): Weight | undefined {
  const value = node.getEdited('value');
  if (value instanceof StoredTensor) return value.converted || value.scaled ? undefined : { node, value };
  const literal = readConstant(node);
  return literal && floatsOf(literal) ? { node, value: literal } : undefined;
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
