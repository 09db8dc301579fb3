/** Batch normalisation as TensorFlow's layers, slim and Keras write it for training. */

import type { StatisticsNames } from '../../../src/inference/batch-norm/statistics-names.js';
import type { Change } from '../../../src/inference/change.js';
import { noInference } from '../../../src/inference/inference-settings.js';
import { type Inference, toInference } from '../../../src/inference/to-inference.js';
import {
  float,
  floatNode,
  graphOf,
  identity,
  int32Type,
  type NodeLiteral,
  refVariable,
  typeAttr,
} from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';

export function number(name: string, value: number): NodeLiteral {
  return {
    name,
    op: 'Const',
    attr: { dtype: typeAttr(float), value: { tensor: { dtype: float, tensor_shape: {}, float_val: [value] } } },
  };
}

export function axes(name: string, ...values: number[]): NodeLiteral {
  const tensor = { dtype: int32Type, tensor_shape: { dim: [{ size: values.length }] }, int_val: values };
  return { name, op: 'Const', attr: { dtype: typeAttr(int32Type), value: { tensor } } };
}

export function mean(name: string, input: string, over: string, keepDims: boolean): NodeLiteral {
  return {
    name,
    op: 'Mean',
    input: [input, over],
    attr: { T: typeAttr(float), Tidx: typeAttr(int32Type), keep_dims: { b: keepDims } },
  };
}

export function fused(name: string, inputs: readonly string[], isTraining = true): NodeLiteral {
  return {
    name,
    op: 'FusedBatchNormV3',
    input: inputs,
    attr: { T: typeAttr(float), U: typeAttr(float), is_training: { b: isTraining } },
  };
}

/** Variables with references, as those of `tf.layers`; their reads are called `NAME/read`. */
export function variables(...names: string[]): NodeLiteral[] {
  return names.flatMap((name) => [refVariable(name, float, 3), identity(`${name}/read`, name)]);
}

/** `variable -= (variable - value) * 0.1`; the update is called `avg/VARIABLE`. */
export function average(variable: string, value: string): NodeLiteral[] {
  const at = `avg/${variable}`;
  return [
    number(`${at}/decay`, 0.1),
    floatNode('Sub', `${at}/sub`, `${variable}/read`, value),
    floatNode('Mul', `${at}/mul`, `${at}/sub`, `${at}/decay`),
    floatNode('AssignSub', at, variable, `${at}/mul`),
  ];
}

/** Mean and variance over the rows of `x`, as `tf.nn.moments` has them: `m` and `v`, squeezed `ms` and `vs`. */
export function moments(): NodeLiteral[] {
  const squeeze = (name: string, input: string): NodeLiteral => ({
    ...floatNode('Squeeze', name, input),
    attr: { T: typeAttr(float), squeeze_dims: { list: { i: [0] } } },
  });
  return [
    axes('axes', 0),
    mean('m', 'x', 'axes', true),
    floatNode('StopGradient', 'stop', 'm'),
    floatNode('SquaredDifference', 'squares', 'x', 'stop'),
    mean('v', 'squares', 'axes', true),
    squeeze('ms', 'm'),
    squeeze('vs', 'v'),
  ];
}

/** `x * s + (beta - mean * s)` with `s = rsqrt(variance + e) * gamma`, which `y` gives. */
export function normalization(meanTensor: string, variance: string): NodeLiteral[] {
  return [
    number('e', 0.001),
    floatNode('AddV2', 'add', variance, 'e'),
    floatNode('Rsqrt', 'rsqrt', 'add'),
    floatNode('Mul', 's', 'rsqrt', 'gamma/read'),
    floatNode('Mul', 'xs', 'x', 's'),
    floatNode('Mul', 'offset', meanTensor, 's'),
    floatNode('Sub', 'shift', 'beta/read', 'offset'),
    floatNode('AddV2', 'sum', 'xs', 'shift'),
  ];
}

export interface Outcome {
  /** Nodes as `name = Op(inputs)`, by name. */
  readonly nodes: ReadonlyMap<string, string>;
  readonly changes: readonly Change[];
  readonly lines: readonly string[];
}

export function normalize(nodes: readonly NodeLiteral[], bnStats: Record<string, StatisticsNames> = {}): Outcome {
  const { graph, changes } = normalizedGraph(nodes, {}, bnStats);
  const all = lines(graph);
  return { nodes: new Map(all.map((line) => [line.split(' = ')[0] as string, line])), changes, lines: all };
}

export function normalizedGraph(
  nodes: readonly NodeLiteral[],
  more: object,
  bnStats: Record<string, StatisticsNames> = {},
  rewrites: readonly 'batch-norm'[] = ['batch-norm'],
): Inference {
  const settings = {
    ...noInference,
    rewrites: new Set(rewrites),
    bnStats: new Map(Object.entries(bnStats)),
  };
  return toInference(graphOf(nodes, more), ['y'], settings);
}
