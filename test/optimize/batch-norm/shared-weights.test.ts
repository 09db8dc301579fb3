import { expect, it } from 'vitest';
import { StoredTensor } from '../../../src/graph/stored-tensor.js';
import { base, constant, conv, fold, fused, line, numbers, withAttributes } from '../../support/folding.js';
import { floatNode, graphOf, identity, type NodeLiteral, placeholder, typeAttr } from '../../support/graph-def.js';
import { stored } from '../../support/stored.js';

/** The same layers once more, as those of another signature, with normalisation in single steps. */
const twin: readonly NodeLiteral[] = [
  floatNode('Conv2D', 'twin', 'x', 'w'),
  constant('epsilon', [], 1),
  floatNode('AddV2', 'add', 'variance', 'epsilon'),
  floatNode('Rsqrt', 'rsqrt', 'add'),
  floatNode('Mul', 'factor', 'rsqrt', 'scale'),
  floatNode('Mul', 'z', 'twin', 'factor'),
];
const tripled = [
  constant('three', [], 3),
  floatNode('Conv2D', 'other', 'x', 'w'),
  floatNode('Mul', 'z', 'other', 'three'),
];
const pair = [...base, conv, fused('y', 'conv')];

it('a weight is scaled once for all who need it scaled alike, whatever its size', async () => {
  const graph = graphOf([...pair, ...twin]);
  const large = stored('w', 0, [1, 1, 100_000, 2]);
  const edited = graph.mapNodes((node) => (node.name === 'w' ? node.edit({ set: { value: large } }) : node));
  const { graph: folded, told } = await fold(edited, ['y', 'z']);
  expect(told).toEqual([
    "y: FusedBatchNormV3 folded into 'w', the weight of Conv2D 'conv'",
    "z: Mul folded into 'w', the weight of Conv2D 'twin'",
  ]);
  const value = folded.byName.get('w')?.getEdited('value');
  expect(value).toBeInstanceOf(StoredTensor);
  expect((value as StoredTensor).scaled?.by.factors).toEqual(Float64Array.of(2, 1));
  expect(['conv', 'twin', 'y', 'z'].map((name) => line(folded, name))).toEqual([
    'Conv2D(x, w)',
    'Conv2D(x, w)',
    'BiasAdd(conv, y/bias)',
    'Identity(twin)',
  ]);
});

it('a small weight has a copy for each who needs it scaled otherwise', async () => {
  const { graph, told } = await fold(
    [...pair, ...twin, ...tripled.map((node) => ({ ...node, name: node.name === 'z' ? 'v' : node.name }))],
    ['y', 'z', 'v'],
  );
  expect(told[2]).toBe("v: Mul folded into 'other/weight', a copy of 'w', the weight of Conv2D 'other'");
  expect(numbers(graph, 'w')).toEqual([2, 2]);
  expect(numbers(graph, 'other/weight')).toEqual([3, 6]);
  expect(line(graph, 'other')).toBe('Conv2D(x, other/weight)');
  expect(line(graph, 'twin')).toBe('Conv2D(x, w)');
});

it.each<[string, readonly NodeLiteral[], string]>([
  ['is read as it is', [floatNode('Conv2D', 'z', 'x', 'w')], 'z'],
  ['is read behind an Identity', [identity('r', 'w'), floatNode('Relu', 'z', 'r')], 'z'],
  ['is an input of the data as well', [floatNode('Conv2D', 'z', 'w', 'v'), constant('v', [1, 1, 2, 1], 1)], 'z'],
  ['is an output', [], 'w'],
])('a small weight that %s stays, beside its scaled copy', async (_, nodes, output) => {
  const { graph } = await fold([...pair, ...nodes], ['y', output]);
  expect(numbers(graph, 'w')).toEqual([1, 2]);
  expect(numbers(graph, 'conv/weight')).toEqual([2, 2]);
  expect(line(graph, 'conv')).toBe('Conv2D(x, conv/weight)');
});

it('what hands the weight on does so for the copy as well', async () => {
  const axis = { dtype: typeAttr(3), value: { tensor: { dtype: 3, tensor_shape: {}, int_val: [0] } } };
  const nodes = [
    placeholder('x'),
    constant('two', [2], 2, 3),
    constant('w', [1, 1, 2], 1, 1),
    { name: 'axis', op: 'Const', attr: axis },
    floatNode('ExpandDims', 'e', 'w', 'axis'),
    floatNode('Conv2D', 'a', 'x', 'e'),
    floatNode('Conv2D', 'z', 'x', 'e'),
    floatNode('Mul', 'y', 'a', 'two'),
  ];
  const { graph } = await fold(nodes, ['y', 'z']);
  expect(numbers(graph, 'a/weight')).toEqual([2, 3]);
  expect(line(graph, 'a/weight_1')).toBe('ExpandDims(a/weight, axis)');
  expect(line(graph, 'a')).toBe('Conv2D(x, a/weight_1)');
  expect(line(graph, 'z')).toBe('Conv2D(x, e)');
});

it('channels on other axes are scaled otherwise, even by the same numbers', async () => {
  const nodes = [
    placeholder('x'),
    constant('two', [2], 2, 3),
    constant('w', [2, 2], 1, 1, 1, 1),
    floatNode('MatMul', 'a', 'x', 'w'),
    withAttributes(floatNode('MatMul', 'b', 'x', 'w'), { transpose_b: { b: true } }),
    floatNode('Mul', 'y', 'a', 'two'),
    floatNode('Mul', 'z', 'b', 'two'),
  ];
  const { graph } = await fold(nodes, ['y', 'z']);
  expect(numbers(graph, 'w')).toEqual([2, 3, 2, 3]);
  expect(numbers(graph, 'b/weight')).toEqual([2, 2, 3, 3]);
});

it('all copies of one weight together are small', async () => {
  const copies = (count: number): NodeLiteral[] =>
    Array.from({ length: count }, (_, index) => [
      constant(`c${index}`, [], index + 2),
      floatNode('MatMul', `p${index}`, 'x', 'w'),
      floatNode('Mul', `y${index}`, `p${index}`, `c${index}`),
    ]).flat();
  const outputs = Array.from({ length: 6 }, (_, index) => `y${index}`);
  // 16 KiB: the weight itself and four copies.
  const nodes = [placeholder('x'), constant('w', [64, 64], 1)];
  const { told, left } = await fold([...nodes, ...copies(5)], outputs);
  expect([told.length, left.length]).toEqual([5, 0]);
  const { told: untold, left: all } = await fold([...nodes, ...copies(6)], outputs);
  expect([untold.length, all.length]).toEqual([0, 6]);
});
