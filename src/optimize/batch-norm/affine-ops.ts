/**
 * The ops that multiply each channel by a number and add another: what normalisation is when it is not trained. Each says
 * which of its inputs have to be constants for that, and the numbers that they make.
 */
import { readAttribute, readType } from '../../graph/attributes.js';
import { isControlInput } from '../../graph/edges.js';
import type { GraphNode } from '../../graph/node.js';
import { isTraining } from '../../graph/op-kinds/fused-batch-norm.js';
import { type ChannelLayout, channelAxis } from './scaled-ops.js';

/** output = input * factor + offset, in each channel. */
export interface Affine {
  readonly factor: number;
  readonly offset: number;
}

export interface AffineOp {
  /** Numbers of the inputs that are constants. */
  readonly constants: readonly number[];
  /** Whether these are vectors with an element a channel; else they are stretched as NumPy does. */
  readonly areVectors: boolean;
  /** Whether it multiplies by anything, and whether it adds. */
  readonly scales: boolean;
  readonly adds: boolean;
  /** @param values of the constants in one channel, in their order. */
  readonly of: (values: readonly number[]) => Affine;
}

/** @param from which input is normalised. */
type Rule = (node: GraphNode, from: number, layout: ChannelLayout) => AffineOp | undefined;

function elementwise(kind: 'adds' | 'scales', isEitherSide: boolean, of: (value: number) => Affine): Rule {
  return (node, from) => {
    const isPair = node.inputs.filter((input) => !isControlInput(input)).length === 2;
    if (!isPair || (from !== 0 && !isEitherSide)) return undefined;
    const is = { scales: kind === 'scales', adds: kind === 'adds' };
    return { ...is, constants: [1 - from], areVectors: false, of: ([value]) => of(value as number) };
  };
}

const add = elementwise('adds', true, (value) => ({ factor: 1, offset: value }));

const biasAdd: Rule = (node, from, { rank, axis }) => {
  if (from !== 0 || channelAxis(node, rank) !== axis) return undefined;
  return {
    constants: [1],
    areVectors: true,
    scales: false,
    adds: true,
    of: ([value]) => ({ factor: 1, offset: value as number }),
  };
};

/** With the statistics and parameters of a channel. */
function normalising(mean: number, variance: number, epsilon: number, scale: number, offset: number): Affine {
  const factor = scale / Math.sqrt(variance + epsilon);
  return { factor, offset: offset - mean * factor };
}

/** What these attributes are where a graph of an older TensorFlow does not say. */
const fusedEpsilon = 1e-4;

const fusedBatchNorm: Rule = (node, from, { rank, axis }) => {
  if (from !== 0 || isTraining(node) || rank < 4 || channelAxis(node, rank) !== axis) return undefined;
  const epsilon = readAttribute(node, 'epsilon')?.f ?? fusedEpsilon;
  return {
    constants: [1, 2, 3, 4],
    areVectors: true,
    scales: true,
    adds: true,
    of: ([scale = 0, offset = 0, mean = 0, variance = 0]) => normalising(mean, variance, epsilon, scale, offset),
  };
};

const globalBatchNorm: Rule = (node, from, { rank, axis }) => {
  const epsilon = readAttribute(node, 'variance_epsilon')?.f;
  if (from !== 0 || rank !== 4 || axis !== 3 || epsilon === undefined) return undefined;
  const isScaled = readAttribute(node, 'scale_after_normalization')?.b ?? false;
  return {
    constants: isScaled ? [1, 2, 3, 4] : [1, 2, 3],
    areVectors: true,
    scales: true,
    adds: true,
    of: ([mean = 0, variance = 0, offset = 0, scale = 1]) => normalising(mean, variance, epsilon, scale, offset),
  };
};

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['Add', add],
  ['AddV2', add],
  ['Sub', elementwise('adds', false, (value) => ({ factor: 1, offset: -value }))],
  ['Mul', elementwise('scales', true, (value) => ({ factor: value, offset: 0 }))],
  ['RealDiv', elementwise('scales', false, (value) => ({ factor: 1 / value, offset: 0 }))],
  ['BiasAdd', biasAdd],
  ['BiasAddV1', biasAdd],
  ['FusedBatchNorm', fusedBatchNorm],
  ['FusedBatchNormV2', fusedBatchNorm],
  ['FusedBatchNormV3', fusedBatchNorm],
  ['BatchNormWithGlobalNormalization', globalBatchNorm],
]);

/** Undefined where the op is none of these, or computes in another type than its input's. */
export function affineOp(node: GraphNode, from: number, layout: ChannelLayout, dtype: number): AffineOp | undefined {
  const rule = rules.get(node.op);
  return rule && readType(node, 'T') === dtype ? rule(node, from, layout) : undefined;
}
