import { describe, expect, it } from 'vitest';
import { Tensor } from '../../../src/evaluate/tensor.js';
import { readAttribute } from '../../../src/graph/attributes.js';
import type { GraphNode } from '../../../src/graph/node.js';
import { StoredTensor } from '../../../src/graph/stored-tensor.js';
import { float32 } from '../../support/bytes.js';
import {
  base,
  constant,
  conv,
  expectFolded,
  expectUntouched,
  fold,
  fused,
  kernel,
  line,
  numbers,
  parameters,
  withAttributes,
} from '../../support/folding.js';
import {
  float,
  floatNode,
  graphOf,
  identity,
  type NodeLiteral,
  placeholder,
  textAttr,
  typeAttr,
} from '../../support/graph-def.js';
import { integers } from '../../support/optimized.js';
import { stored } from '../../support/stored.js';

describe('fused batch normalisation', () => {
  it('goes into the weight of the convolution, and leaves a BiasAdd under its name', async () => {
    const { graph, told } = await expectFolded([...base, conv, fused('y', 'conv')], [2, 2], [8, 18]);
    expect(told).toEqual(["y: FusedBatchNormV3 folded into 'w', the weight of Conv2D 'conv'"]);
    expect(line(graph, 'conv')).toBe('Conv2D(x, w)');
    const y = graph.byName.get('y') as GraphNode;
    expect([...y.attributes.keys()].sort()).toEqual(['T', 'data_format']);
    expect(readAttribute(y, 'data_format')?.s?.toString()).toBe('NHWC');
  });

  it('does so where the channels come first', async () => {
    const format = { data_format: textAttr('NCHW') };
    const nodes = [...base, withAttributes(conv, format), fused('y', 'conv', format)];
    const { graph } = await expectFolded(nodes, [2, 2], [8, 18]);
    expect(readAttribute(graph.byName.get('y') as GraphNode, 'data_format')?.s?.toString()).toBe('NCHW');
  });

  it('takes a bias before it along, however that is added', async () => {
    for (const [op, shape] of [
      ['BiasAdd', [2]],
      ['Add', [2]],
      ['AddV2', [1, 1, 1, 2]],
    ] as const) {
      const nodes = [...base, conv, constant('b', shape, 1, -1), floatNode(op, 'biased', 'conv', 'b')];
      await expectFolded([...nodes, fused('y', 'biased')], [2, 2], [10, 17]);
    }
  });

  it('is found behind Identities, and reads its parameters through them', async () => {
    const nodes = [...base.filter(({ name }) => name !== 'w'), constant('w', [1, 1, 1, 2], 1, 2), identity('r', 'w')];
    const through = [identity('m', 'mean'), floatNode('Conv2D', 'conv', 'x', 'r'), identity('i', 'conv')];
    const normal = { ...fused('y', 'i'), input: ['i', 'scale', 'offset', 'm', 'variance'] };
    await expectFolded([...nodes, ...through, normal], [2, 2], [8, 18]);
  });

  it('hands the control inputs on of all that is gone', async () => {
    const nodes = [
      ...base,
      { name: 'n', op: 'NoOp' },
      { name: 'o', op: 'NoOp' },
      conv,
      constant('b', [2], 1, -1),
      floatNode('BiasAdd', 'biased', 'conv', 'b', '^n'),
      { ...fused('y', 'biased'), input: ['biased', 'scale', 'offset', 'mean', 'variance', '^o', '^n'] },
    ];
    const { graph } = await fold(nodes);
    expect(line(graph, 'y')).toBe('BiasAdd(conv, y/bias, ^n, ^o)');
  });

  it('stays where it is in training, where its data is laid out otherwise, or where others read its statistics', async () => {
    await expectUntouched([...base, conv, fused('y', 'conv', { is_training: { b: true } })]);
    await expectUntouched([...base, conv, fused('y', 'conv', { data_format: textAttr('NCHW') })]);
    await expectUntouched([...base, conv, fused('y', 'conv', { is_training: { b: true } })]);
    const untold = fused('y', 'conv');
    const { is_training, ...rest } = untold.attr ?? {};
    expect(is_training).toBeDefined();
    await expectUntouched([...base, conv, { ...untold, attr: rest }]);
  });

  it('keeps its statistics for those who read them', async () => {
    const { graph } = await fold([...base, conv, fused('n', 'conv'), floatNode('Relu', 'y', 'n:1')]);
    expect(line(graph, 'n').startsWith('FusedBatchNormV3')).toBe(true);
    expect(numbers(graph, 'w')).toEqual([1, 2]);
  });

  it('keeps its statistics where a signature names them, and folds what is before it', async () => {
    const laterOutputs = ['y'];
    const alone = await fold([...base, conv, fused('y', 'conv')], ['y'], { laterOutputs });
    expect(alone.graph).toBe(alone.before);
    const nodes = [...base, conv, fused('n', 'conv'), fused('y', 'n')];
    const { graph } = await fold(nodes, ['y'], { laterOutputs });
    expect(line(graph, 'n')).toBe('BiasAdd(conv, n/bias)');
    expect(line(graph, 'y').startsWith('FusedBatchNormV3(n, ')).toBe(true);
  });
});

