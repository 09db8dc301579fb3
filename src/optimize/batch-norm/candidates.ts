/** Convolutions and products with what follows them, and what it comes to: a factor and an offset for each channel. */

import { readType } from '../../graph/attributes.js';
import type { GraphNode } from '../../graph/node.js';
import type { Scaling } from '../../graph/stored-tensor.js';
import { layOutChannels } from '../../passes/weights/channels.js';
import { DataType, dataTypeName } from '../../proto/data-types.js';
import { affineChain, type ChainContext, type ChainLink, upToLastAffine } from './affine-chain.js';
import { channelNumbers } from './channel-numbers.js';
import { type ConstantValues, mostElements } from './constant-values.js';
import { knownSizes } from './known-sizes.js';
import { scaledOp, weightInput } from './scaled-ops.js';
import { type Weight, weightOf } from './weights.js';

/** A convolution or product whose channels are scaled by what follows it. */
export interface Candidate {
  readonly node: GraphNode;
  readonly weight: Weight;
  readonly channels: Scaling['channels'];
  /** Whether the output has as many channels as the weight, for all that the graph says. */
  readonly isCountSure: boolean;
  readonly chain: readonly ChainLink[];
}

/** A candidate whose numbers are known. */
export interface Fold extends Candidate {
  /** What becomes of the weight. */
  readonly scaling: Scaling;
  /** What is added in the end, a number a channel. */
  readonly offsets: Float64Array;
}

/** @param leave is told of what stays because it computes in another type. */
export function candidate(
  node: GraphNode,
  context: ChainContext,
  leave: (node: string, text: string) => void,
): Candidate | undefined {
  const op = scaledOp(node);
  const weight = op && weightOf(node.inputs[weightInput], context.graph);
  // A weight has as many axes as the output of its op.
  if (!weight || weight.shape.length !== op.output.rank) return undefined;
  const { channels } = layOutChannels(weight.shape, op.weightAxes);
  if (channels.count > mostElements) return undefined;
  const dtype = readType(node, 'T');
  const found = affineChain(node, { layout: op.output, count: channels.count, dtype }, context);
  const other = found.findIndex((link) => link.dtype !== dtype);
  const chain = other < 0 ? found : upToLastAffine(found.slice(0, other));
  const isCountSure =
    !op.isTurned || knownSizes(node.inputs[0] ?? '', context.graph)?.[op.output.axis] === channels.count;
  if (doesScale(chain)) return { node, weight, channels, isCountSure, chain };
  const beyond = found.find(({ affine }) => affine?.scales);
  if (beyond) {
    const types = `in ${dataTypeName(beyond.dtype)}, and ${node.op} '${node.name}' in ${dataTypeName(dtype)}`;
    leave(beyond.node.name, `is not folded: it computes ${types}`);
  }
  return undefined;
}

/** What only adds is a bias, and stays as it is. */
function doesScale(chain: readonly ChainLink[]): boolean {
  return chain.some(({ affine }) => affine?.scales);
}

/** @returns undefined where nothing is left to scale, or numbers are not finite. */
export function foldOf(found: Candidate, values: ConstantValues): Fold | undefined {
  const { weight, channels } = found;
  const { links, factors, offsets } = composed(found, values);
  const chain = upToLastAffine(links);
  const last = chain.at(-1);
  const areFinite = [...factors, ...offsets].every(Number.isFinite);
  if (!last || last.layout.rank < 2 || !doesScale(chain) || !areFinite) return undefined;
  // As the core multiplies them, so that equal products have equal factors.
  const rounded = weight.dtype === DataType.float64 ? factors : factors.map(Math.fround);
  return { ...found, chain, scaling: { factors: rounded, channels }, offsets };
}

/**
 * All links as one, up to the first whose constants are not a number a channel. None where it is not sure how many channels
 * there are: a convolution in groups that is turned around has the weight's as often as there are groups, and what is one
 * number for all of them does not tell.
 */
function composed(
  { chain, channels: { count }, isCountSure }: Candidate,
  values: ConstantValues,
): { readonly links: readonly ChainLink[]; readonly factors: Float64Array; readonly offsets: Float64Array } {
  const none = { links: [], factors: new Float64Array(0), offsets: new Float64Array(0) };
  if (!values.hasRoomFor(2 * 8 * count) || !values.hasTimeFor(count * chain.length)) return none;
  const factors = new Float64Array(count).fill(1);
  const offsets = new Float64Array(count);
  let links = chain;
  let isSure = isCountSure;
  for (const [index, { node, affine, layout }] of chain.entries()) {
    if (!affine) continue;
    const given = affine.constants.map((input) => values.get(node.inputs[input] as string));
    const known = given.map((value) => value && channelNumbers(value, layout, count, affine.areVectors));
    if (known.includes(undefined)) {
      links = chain.slice(0, index);
      break;
    }
    isSure ||= affine.areVectors || given.some((value) => value !== undefined && value.elementCount > 1);
    for (let channel = 0; channel < count; channel++) {
      const { factor, offset } = affine.of(known.map((numbers) => numbers?.[channel] as number));
      factors[channel] = (factors[channel] as number) * factor;
      offsets[channel] = (offsets[channel] as number) * factor + offset;
    }
  }
  return isSure ? { links, factors, offsets } : none;
}
