/** What follows a convolution or product, node by node, as long as it does nothing but scale and shift channels. */
import { countOf } from '../../evaluate/tensor.js';
import { readAttribute, readType } from '../../graph/attributes.js';
import type { ConsumersOf } from '../../graph/consumers.js';
import { isControlInput } from '../../graph/edges.js';
import type { Graph } from '../../graph/graph.js';
import { throughIdentities } from '../../graph/identities.js';
import type { GraphNode } from '../../graph/node.js';
import { constantForm } from '../../graph/shape.js';
import { floatTypes } from '../../proto/data-types.js';
import { type AffineOp, affineOp } from './affine-ops.js';
import type { ConstantValues } from './constant-values.js';
import { knownSizes } from './known-sizes.js';
import type { ChannelLayout } from './scaled-ops.js';

export interface ChainLink {
  readonly node: GraphNode;
  /** Which of its inputs comes from the link before it. */
  readonly from: number;
  /** Undefined for one that only hands elements on. */
  readonly affine: AffineOp | undefined;
  /** Of what it gets. */
  readonly layout: ChannelLayout;
  /** DataType number of what it gives. */
  readonly dtype: number;
}

export interface ChainContext {
  readonly graph: Graph;
  readonly consumersOf: ConsumersOf;
  /** Names of nodes that keep their meaning. */
  readonly outputs: ReadonlySet<string>;
  /** Those of them that give more than their first output. */
  readonly laterOutputs: ReadonlySet<string>;
  readonly values: ConstantValues;
}

/** What a node gives. */
export interface ChannelTensor {
  readonly layout: ChannelLayout;
  /** How many channels there are. */
  readonly count: number;
  /** DataType number. */
  readonly dtype: number;
}

/** The links after a node, each of which nothing but the next one reads. */
export function affineChain(start: GraphNode, given: ChannelTensor, context: ChainContext): readonly ChainLink[] {
  const chain: ChainLink[] = [];
  let end = start;
  let current = given;
  while (!context.outputs.has(end.name)) {
    const readers = context.consumersOf(end.name);
    const [reader] = readers;
    if (readers.length !== 1 || !reader || reader.port !== 0) break;
    const { node, input: from } = reader;
    const affine = affineOp(node, from, current.layout, current.dtype);
    const next: ChannelTensor | undefined = affine ? current : handedOn(node, from, current, context.graph);
    const isKnown = affine?.constants.every((input) => isConstantInput(node, input, context.values)) ?? true;
    // What else a normalisation gives is gone with it.
    if (!next || !isKnown || givesMore(node, context)) break;
    chain.push({ node, from, affine, layout: current.layout, dtype: next.dtype });
    current = next;
    end = node;
  }
  return upToLastAffine(chain);
}

function givesMore({ name }: GraphNode, { consumersOf, laterOutputs }: ChainContext): boolean {
  return laterOutputs.has(name) || consumersOf(name).some(({ port }) => port !== 0);
}

function isConstantInput({ inputs }: GraphNode, input: number, values: ConstantValues): boolean {
  const text = inputs[input];
  return text !== undefined && !isControlInput(text) && values.has(text);
}

/** What stands behind the last link that computes is left alone. */
export function upToLastAffine(chain: readonly ChainLink[]): readonly ChainLink[] {
  let end = chain.length;
  while (end > 0 && !chain[end - 1]?.affine) end--;
  return chain.slice(0, end);
}

/** What becomes of a tensor behind a node that only moves its elements about, or changes their type; else undefined. */
function handedOn(node: GraphNode, from: number, given: ChannelTensor, graph: Graph): ChannelTensor | undefined {
  if (from !== 0) return undefined;
  if (node.op === 'Cast') {
    const dtype = readType(node, 'DstT');
    return floatTypes.has(dtype) ? { ...given, dtype } : undefined;
  }
  const layout = layoutAfter(node, given, graph);
  return layout && { ...given, layout };
}

function layoutAfter(node: GraphNode, { layout, count }: ChannelTensor, graph: Graph): ChannelLayout | undefined {
  if (node.op === 'Identity') return layout;
  if (node.op === 'Squeeze') return squeezed(node, layout);
  if (node.op === 'Reshape') return reshaped(node, layout, count, graph);
  if (node.op === 'BatchToSpaceND') return keepsLastAxis(node, layout, graph) ? layout : undefined;
  return undefined;
}

/** The last axis stays what it is if as many channels are on it as before: elements keep their order. */
function reshaped(
  { inputs }: GraphNode,
  { rank, axis }: ChannelLayout,
  count: number,
  graph: Graph,
): ChannelLayout | undefined {
  const sizes = axis === rank - 1 ? knownSizes(inputs[1] ?? '', graph) : undefined;
  return sizes?.at(-1) === count ? { rank: sizes.length, axis: sizes.length - 1 } : undefined;
}

/** The end of a dilated convolution in TensorFlow 1: the blocks are of as many axes after the batch as there are sizes. */
function keepsLastAxis({ inputs }: GraphNode, { rank, axis }: ChannelLayout, graph: Graph): boolean {
  const blocks = throughIdentities(graph, inputs[1] ?? '')?.node;
  const form = blocks?.op === 'Const' ? constantForm(blocks) : undefined;
  return form !== undefined && axis === rank - 1 && countOf(form.shape) <= rank - 2;
}

/** A convolution over sequences is one over images of height 1. */
function squeezed(node: GraphNode, { rank, axis }: ChannelLayout): ChannelLayout | undefined {
  const dims = (readAttribute(node, 'squeeze_dims')?.list?.i ?? []).map((dim) => dim.toNumber());
  const axes = new Set(dims.map((dim) => (dim < 0 ? dim + rank : dim)));
  const isWithin = [...axes].every((each) => each >= 0 && each < rank && each !== axis);
  // Without axes it takes away whichever have the size 1.
  if (axes.size === 0 || axes.size !== dims.length || !isWithin) return undefined;
  return { rank: rank - axes.size, axis: axis - [...axes].filter((each) => each < axis).length };
}