it('a denormal mean is 0, as TensorFlow takes it', async () => {
  const others = base.filter(({ name }) => name !== 'mean');
  const nodes = [...others, constant('mean', [2], 1e-40, 2), conv, fused('y', 'conv')];
  await expectFolded(nodes, [2, 2], [10, 18]);
});

describe('what others need stays', () => {
  const normal = fused('y', 'conv');

  it('a convolution that others read, or that is an output', async () => {
    await expectUntouched([...base, conv, normal, floatNode('Relu', 'z', 'conv')], ['y', 'z']);
    await expectUntouched([...base, conv, normal], ['y', 'conv']);
  });

  it('a weight that others read, or that is an output', async () => {
    const large = [...base.filter(({ name }) => name !== 'w'), constant('w', [1, 1, 8193, 2], 1), conv, normal];
    for (const [other, output] of [
      [floatNode('Conv2D', 'z', 'x', 'w'), 'z'],
      [identity('z', 'w'), 'z'],
      [placeholder('z'), 'w'],
    ] as const) {
      const left = await expectUntouched([...large, other], ['y', output]);
      expect(left).toEqual([
        "y: is not folded: 'w', the weight of Conv2D 'conv', has readers that do not need it scaled alike, and 65544 bytes; copies have 65536 at most",
      ]);
    }
  });

  it('a weight that is no constant', async () => {
    await expectUntouched([...parameters, placeholder('x'), placeholder('w'), conv, normal]);
  });

  it('parameters that are no constants', async () => {
    await expectUntouched([placeholder('x'), placeholder('mean'), kernel, conv, normal]);
    const moments = floatNode('Mean', 'mean', 'x', 'axes');
    const others = parameters.filter(({ name }) => name !== 'mean');
    await expectUntouched([placeholder('x'), ...others, kernel, placeholder('axes'), moments, conv, normal]);
  });

  it('more channels than any weight has', async () => {
    const many = constant('w', [1, 1, 1, 2 ** 50], 1);
    const twice = floatNode('Mul', 'y', 'conv', 'factor');
    await expectUntouched([placeholder('x'), many, constant('factor', [], 2), conv, twice]);
  });

  it('what is divided by a denormal number, which TensorFlow takes for 0', async () => {
    const nodes = [placeholder('x'), kernel, conv, constant('v', [2], 3e-39, 4), floatNode('Rsqrt', 'r', 'v')];
    await expectUntouched([...nodes, floatNode('Mul', 'y', 'conv', 'r')]);
  });

  it('parameters that make no finite factor', async () => {
    const others = parameters.filter(({ name }) => name !== 'variance');
    await expectUntouched([placeholder('x'), ...others, constant('variance', [2], -1, 3), kernel, conv, normal]);
  });
});

