/** Convolutions with normalisation behind them, folded without a checkpoint. */
import { expect } from 'vitest';
import { floatsOf } from '../../src/evaluate/floats.js';
import type { Maxima } from '../../src/evaluate/stored-maxima.js';
import type { Tensor } from '../../src/evaluate/tensor.js';
import { readConstant } from '../../src/evaluate/tensor-proto.js';
import type { Graph } from '../../src/graph/graph.js';
import type { GraphNode } from '../../src/graph/node.js';
import type { StoredTensor } from '../../src/graph/stored-tensor.js';
import { foldBatchNorm } from '../../src/optimize/batch-norm/fold-batch-norm.js';
import { float, floatNode, graphOf, type NodeLiteral, placeholder, typeAttr } from './graph-def.js';

export function constant(name: string, shape: readonly number[], ...values: number[]): NodeLiteral {
  const tensor = { dtype: float, tensor_shape: { dim: shape.map((size) => ({ size })) }, float_val: values };
  return { name, op: 'Const', attr: { dtype: typeAttr(float), value: { tensor } } };
}

export function withAttributes(node: NodeLiteral, attr: Readonly<Record<string, object>>): NodeLiteral {
  return { ...node, attr: { ...node.attr, ...attr } };
}

/** Two channels; factors 2 and 1, offsets 8 and 18: 4 / sqrt(3 + 1), 3 / sqrt(8 + 1), 10 - 1 * 2, 20 - 2 * 1. */
export const parameters: readonly NodeLiteral[] = [
  constant('scale', [2], 4, 3),
  constant('offset', [2], 10, 20),
  constant('mean', [2], 1, 2),
  constant('variance', [2], 3, 8),
];

export function fused(name: string, input: string, attr: Readonly<Record<string, object>> = {}): NodeLiteral {
  const node = floatNode('FusedBatchNormV3', name, input, 'scale', 'offset', 'mean', 'variance');
  return withAttributes(node, { is_training: { b: false }, epsilon: { f: 1 }, ...attr });
}

export const kernel: NodeLiteral = constant('w', [1, 1, 1, 2], 1, 2);
export const conv: NodeLiteral = floatNode('Conv2D', 'conv', 'x', 'w');
export const base: readonly NodeLiteral[] = [placeholder('x'), ...parameters, kernel];

export interface Outcome {
  readonly graph: Graph;
  readonly told: readonly string[];
  readonly left: readonly string[];
}

export async function fold(
  nodes: readonly NodeLiteral[] | Graph,
  outputs: readonly string[] = ['y'],
  {
    known = new Map(),
    maxima = new Map(),
    storedAs = new Map(),
    laterOutputs = [],
  }: {
    readonly known?: ReadonlyMap<StoredTensor, Tensor>;
    readonly maxima?: ReadonlyMap<StoredTensor, Maxima>;
    readonly storedAs?: ReadonlyMap<string, number>;
    readonly laterOutputs?: readonly string[];
  } = {},
): Promise<Outcome & { before: Graph }> {
  const before = Array.isArray(nodes) ? graphOf(nodes) : (nodes as Graph);
  const told: string[] = [];
  const report = (node: string, text: string): void => void told.push(`${node}: ${text}`);
  const left: string[] = [];
  const leave = (node: string, text: string): void => void left.push(`${node}: ${text}`);
  const graph = await foldBatchNorm(before, {
    outputs: new Set(outputs),
    laterOutputs: new Set(laterOutputs),
    read: async () => known,
    maxima: async (wanted) => wanted.map(({ tensor }) => maxima.get(tensor)),
    storedAs: (name) => storedAs.get(name),
    report,
    leave,
  });
  return { graph, told, left, before };
}

export function numbers(graph: Graph, name: string): number[] {
  const value = readConstant(graph.byName.get(name) as GraphNode);
  return [...((value && floatsOf(value)) ?? [])];
}

export function line(graph: Graph, name: string): string {
  const node = graph.byName.get(name);
  return `${node?.op}(${node?.inputs.join(', ')})`;
}

/** What the channels of the weight `w` were multiplied by, and what is added in the end. */
export async function expectFolded(
  nodes: readonly NodeLiteral[],
  weight: readonly number[],
  bias: readonly number[],
  from = 'conv',
): Promise<Outcome> {
  const outcome = await fold(nodes);
  expect(outcome.told).toHaveLength(1);
  expect(numbers(outcome.graph, 'w')).toEqual(weight);
  expect(line(outcome.graph, 'y')).toBe(`BiasAdd(${from}, y/bias)`);
  expect(numbers(outcome.graph, 'y/bias')).toEqual(bias);
  return outcome;
}

/** @returns what is told of what stays. */
export async function expectUntouched(
  nodes: readonly NodeLiteral[],
  outputs?: readonly string[],
): Promise<readonly string[]> {
  const { graph, before, told, left } = await fold(nodes, outputs);
  expect(graph === before).toBe(true);
  expect(told).toEqual([]);
  return left;
}
