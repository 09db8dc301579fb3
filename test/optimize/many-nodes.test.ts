/** A quadratic pass takes minutes here, and so fails by the time that a test may take. */
import { expect, it } from 'vitest';
import { foldBatchNorm } from '../../src/optimize/batch-norm/fold-batch-norm.js';
import { cancelMoves } from '../../src/optimize/cancel-moves.js';
import { foldConstants } from '../../src/optimize/fold-constants.js';
import { freeControls } from '../../src/optimize/free-controls.js';
import { mergeConstants } from '../../src/optimize/merge-constants.js';
import type { Optimization } from '../../src/optimize/optimization.js';
import type { OptimizationName } from '../../src/optimize/optimization-name.js';
import { passIdentities } from '../../src/optimize/pass-identities.js';
import { chain } from '../support/chain.js';
import {
  float,
  floatNode,
  identity,
  int32Type,
  type NodeLiteral,
  placeholder,
  typeAttr,
} from '../support/graph-def.js';
import { integers, optimized } from '../support/optimized.js';
import { lines } from '../support/stored.js';

interface Many {
  readonly optimization: Optimization;
  readonly layer: (index: number, input: string) => readonly NodeLiteral[];
  readonly shared?: readonly NodeLiteral[];
  /** The op that reads the end, and what else. */
  readonly end?: (input: string) => NodeLiteral;
  /** Told of for each layer. */
  readonly told: number;
  readonly expected: (layers: number, end: string) => string;
}

const vector = (name: string, shape: readonly number[], value: number): NodeLiteral => {
  const tensor = { dtype: float, tensor_shape: { dim: shape.map((size) => ({ size })) }, float_val: [value] };
  return { name, op: 'Const', attr: { dtype: typeAttr(float), value: { tensor } } };
};

const cases: Record<OptimizationName, Many> = {
  controls: {
    optimization: freeControls,
    layer: (index, input) => [
      { ...identity(`r${index}`, 'c', int32Type), input: ['c', ...(index > 0 ? [`^r${index - 1}`] : [])] },
      floatNode('Relu', `n${index}`, input, `^r${index}`),
    ],
    shared: [integers('c', 1)],
    told: 2,
    expected: (_, end) => `y = Neg(${end})`,
  },
  identities: {
    optimization: passIdentities,
    layer: (index, input) => [identity(`n${index}`, input)],
    told: 1,
    expected: () => 'y = Neg(x)',
  },
  'batch-norm': {
    optimization: foldBatchNorm,
    layer: (index, input) => [
      vector(`w${index}`, [1, 1, 1, 1], 2),
      floatNode('Conv2D', `conv${index}`, input, `w${index}`),
      {
        ...floatNode('FusedBatchNormV3', `n${index}`, `conv${index}`, 'one', 'one', 'one', 'one'),
        attr: { T: typeAttr(float), is_training: { b: false } },
      },
    ],
    shared: [vector('one', [1], 1)],
    told: 1,
    expected: (_, end) => `y = Neg(${end})`,
  },
  'constant-folding': {
    optimization: foldConstants,
    layer: (index, input) => [
      { name: `n${index}`, op: 'AddV2', input: [input === 'x' ? 'c' : input, 'c'], attr: { T: typeAttr(int32Type) } },
    ],
    shared: [integers('c', 1)],
    told: 0,
    end: (input) => floatNode('Reshape', 'y', 'x', input),
    expected: (_, end) => `y = Reshape(x, ${end})`,
  },
  moves: {
    optimization: cancelMoves,
    layer: (index, input) => [floatNode('Reshape', `n${index}`, input, 'shape')],
    shared: [integers('shape', 2, -1)],
    told: 1,
    expected: (_, end) => `y = Neg(${end})`,
  },
  duplicates: {
    optimization: mergeConstants,
    layer: (index, input) => [
      vector(`c${index}`, [2], 1),
      floatNode('AddV2', `n${index}`, input === 'x' ? 'c0' : input, `c${index}`),
    ],
    told: 1,
    expected: (_, end) => `y = Neg(${end})`,
  },
};

it.each(Object.entries(cases))('%s: a hundred thousand nodes, one after the other', async (_, many) => {
  const { nodes, layers, end } = chain(many.layer);
  const last = many.end?.(end) ?? floatNode('Neg', 'y', end);
  const { graph, changed } = await optimized(many.optimization, [
    placeholder('x'),
    ...(many.shared ?? []),
    ...nodes,
    last,
  ]);
  expect(lines(graph).at(-1)).toBe(many.expected(layers, end));
  expect(Math.abs(changed.length - many.told * layers)).toBeLessThanOrEqual(1);
});

it('identities: a hundred thousand, each of which something reads, and which stand behind their readers', async () => {
  const { nodes, end, layers } = chain((index, input) => [
    floatNode('Tanh', `t${index}`, input),
    identity(`n${index}`, input),
  ]);
  const all = nodes.filter(({ op }) => op === 'Tanh').map(({ name }) => name);
  const y = floatNode('AddN', 'y', end, ...all);
  const { graph, changed } = await optimized(passIdentities, [y, ...[...nodes].reverse(), placeholder('x')]);
  expect(changed).toHaveLength(layers);
  expect(lines(graph)[1]).toBe(`t${layers - 1} = Tanh(x)`);
});

it('moves: fifty thousand transposes, and as many that take them back', async () => {
  const half = 50_000;
  const turned = Array.from({ length: 2 * half }, (_, index) =>
    floatNode('Transpose', `n${index}`, index === 0 ? 'x' : `n${index - 1}`, index < half ? 'there' : 'back'),
  );
  const y = floatNode('Neg', 'y', `n${2 * half - 1}`);
  const steering = [integers('there', 2, 0, 1), integers('back', 1, 2, 0)];
  const { graph, changed } = await optimized(cancelMoves, [placeholder('x'), ...steering, ...turned, y]);
  expect(lines(graph)).toEqual(['x = Placeholder()', 'y = Neg(x)']);
  expect(changed).toHaveLength(half);
});

it('batch-norm: fifty thousand readers of one weight, of which one needs it scaled otherwise', async () => {
  const half = 50_000;
  const readers = Array.from({ length: half }, (_, index) => [
    floatNode('MatMul', `p${index}`, 'x', 'w'),
    floatNode('Mul', `n${index}`, `p${index}`, index > 0 ? 'two' : 'three'),
  ]).flat();
  const y = floatNode('AddN', 'y', ...readers.flatMap(({ op, name }) => (op === 'Mul' ? [name] : [])));
  const constants = [vector('w', [2, 2], 1), vector('two', [], 2), vector('three', [], 3)];
  const { graph, changed } = await optimized(foldBatchNorm, [placeholder('x'), ...constants, ...readers, y]);
  expect(changed).toHaveLength(half);
  expect(lines(graph).filter((line) => line.endsWith('/weight)'))).toHaveLength(half - 1);
});