describe('normalisation in single steps', () => {
  /** As `tf.nn.batch_normalization` makes it. */
  const steps = [
    constant('epsilon', [], 1),
    floatNode('AddV2', 'add', 'variance', 'epsilon'),
    floatNode('Rsqrt', 'rsqrt', 'add'),
    floatNode('Mul', 'factor', 'rsqrt', 'scale'),
    floatNode('Mul', 'shift', 'mean', 'factor'),
    floatNode('Sub', 'rest', 'offset', 'shift'),
  ];

  it('is folded as one, in any order of the factors', async () => {
    for (const inputs of [
      ['conv', 'factor'],
      ['factor', 'conv'],
    ]) {
      const last = [floatNode('Mul', 'scaled', ...inputs), floatNode('AddV2', 'y', 'scaled', 'rest')];
      const { told } = await expectFolded([...base, conv, ...steps, ...last], [2, 2], [8, 18]);
      expect(told).toEqual(["y: Mul, AddV2 folded into 'w', the weight of Conv2D 'conv'"]);
    }
  });

  it('is folded without scale and offset, and with a difference in the place of a sum', async () => {
    const own = [floatNode('Mul', 'scaled', 'conv', 'rsqrt'), floatNode('Mul', 'minus', 'mean', 'rsqrt')];
    const nodes = [...base, conv, ...steps, ...own, floatNode('Sub', 'y', 'scaled', 'minus')];
    const { graph } = await fold(nodes);
    expect(numbers(graph, 'w')).toEqual([0.5, Math.fround(2 / 3)]);
    expect(numbers(graph, 'y/bias')).toEqual([-0.5, Math.fround(-2 / 3)]);
  });

  it('leaves an Identity where nothing is added', async () => {
    const { graph } = await fold([...base, conv, ...steps, floatNode('Mul', 'y', 'conv', 'factor')]);
    expect(line(graph, 'y')).toBe('Identity(conv)');
    expect(numbers(graph, 'w')).toEqual([2, 2]);
  });

  it('stops where a number is not the same for all elements of a channel', async () => {
    const wide = [constant('wide', [3, 2], 1, 2, 3, 4, 5, 6), floatNode('Mul', 'y', 'conv', 'wide')];
    await expectUntouched([...base, conv, ...wide]);
    const format = { data_format: textAttr('NCHW') };
    await expectUntouched([...base, withAttributes(conv, format), ...steps, floatNode('Mul', 'y', 'conv', 'factor')]);
    const nodes = [...base, conv, ...steps, floatNode('Mul', 'scaled', 'conv', 'factor')];
    const { graph } = await fold([...nodes, wide[0] as NodeLiteral, floatNode('AddV2', 'y', 'scaled', 'wide')]);
    expect(line(graph, 'scaled')).toBe('Identity(conv)');
    expect(line(graph, 'y')).toBe('AddV2(scaled, wide)');
  });

  it('stops where the shape would be another', async () => {
    const nodes = [...base.filter(({ name }) => name !== 'w'), constant('w', [1, 1, 1, 1], 1), conv];
    await expectUntouched([...nodes, constant('two', [2], 1, 2), floatNode('Mul', 'y', 'conv', 'two')]);
    await expectUntouched([...nodes, constant('deep', [1, 1, 1, 1, 1], 2), floatNode('Mul', 'y', 'conv', 'deep')]);
  });

  it('does not take a difference from a constant, a quotient of a constant, or a square', async () => {
    const two = constant('two', [], 2);
    await expectUntouched([...base, conv, two, floatNode('Sub', 'y', 'two', 'conv')]);
    await expectUntouched([...base, conv, two, floatNode('RealDiv', 'y', 'two', 'conv')]);
    await expectUntouched([...base, conv, floatNode('Mul', 'y', 'conv', 'conv')]);
    await expectUntouched([...base, conv, constant('b', [2], 1, 2), floatNode('BiasAdd', 'y', 'conv', 'b')]);
  });
});

