/** The constant that a convolution or product has its weight from, and the same with scaled channels. */
import { floatsOf, floatTensor } from '../../evaluate/floats.js';
import { integers } from '../../evaluate/shapes.js';
import { countOf, Tensor } from '../../evaluate/tensor.js';
import { encodeConstant, rawContent, readConstant } from '../../evaluate/tensor-proto.js';
import { isControlInput, parseInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import { throughIdentities } from '../../graph/identities.js';
import type { GraphNode } from '../../graph/node.js';
import { constantForm } from '../../graph/shape.js';
import { type Scaling, StoredTensor } from '../../graph/stored-tensor.js';
import { DataType, elementSize } from '../../proto/data-types.js';
import type { ChainContext } from './affine-chain.js';

const floats: ReadonlySet<number> = new Set([DataType.float16, DataType.bfloat16, DataType.float32, DataType.float64]);

/** So many elements are held as numbers at a time. */
const stretch = 65_536;

export interface Weight {
  /** The constant. Its value is looked at when it is scaled: there may be many, and most of a model's bytes are theirs. */
  readonly node: GraphNode;
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
  const form = axis?.op === 'Const' ? constantForm(axis) : undefined;
  return axis && form && countOf(form.shape) === 1 ? integers(readConstant(axis))?.[0] : undefined;
}

/** @param expansions where axes are put in, one after the other; below 0, from the end of the new shape. */
function constantWeight(node: GraphNode, expansions: readonly number[]): Weight | undefined {
  const stored = node.getEdited('value');
  const isStored = stored instanceof StoredTensor;
  const form = isStored ? stored : constantForm(node);
  if (!form || (isStored ? stored.converted || stored.scaled : !floats.has(form.dtype))) return undefined;
  const shape = [...form.shape];
  for (const axis of expansions) shape.splice(axis < 0 ? axis + shape.length + 1 : axis, 0, 1);
  return { node, shape };
}

/**
 * The constant with each channel times its factor; a stored tensor is scaled by the core, while it is written.
 * @returns undefined where the value is damaged, or too large to be read.
 */
export function scaledWeight({ node }: Weight, scaling: Scaling): GraphNode | undefined {
  const stored = node.getEdited('value');
  if (stored instanceof StoredTensor) return node.edit({ set: { value: stored.times(scaling) } });
  return scaledContent(node, scaling) ?? scaledValues(node, scaling);
}

/** Where the elements stand back to back: in a copy of all bytes, a stretch of them at a time. */
function scaledContent(node: GraphNode, scaling: Scaling): GraphNode | undefined {
  const raw = rawContent(node);
  const value = raw && node.attribute('value');
  if (!value) return undefined;
  const copy = node.edit({ set: { value: new Uint8Array(value) } });
  const { dtype, elements } = rawContent(copy) as NonNullable<typeof raw>;
  const size = elementSize(dtype) as number;
  const times = multiplied(dtype, scaling);
  for (let first = 0; first * size < elements.length; first += stretch) {
    const part = elements.subarray(first * size, (first + stretch) * size);
    const floats = floatsOf(new Tensor(dtype, [part.length / size], part)) as Float64Array;
    part.set(floatTensor(dtype, [floats.length], times(floats, first)).elements as Uint8Array);
  }
  return copy;
}

/** Where they stand one by one, or one stands for all. */
function scaledValues(node: GraphNode, scaling: Scaling): GraphNode | undefined {
  const value = readConstant(node);
  const floats = value && floatsOf(value);
  if (!floats) return undefined;
  const product = multiplied(value.dtype, scaling)(floats, 0);
  return node.edit({ set: { value: encodeConstant(floatTensor(value.dtype, value.shape, product)) } });
}

/** In place: a stretch of the elements, of which the first has a number. */
type Multiply = (floats: Float64Array, first: number) => Float64Array;

function multiplied(dtype: number, { factors, channels }: Scaling): Multiply {
  // As the core does it: the product of two numbers of float32 is exact in float64, and rounded once.
  const own = dtype === DataType.float64 ? factors : Float32Array.from(factors);
  return (floats, first) => {
    for (let index = 0; index < floats.length; index++) {
      const channel = Math.floor((first + index) / channels.run) % channels.count;
      floats[index] = (floats[index] as number) * (own[channel] as number);
    }
    return floats;
  };
}
