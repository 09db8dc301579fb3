/**
 * Folds normalisation into the convolution or product before it: what each channel is multiplied by goes into the weight,
 * and all that is added becomes one BiasAdd, which has the name of the last node that is folded. Nothing is folded where the
 * weight or something on the way is read by others too, or is an output.
 */
import { floatTensor } from '../../evaluate/floats.js';
import { encodeConstant } from '../../evaluate/tensor-proto.js';
import { readType, textAttribute, typeAttribute } from '../../graph/attributes.js';
import { constantNode } from '../../graph/constant-node.js';
import { type Consumer, type ConsumersOf, dataConsumersByName } from '../../graph/consumers.js';
import { graphNotation, isControlInput } from '../../graph/edges.js';
import { freeName } from '../../graph/free-name.js';
import type { Graph } from '../../graph/graph.js';
import type { GraphNode } from '../../graph/node.js';
import { layOutChannels } from '../../passes/weights/channels.js';
import type { Optimizing } from '../optimization.js';
import { affineChain, type ChainContext, type ChainLink, upToLastAffine } from './affine-chain.js';
import { channelNumbers } from './channel-numbers.js';
import { ConstantValues } from './constant-values.js';
import { type ScaledOp, scaledOp, weightInput } from './scaled-ops.js';
import { scaledWeight, type Weight, weightOf } from './weights.js';

/** A convolution or product with what follows it. */
interface Candidate {
  readonly node: GraphNode;
  readonly op: ScaledOp;
  readonly weight: Weight;
  readonly chain: readonly ChainLink[];
}

export async function foldBatchNorm(graph: Graph, { outputs, read, report }: Optimizing): Promise<Graph> {
  const values = new ConstantValues(graph);
  const consumersOf = remembered(dataConsumersByName(graph.wiring, graphNotation));
  const context = { graph, consumersOf, outputs, values };
  const candidates = graph.nodes.map((node) => candidate(node, context)).filter((found) => found !== undefined);
  await values.load(read);
  const edited = new Map<string, readonly GraphNode[]>();
  const taken = new Set<string>();
  const freeNameLike = (wanted: string): string => {
    const name = freeName(wanted, (other) => graph.byName.has(other) || taken.has(other));
    taken.add(name);
    return name;
  };
  for (const each of candidates) {
    const folded = fold(each, values, freeNameLike);
    const end = folded?.chain.at(-1)?.node.name;
    if (!folded || end === undefined) continue;
    for (const node of folded.edited)
      edited.set(node.name, node.name === end && folded.bias ? [folded.bias, node] : [node]);
    report(end, describe(each, folded.chain));
  }
  return edited.size === 0 ? graph : graph.withNodes(graph.nodes.flatMap((node) => edited.get(node.name) ?? node));
}

/** A weight may have very many readers, each of which asks for all of them. */
function remembered(consumersOf: ConsumersOf): ConsumersOf {
  const known = new Map<string, readonly Consumer[]>();
  return (producer) => {
    const consumers = known.get(producer) ?? consumersOf(producer);
    known.set(producer, consumers);
    return consumers;
  };
}

function candidate(node: GraphNode, context: ChainContext): Candidate | undefined {
  const op = scaledOp(node);
  const weight = op && weightOf(node.inputs[weightInput], context);
  // A weight has as many axes as the output of its op.
  if (!weight || weight.shape.length !== op.output.rank) return undefined;
  const chain = affineChain(node, op.output, readType(node, 'T'), context);
  return doesScale(chain) ? { node, op, weight, chain } : undefined;
}

/** What only adds is a bias, and stays as it is. */
function doesScale(chain: readonly ChainLink[]): boolean {
  return chain.some(({ affine }) => affine?.scales);
}

/** What a candidate becomes: nodes in the place of others, and the constant of a bias. */
interface Folded {
  readonly chain: readonly ChainLink[];
  readonly edited: readonly GraphNode[];
  readonly bias: GraphNode | undefined;
}