describe('the ops before it', () => {
  const two = constant('two', [2], 2, 3);
  const inputs = [placeholder('x'), two];
  const scaled = (op: string, weight: NodeLiteral, attr = {}): NodeLiteral[] => [
    ...inputs,
    weight,
    withAttributes(floatNode(op, 'conv', ...(op.includes('Backprop') ? ['sizes', 'w', 'x'] : ['x', 'w'])), attr),
    ...(op.includes('Backprop') ? [placeholder('sizes', 3)] : []),
    floatNode('Mul', 'y', 'conv', 'two'),
  ];
  const weightAfter = async (nodes: readonly NodeLiteral[]): Promise<number[]> => {
    const { graph } = await fold(nodes);
    expect(line(graph, 'y')).toBe('Identity(conv)');
    return numbers(graph, 'w');
  };

  it('have their channels on axes of their own', async () => {
    const one = [1, 1, 1, 1];
    expect(await weightAfter(scaled('Conv2D', constant('w', [1, 1, 2, 2], ...one)))).toEqual([2, 3, 2, 3]);
    expect(await weightAfter(scaled('Conv3D', constant('w', [1, 1, 1, 2, 2], ...one)))).toEqual([2, 3, 2, 3]);
    expect(await weightAfter(scaled('Conv2DBackpropInput', constant('w', [1, 1, 2, 2], ...one)))).toEqual([2, 2, 3, 3]);
    expect(await weightAfter(scaled('DepthwiseConv2dNative', constant('w', [2, 1, 2, 1], ...one)))).toEqual([
      2, 3, 2, 3,
    ]);
    expect(await weightAfter(scaled('DepthwiseConv2dNative', constant('w', [2, 1, 1, 2], ...one)))).toEqual([
      2, 3, 2, 3,
    ]);
    expect(await weightAfter(scaled('MatMul', constant('w', [2, 2], ...one)))).toEqual([2, 3, 2, 3]);
    const turned = { transpose_b: { b: true } };
    expect(await weightAfter(scaled('MatMul', constant('w', [2, 2], ...one), turned))).toEqual([2, 2, 3, 3]);
  });

  it('are as many as the weight has, or as vectors have, where it may be in groups', async () => {
    const turned = floatNode('Conv2DBackpropInput', 'conv', 'sizes', 'w', 'x');
    const weight = constant('w', [1, 1, 2, 2], 1, 1, 1, 1);
    const twice = floatNode('Mul', 'y', 'conv', 'factor');
    const nodes = [placeholder('x'), weight, constant('factor', [], 2), turned];
    const sizes = (channels: number): NodeLiteral => integers('sizes', 1, 5, 5, channels);
    await expectUntouched([...nodes, twice, placeholder('sizes', 3)]);
    await expectUntouched([...nodes, twice, sizes(4)]);
    const { graph } = await fold([...nodes, twice, sizes(2)]);
    expect(numbers(graph, 'w')).toEqual([2, 2, 2, 2]);
    const named = [floatNode('Mul', 'twice', 'conv', 'factor'), constant('b', [2], 1, 2), placeholder('sizes', 3)];
    await expectFolded([...nodes, ...named, floatNode('BiasAdd', 'y', 'twice', 'b')], [2, 2, 2, 2], [1, 2]);
  });

  it('may be those of a sequence, or of a dilated convolution', async () => {
    const squeeze = withAttributes(floatNode('Squeeze', 's', 'biased'), { squeeze_dims: { list: { i: [-3] } } });
    const nodes = [...base, conv, constant('b', [2], 1, -1), floatNode('BiasAdd', 'biased', 'conv', 'b'), squeeze];
    const { graph } = await expectFolded([...nodes, two, floatNode('Mul', 'y', 's', 'two')], [2, 6], [2, -3], 's');
    expect(line(graph, 's')).toBe('Squeeze(conv)');
    const blocks = {
      ...constant('blocks', [2]),
      attr: {
        dtype: typeAttr(3),
        value: { tensor: { dtype: 3, tensor_shape: { dim: [{ size: 2 }] }, int_val: [2, 2] } },
      },
    };
    const dilated = [
      ...base,
      conv,
      blocks,
      placeholder('crops', 3),
      floatNode('BatchToSpaceND', 'd', 'conv', 'blocks', 'crops'),
    ];
    await expectFolded([...dilated, fused('y', 'd')], [2, 2], [8, 18], 'd');
    const open = withAttributes(floatNode('Squeeze', 's', 'conv'), {});
    await expectUntouched([...base, conv, open, two, floatNode('Mul', 'y', 's', 'two')]);
  });

  it('may have weights whose axes are put in', async () => {
    const nodes = scaled('Conv2D', constant('v', [1, 2, 2], 1, 1, 1, 1));
    const axis = (at: number): NodeLiteral => {
      const tensor = { dtype: 3, tensor_shape: {}, int_val: [at] };
      return { name: 'axis', op: 'Const', attr: { dtype: typeAttr(3), value: { tensor } } };
    };
    for (const at of [0, -4, 1]) {
      const expanded = [...nodes, axis(at), identity('r', 'v'), floatNode('ExpandDims', 'w', 'r', 'axis')];
      const { graph } = await fold(expanded);
      expect(numbers(graph, 'v')).toEqual([2, 3, 2, 3]);
      expect(line(graph, 'y')).toBe('Identity(conv)');
    }
    await expectUntouched([...nodes, placeholder('axis', 3), floatNode('ExpandDims', 'w', 'v', 'axis')]);
  });

  it('have weights of as many axes as they need', async () => {
    await expectUntouched(scaled('Conv2D', constant('w', [2], 1, 1)));
  });
});

it('a tensor of the checkpoint is scaled by the core, and small ones are read', async () => {
  const weight = stored('w', 0, [1, 1, 1, 2]);
  const mean = stored('mean', 1, [2]);
  const literal = graphOf([...base, conv, fused('y', 'conv')]);
  const graph = literal.mapNodes((node) => {
    const value = { w: weight, mean }[node.name];
    return value ? node.edit({ set: { value } }) : node;
  });
  const known = new Map([[mean, new Tensor(float, [2], float32(1, 2))]]);
  const { graph: folded } = await fold(graph, ['y'], { known });
  const value = folded.byName.get('w')?.getEdited('value');
  expect(value).toBeInstanceOf(StoredTensor);
  const { scaled, row } = value as StoredTensor;
  expect(row).toBe(0);
  expect(scaled).toEqual({
    from: weight,
    by: { factors: Float64Array.of(2, 1), channels: { count: 2, run: 1, block: 2 } },
  });
  expect(numbers(folded, 'y/bias')).toEqual([8, 18]);
});
