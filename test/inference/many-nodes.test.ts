/** A quadratic rewrite takes minutes here, and so fails by the time that a test may take. */
import { expect, it } from 'vitest';
import type { Graph } from '../../src/graph/graph.js';
import { noInference } from '../../src/inference/inference-settings.js';
import type { RewriteName } from '../../src/inference/rewrite-name.js';
import { toInference } from '../../src/inference/to-inference.js';
import { prune } from '../../src/passes/prune.js';
import { chain } from '../support/chain.js';
import { typesAttr } from '../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphOf,
  identity,
  intAttr,
  type NodeLiteral,
  placeholder,
  shapeAttr,
  typeAttr,
} from '../support/graph-def.js';
import { lines } from '../support/stored.js';
import { average, fused, number, variables } from './batch-norm/graphs.js';
import { constant, drawn } from './dropout/nodes.js';

interface Many {
  readonly layer: (index: number, input: string) => readonly NodeLiteral[];
  readonly shared?: readonly NodeLiteral[];
  /** What the last layer is then, and how many nodes are left of each. */
  readonly expected: (index: number) => string;
  readonly left: number;
}

const isTraining: NodeLiteral = {
  name: 'training',
  op: 'PlaceholderWithDefault',
  input: ['no'],
  attr: { dtype: typeAttr(boolType), shape: shapeAttr() },
};
const no: NodeLiteral = {
  name: 'no',
  op: 'Const',
  attr: {
    dtype: typeAttr(boolType),
    value: { tensor: { dtype: boolType, tensor_shape: {}, bool_val: [false] } },
  },
};

const cases: Record<RewriteName, Many> = {
  bindings: {
    layer: (index, input) => [
      floatNode('Switch', `switch${index}`, input, 'training'),
      floatNode('Relu', `on${index}`, `switch${index}:1`),
      floatNode('Neg', `off${index}`, `switch${index}`),
      {
        ...floatNode('Merge', `n${index}`, `off${index}`, `on${index}`),
        attr: { T: typeAttr(float), N: intAttr(2) },
      },
    ],
    shared: [no, isTraining],
    expected: (index) => `n${index} = Identity(off${index})`,
    left: 3,
  },
  'batch-norm': {
    layer: (index, input) => {
      const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map((name) => `${name}${index}`);
      const parameters = [input, `${gamma}/read`, `${beta}/read`, 'none', 'none'];
      return [
        ...variables(gamma as string, beta as string, mean as string, variance as string),
        ...average(mean as string, `bn${index}:1`),
        ...average(variance as string, `bn${index}:2`),
        fused(`bn${index}`, parameters),
        floatNode('Relu', `n${index}`, `bn${index}`),
      ];
    },
    shared: [
      {
        ...number('none', 0),
        attr: { dtype: typeAttr(float), value: { tensor: { dtype: float, tensor_shape: { dim: [{ size: 0 }] } } } },
      },
    ],
    expected: (index) => `n${index} = Relu(bn${index})`,
    left: 10,
  },
  dropout: {
    layer: (index, input) => [
      drawn('RandomUniform', `u${index}`),
      floatNode('Add', `sum${index}`, 'p', `u${index}`),
      floatNode('Floor', `mask${index}`, `sum${index}`),
      floatNode('RealDiv', `scaled${index}`, input, 'p'),
      floatNode('Mul', `n${index}`, `scaled${index}`, `mask${index}`),
    ],
    shared: [constant('p', 0.5)],
    expected: (index) => `n${index} = Identity(n${index - 1})`,
    left: 1,
  },
  'training-ops': {
    layer: (index, input) => [
      { name: `told${index}`, op: 'ScalarSummary', input: ['x', 'x'], attr: { T: typeAttr(float) } },
      floatNode('StopGradient', `stop${index}`, input, `^told${index}`),
      identity(`i${index}`, `stop${index}`),
      floatNode('Relu', `n${index}`, `i${index}`),
    ],
    expected: (index) => `n${index} = Relu(n${index - 1})`,
    left: 1,
  },
  inputs: {
    layer: (index, input) => [
      { name: `it${index}`, op: 'IteratorV2', attr: {} },
      {
        name: `next${index}`,
        op: 'IteratorGetNext',
        input: [`it${index}`],
        attr: { output_types: typesAttr(float), output_shapes: { list: { shape: [{ unknown_rank: true }] } } },
      },
      floatNode('AddV2', `n${index}`, input, `next${index}`),
    ],
    expected: (index) => `n${index} = AddV2(n${index - 1}, next${index})`,
    left: 2,
  },
};

function rewritten(graph: Graph, name: RewriteName): readonly string[] {
  const { graph: inference } = toInference(graph, ['y'], { ...noInference, rewrites: new Set([name]) });
  return lines(prune(inference, ['y'], () => false));
}

it.each(Object.entries(cases))('%s: a hundred thousand nodes, one after the other', (name, many) => {
  const { nodes, layers, end } = chain(many.layer);
  const all = [placeholder('x'), ...(many.shared ?? []), ...nodes, floatNode('Neg', 'y', end)];
  const found = rewritten(graphOf(all), name as RewriteName);
  expect(found).toContain(many.expected(layers - 1));
  expect(Math.abs(found.length - many.left * layers)).toBeLessThanOrEqual(4);
});