function fold(
  { node, op, weight, chain: found }: Candidate,
  values: ConstantValues,
  freeNameLike: (wanted: string) => string,
): Folded | undefined {
  const { channels } = layOutChannels(weight.shape, op.weightAxes);
  const { links, factors, offsets } = composed(found, channels.count, values);
  const chain = upToLastAffine(links);
  const last = chain.at(-1);
  const areFinite = [...factors, ...offsets].every((number) => Number.isFinite(Math.fround(number)));
  if (!last || last.layout.rank < 2 || !doesScale(chain) || !areFinite) return undefined;
  const scaled = scaledWeight(weight, { factors, channels });
  if (!scaled) return undefined;
  const { node: end, layout } = last;
  const dtype = readType(node, 'T');
  const adds = chain.some(({ affine }) => affine?.adds);
  const bias = adds ? biasOf(weight.node, freeNameLike(`${end.name}/bias`), dtype, offsets) : undefined;
  const { carriers, from } = rewired(node, chain);
  const inputs = [...new Set([from, ...(bias ? [bias.name] : []), ...controlsOf(chain)])];
  const attributes = new Map([['T', typeAttribute(dtype)]]);
  if (bias) attributes.set('data_format', textAttribute(layout.axis === layout.rank - 1 ? 'NHWC' : 'NCHW'));
  const result = end.edit({ op: bias ? 'BiasAdd' : 'Identity', inputs, attributes });
  return { chain, bias, edited: [scaled, ...carriers, result] };
}

/** All links as one, up to the first whose constants are not a number a channel. */
function composed(
  chain: readonly ChainLink[],
  count: number,
  values: ConstantValues,
): { readonly links: readonly ChainLink[]; readonly factors: Float64Array; readonly offsets: Float64Array } {
  const factors = new Float64Array(count).fill(1);
  const offsets = new Float64Array(count);
  for (const [index, { node, affine, layout }] of chain.entries()) {
    if (!affine) continue;
    const known = affine.constants.map((input) => {
      const value = values.get(node.inputs[input] as string);
      return value && channelNumbers(value, layout, count, affine.areVectors);
    });
    if (known.includes(undefined)) return { links: chain.slice(0, index), factors, offsets };
    for (let channel = 0; channel < count; channel++) {
      const { factor, offset } = affine.of(known.map((numbers) => numbers?.[channel] as number));
      factors[channel] = (factors[channel] as number) * factor;
      offsets[channel] = (offsets[channel] as number) * factor + offset;
    }
  }
  return { links: chain, factors, offsets };
}

/** In the loop or branch that the weight is in. */
function biasOf(weight: GraphNode, name: string, dtype: number, offsets: Float64Array): GraphNode {
  const value = encodeConstant(floatTensor(dtype, [offsets.length], offsets));
  const node = constantNode(name, dtype, value, weight.inputs);
  return weight.device === '' ? node : node.edit({ device: weight.device });
}

/** The links before the last one that move elements, each behind the one before it, and what the last one reads then. */
function rewired(start: GraphNode, chain: readonly ChainLink[]): { carriers: GraphNode[]; from: string } {
  const carriers: GraphNode[] = [];
  let from = start.name;
  for (const { node, affine } of chain) {
    if (affine || node.op === 'Identity') continue;
    carriers.push(node.edit({ inputs: [from, ...node.inputs.slice(1)] }));
    from = node.name;
  }
  return { carriers, from };
}

/** Of those links that are gone, and of the last one. */
function controlsOf(chain: readonly ChainLink[]): string[] {
  const gone = chain.filter(({ node, affine }) => affine || node.op === 'Identity');
  return gone.flatMap(({ node }) => node.inputs.filter(isControlInput));
}

function describe({ node, weight }: Candidate, chain: readonly ChainLink[]): string {
  const ops = chain.filter(({ affine }) => affine).map((link) => link.node.op);
  return `${ops.join(', ')} folded into '${weight.node.name}', the weight of ${node.op} '${node.name}'`;
}
