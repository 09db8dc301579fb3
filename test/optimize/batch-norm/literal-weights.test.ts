/** Weights that stand in the graph itself, as in one that was frozen before. */
import { expect, it } from 'vitest';
import { floatsOf, floatTensor } from '../../../src/evaluate/floats.js';
import { readConstant } from '../../../src/evaluate/tensor-proto.js';
import type { GraphNode } from '../../../src/graph/node.js';
import { foldBatchNorm } from '../../../src/optimize/batch-norm/fold-batch-norm.js';
import { askedMemory } from '../../support/asked-memory.js';
import { float, floatNode, graphOf, type NodeLiteral, placeholder, typeAttr } from '../../support/graph-def.js';
import { alone, optimized } from '../../support/optimized.js';

function constant(name: string, dtype: number, shape: readonly number[], more: object): NodeLiteral {
  const tensor = { dtype, tensor_shape: { dim: shape.map((size) => ({ size })) }, ...more };
  return { name, op: 'Const', attr: { dtype: typeAttr(dtype), value: { tensor } } };
}

/** DataType numbers. */
const [float64, bfloat16, float16] = [2, 14, 19];

it.each([
  ['float32', float],
  ['float64', float64],
  ['float16', float16],
  ['bfloat16', bfloat16],
])(
  'every element of %s is scaled by the factor of its channel, and nothing else of the constant changes',
  async (_, dtype) => {
    const [rows, channels] = [70_000, 3];
    // Small whole numbers are exact in all types, and so are their products with powers of 2.
    const before = Float64Array.from({ length: rows * channels }, (_, index) => (index % 251) - 125);
    const factors = [2, 0.5, -4];
    const content = floatTensor(dtype, [rows, channels], before).elements as Uint8Array;
    const scale = floatTensor(dtype, [channels], Float64Array.from(factors)).elements as Uint8Array;
    const { graph } = await optimized(foldBatchNorm, [
      placeholder('x', dtype),
      constant('w', dtype, [rows, channels], { tensor_content: content }),
      constant('s', dtype, [channels], { tensor_content: scale }),
      { ...floatNode('MatMul', 'product', 'x', 'w'), attr: { T: typeAttr(dtype) } },
      { ...floatNode('Mul', 'y', 'product', 's'), attr: { T: typeAttr(dtype) } },
    ]);
    const value = readConstant(graph.byName.get('w') as GraphNode);
    expect(value?.dtype).toBe(dtype);
    expect(value?.shape).toEqual([rows, channels]);
    const after = value && floatsOf(value);
    expect(
      after?.findIndex((each, index) => each !== (before[index] as number) * (factors[index % channels] as number)),
    ).toBe(-1);
  },
);

it('a weight whose elements are not those of its shape stays, with all that follows it', async () => {
  const nodes = [
    placeholder('x'),
    constant('w', float, [2, 2], { tensor_content: Buffer.alloc(12) }),
    constant('s', float, [2], { float_val: [1, 2] }),
    floatNode('MatMul', 'product', 'x', 'w'),
    floatNode('Mul', 'y', 'product', 's'),
  ];
  const given = graphOf(nodes);
  const told: string[] = [];
  const report = (node: string): void => void told.push(node);
  expect(await foldBatchNorm(given, { ...alone, report })).toBe(given);
  expect(told).toEqual([]);
});

it('weights that nothing is folded into are not looked at, and neither are constants as large', async () => {
  const size = 2048;
  const layers = Array.from({ length: 40 }, (_, index) => index);
  const nodes = layers.flatMap((index): NodeLiteral[] => [
    constant(`w${index}`, float, [1, 1, size, size], { float_val: [1] }),
    floatNode('Conv2D', `conv${index}`, index === 0 ? 'x' : `n${index - 1}`, `w${index}`),
    // The square root of a number below 0.
    {
      ...floatNode('FusedBatchNormV3', `n${index}`, `conv${index}`, 'one', 'one', 'one', 'negative'),
      attr: { T: typeAttr(float), is_training: { b: false } },
    },
  ]);
  const parameters = [
    constant('one', float, [size], { float_val: [1] }),
    constant('negative', float, [size], { float_val: [-1] }),
  ];
  const all = [placeholder('x'), ...parameters, ...nodes, floatNode('Neg', 'y', 'n39')];
  const asked = await askedMemory(async () => expect((await optimized(foldBatchNorm, all)).changed).toEqual([]));
  // The parameters are; a weight has 16 MiB.
  expect(asked).toContain(size * 4);
  expect(Math.max(...asked)).toBeLessThan(20_000);
});
