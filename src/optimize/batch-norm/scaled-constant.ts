/** A constant with scaled channels. */
import { forEachFloatStretch } from '../../evaluate/float-stretches.js';
import { floatsOf, floatTensor } from '../../evaluate/floats.js';
import { encodeConstant, type RawContent, rawContent, readConstant } from '../../evaluate/tensor-proto.js';
import type { GraphNode } from '../../graph/node.js';
import { type Scaling, StoredTensor } from '../../graph/stored-tensor.js';
import { DataType } from '../../proto/data-types.js';

/**
 * The constant with each channel times its factor; a stored tensor is scaled by the core, while it is written.
 * @returns undefined where the value is damaged, or too large to be read.
 */
export function scaledConstant(node: GraphNode, scaling: Scaling): GraphNode | undefined {
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
  const content = rawContent(copy) as RawContent;
  const { dtype } = content;
  const times = multiplied(dtype, scaling);
  forEachFloatStretch(content, (floats, bytes, first) => {
    bytes.set(floatTensor(dtype, [floats.length], times(floats, first)).elements as Uint8Array);
  });
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
