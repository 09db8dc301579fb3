import { describe, expect, it } from 'vitest';
import { base, constant, conv, expectUntouched, fold, line, numbers, withAttributes } from '../../support/folding.js';
import { floatNode, int32Type, type NodeLiteral, placeholder, typeAttr } from '../../support/graph-def.js';

const half = 19;

function sizes(name: string, ...values: number[]): NodeLiteral {
  const tensor = { dtype: int32Type, tensor_shape: { dim: [{ size: values.length }] }, int_val: values };
  return { name, op: 'Const', attr: { dtype: typeAttr(int32Type), value: { tensor } } };
}

function cast(name: string, input: string, from: number, to: number): NodeLiteral {
  return { name, op: 'Cast', input: [input], attr: { SrcT: typeAttr(from), DstT: typeAttr(to) } };
}

/** A layer of features over sequences, as `tf.tensordot` makes it: the sizes before the last come from the input. */
const sequences: readonly NodeLiteral[] = [
  placeholder('x'),
  constant('w', [1, 2], 1, 2),
  constant('two', [2], 2, 3),
  constant('axis', []),
  floatNode('MatMul', 'p', 'x', 'w'),
  placeholder('shape', int32Type),
  sizes('free', 0, 1),
  floatNode('GatherV2', 'outer', 'shape', 'free', 'axis'),
];
const scaled = [floatNode('Reshape', 'r', 'p', 'to'), floatNode('Mul', 'y', 'r', 'two')];

describe('behind a Reshape', () => {
  it.each<[string, readonly NodeLiteral[]]>([
    ['known', [sizes('to', 4, 5, 2)]],
    ['open but for the channels', [sizes('to', -1, 7, 2)]],
    ['put together', [sizes('units', 2), floatNode('ConcatV2', 'to', 'outer', 'units', 'axis')]],
  ])('channels stay on the last axis of a shape that is %s', async (_, to) => {
    const { graph } = await fold([...sequences, ...to, ...scaled]);
    expect(numbers(graph, 'w')).toEqual([2, 6]);
    expect(line(graph, 'r')).toBe('Reshape(p, to)');
    expect(line(graph, 'y')).toBe('Identity(r)');
  });

  it('a constant may have as many axes as there are then, and no more', async () => {
    const wide = (rank: number): NodeLiteral[] => [
      ...sequences.filter(({ name }) => name !== 'two'),
      constant('two', [...Array.from({ length: rank - 1 }, () => 1), 2], 2, 3),
      sizes('to', -1, 7, 2),
      ...scaled,
    ];
    expect(numbers((await fold(wide(3))).graph, 'w')).toEqual([2, 6]);
    await expectUntouched(wide(4));
  });

  it.each<[string, readonly NodeLiteral[]]>([
    ['are mixed', [sizes('to', -1, 4)]],
    ['are not told', [sizes('to', 2, -1)]],
    ['come from elsewhere', [floatNode('ConcatV2', 'to', 'outer', 'free', 'axis')]],
    ['are only known when it runs', [floatNode('ConcatV2', 'to', 'outer', 'outer', 'axis')]],
    ['have a shape that is fed', [placeholder('to', int32Type)]],
  ])('what stays where the channels %s', async (_, to) => {
    await expectUntouched([...sequences, ...to, ...scaled]);
  });

  it('what stays where the channels come first', async () => {
    const first = withAttributes(conv, { data_format: { s: Buffer.from('NCHW') } });
    const two = constant('two', [2], 2, 3);
    const reshape = [sizes('to', -1, 2), floatNode('Reshape', 'r', 'conv', 'to'), floatNode('Mul', 'y', 'r', 'two')];
    await expectUntouched([...base, first, two, ...reshape]);
  });
});

describe('behind a Cast', () => {
  const ofHalf = (op: string, name: string, ...inputs: string[]): NodeLiteral => ({
    ...floatNode(op, name, ...inputs),
    attr: { T: typeAttr(half) },
  });
  const mixed = [
    placeholder('x', half),
    constant('w', [1, 2], 1, 2),
    constant('two', [2], 2, 3),
    cast('narrow', 'w', 1, half),
    ofHalf('MatMul', 'p', 'x', 'narrow'),
  ];

  it('a weight is scaled in front of the Cast, for what computes in the type of the product', async () => {
    const { graph } = await fold([...mixed, cast('c', 'two', 1, half), ofHalf('Mul', 'y', 'p', 'c')]);
    expect(numbers(graph, 'w')).toEqual([2, 6]);
    expect(line(graph, 'p')).toBe('MatMul(x, narrow)');
    expect(line(graph, 'y')).toBe('Identity(p)');
  });

  it('what computes in a wider type than the product stays, and is told of', async () => {
    const left = await expectUntouched([...mixed, cast('wide', 'p', half, 1), floatNode('Mul', 'y', 'wide', 'two')]);
    expect(left).toEqual(["y: is not folded: it computes in float32, and MatMul 'p' in float16"]);
  });

  it('what is made of whole numbers is no weight', async () => {
    const whole = [sizes('w', 1, 2), cast('narrow', 'w', int32Type, half)];
    const others = mixed.filter(({ name }) => name !== 'w' && name !== 'narrow');
    await expectUntouched([...whole, ...others, cast('c', 'two', 1, half), ofHalf('Mul', 'y', 'p', 'c')]);
  });
});
