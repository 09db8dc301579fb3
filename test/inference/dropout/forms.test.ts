import { describe, expect, it } from 'vitest';
import { noInference } from '../../../src/inference/inference-settings.js';
import { toInference } from '../../../src/inference/to-inference.js';
import { floatNode, graphOf, identity, type NodeLiteral, placeholder } from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';
import { compare, constant, drawn } from './nodes.js';

/** The line of `y` after the rewrite, of a graph of these nodes and the data `x`. */
function rewritten(...nodes: NodeLiteral[]): string | undefined {
  const { graph } = toInference(graphOf([placeholder('x'), ...nodes]), ['y'], {
    ...noInference,
    rewrites: new Set(['dropout']),
  });
  return lines(graph).find((line) => line.startsWith('y ='));
}

const uniform = drawn('RandomUniform', 'u');
const normal = drawn('RandomStandardNormal', 'n');
/** Normal numbers around 1. */
const aroundOne: NodeLiteral[] = [
  normal,
  constant('deviation', 0.5),
  floatNode('Mul', 'spread', 'n', 'deviation'),
  constant('one', 1),
  floatNode('AddV2', 'noise', 'spread', 'one'),
];
const keepProb = placeholder('p');
const shifted = floatNode('Add', 'sum', 'p', 'u');
const floor = floatNode('Floor', 'mask', 'sum');
const atLeast = (rate: number): NodeLiteral[] => [
  uniform,
  constant('rate', rate),
  compare('GreaterEqual', 'm', 'u', 'rate'),
];
const asFloat: NodeLiteral = { ...floatNode('Cast', 'mask', 'm'), attr: { SrcT: { type: 10 }, DstT: { type: 1 } } };
const select = (...inputs: string[]): NodeLiteral => floatNode('SelectV2', 'y', ...inputs);

describe('dropout becomes an Identity of its data', () => {
  const cases: Record<string, NodeLiteral[]> = {
    'TensorFlow 1: x / p * floor(p + u), p to be fed': [
      uniform,
      keepProb,
      shifted,
      floor,
      floatNode('Div', 'scaled', 'x', 'p'),
      floatNode('Mul', 'y', 'scaled', 'mask'),
    ],
    'the same the other way round, p a constant': [
      uniform,
      constant('p', 0.6),
      floatNode('AddV2', 'sum', 'u', 'p'),
      floor,
      floatNode('RealDiv', 'scaled', 'x', 'p'),
      floatNode('Mul', 'y', 'mask', 'scaled'),
    ],
    '1.13: x * (1 / (1 - rate)) * cast(u >= rate), the rate to be fed': [
      uniform,
      placeholder('rate'),
      constant('one', 1),
      floatNode('Sub', 'p', 'one', 'rate'),
      floatNode('RealDiv', 'scale', 'one', 'p'),
      floatNode('Mul', 'scaled', 'x', 'scale'),
      compare('GreaterEqual', 'm', 'u', 'rate'),
      asFloat,
      floatNode('Mul', 'y', 'scaled', 'mask'),
    ],
    'TensorFlow 2: a choice between scaled data and zero': [
      ...atLeast(0.3),
      constant('scale', 1 / 0.7),
      floatNode('Mul', 'scaled', 'x', 'scale'),
      constant('zero', 0),
      select('m', 'scaled', 'zero'),
    ],
    'what is true is dropped': [
      uniform,
      constant('rate', 0.3),
      compare('Less', 'm', 'u', 'rate'),
      constant('p', 0.7),
      floatNode('RealDiv', 'scaled', 'x', 'p'),
      floatNode('ZerosLike', 'zero', 'x'),
      select('m', 'zero', 'scaled'),
    ],
    'zeros that are a constant of the shape of the data': [
      ...atLeast(0.5),
      constant('two', 2),
      floatNode('Mul', 'scaled', 'two', 'x'),
      {
        name: 'zeros',
        op: 'Const',
        attr: { value: { tensor: { dtype: 1, tensor_shape: { dim: [{ size: 3 }] }, float_val: [0] } } },
      },
      floatNode('Select', 'y', 'm', 'scaled', 'zeros'),
    ],
    'scaled after the mask': [
      ...atLeast(0.5),
      asFloat,
      floatNode('Mul', 'masked', 'mask', 'x'),
      constant('two', 2),
      floatNode('Mul', 'y', 'masked', 'two'),
    ],
    'a mask that is scaled itself': [
      ...atLeast(0.5),
      asFloat,
      constant('half', 0.5),
      floatNode('RealDiv', 'scaled', 'mask', 'half'),
      floatNode('Mul', 'y', 'x', 'scaled'),
    ],
    'uniform numbers of another range': [
      uniform,
      constant('four', 4),
      floatNode('Mul', 'wide', 'u', 'four'),
      constant('rate', 1),
      compare('Greater', 'm', 'wide', 'rate'),
      asFloat,
      constant('p', 0.75),
      floatNode('RealDiv', 'scaled', 'x', 'p'),
      floatNode('Mul', 'y', 'scaled', 'mask'),
    ],
    'a mask from outside of a loop': [
      uniform,
      { ...floatNode('Enter', 'in', 'u'), attr: { T: { type: 1 }, frame_name: { s: Buffer.from('loop') } } },
      constant('p', 0.5),
      floatNode('AddV2', 'sum', 'p', 'in'),
      floor,
      floatNode('RealDiv', 'scaled', 'x', 'p'),
      floatNode('Mul', 'y', 'scaled', 'mask'),
    ],
    // a = (0.5 · (1 + 0.5 · 1.75809934²))^-0.5, b = a · 1.75809934 · 0.5
    'for SELU': [
      ...atLeast(0.5),
      asFloat,
      floatNode('Mul', 'kept', 'x', 'mask'),
      constant('one', 1),
      floatNode('Sub', 'dropped', 'one', 'mask'),
      constant('level', -1.75809934),
      floatNode('Mul', 'fill', 'level', 'dropped'),
      floatNode('AddV2', 'filled', 'kept', 'fill'),
      constant('a', 0.886405),
      floatNode('Mul', 'scaled', 'a', 'filled'),
      constant('b', 0.779194),
      floatNode('AddV2', 'y', 'scaled', 'b'),
    ],
    'a mask that is an integer on its way': [
      ...atLeast(0.5),
      { ...floatNode('Cast', 'whole', 'm'), attr: { SrcT: { type: 10 }, DstT: { type: 3 } } },
      { ...floatNode('Cast', 'mask', 'whole'), attr: { SrcT: { type: 3 }, DstT: { type: 1 } } },
      constant('half', 0.5),
      floatNode('DivNoNan', 'scaled', 'mask', 'half'),
      floatNode('Mul', 'y', 'x', 'scaled'),
    ],
    'a limit that is filled in': [
      uniform,
      constant('p', 0.6),
      { ...floatNode('Fill', 'limit', 'size', 'p') },
      compare('Less', 'm', 'u', 'limit'),
      asFloat,
      constant('inverse', -1),
      floatNode('Pow', 'scale', 'p', 'inverse'),
      floatNode('Mul', 'scaled', 'x', 'scale'),
      floatNode('MulNoNan', 'y', 'scaled', 'mask'),
    ],
    'a choice between ones and noughts, and then a scale': [
      ...atLeast(0.5),
      floatNode('OnesLike', 'ones', 'x'),
      floatNode('ZerosLike', 'noughts', 'x'),
      floatNode('Select', 'mask', 'm', 'ones', 'noughts'),
      floatNode('Mul', 'kept', 'x', 'mask'),
      constant('two', 2),
      floatNode('Mul', 'y', 'kept', 'two'),
    ],
    // u - 0.4 is above nought for 0.6 of the numbers
    'uniform numbers that are rounded up': [
      uniform,
      constant('rate', 0.4),
      floatNode('Sub', 'moved', 'u', 'rate'),
      floatNode('Ceil', 'mask', 'moved'),
      constant('p', 0.6),
      floatNode('RealDiv', 'scaled', 'mask', 'p'),
      floatNode('Mul', 'y', 'x', 'scaled'),
    ],
    // 0.7 - u is above -0.3, and rounded to 1 where it is above 0.5, that is for 0.2 of the numbers
    'a number less uniform numbers, rounded to the nearest': [
      uniform,
      constant('top', 0.7),
      floatNode('Sub', 'moved', 'top', 'u'),
      floatNode('Round', 'mask', 'moved'),
      constant('five', 5),
      floatNode('Mul', 'scaled', 'mask', 'five'),
      floatNode('Mul', 'y', 'x', 'scaled'),
    ],
    Ascend: [
      { name: 'mask', op: 'DropOutGenMaskV3', input: ['shape', 'p'], attr: {} },
      constant('shape', 3),
      constant('p', 0.5),
      floatNode('DropOutDoMaskV3', 'y', 'x', 'mask', 'p'),
    ],
  };
  for (const [name, nodes] of Object.entries(cases)) {
    it(name, () => expect(rewritten(...nodes)).toBe('y = Identity(x)'));
  }

  it.each([
    ['gaussian_noise_1/add', 'AddV2', 'n'],
    ['net/gaussian_dropout/mul', 'Mul', 'noise'],
  ])('what has the name of a layer of Keras: %s', (name, op, noise) => {
    const nodes = [...aroundOne, floatNode(op, name, 'x', noise), identity('y', name)];
    const { graph, changes } = toInference(graphOf([placeholder('x'), ...nodes]), ['y'], {
      ...noInference,
      rewrites: new Set(['dropout']),
    });
    expect(lines(graph)).toContain(`${name} = Identity(x)`);
    expect(changes[0]?.text).toContain('its name alone says');
  });

  it.each([
    ['AddV2', 'n'],
    ['Mul', 'noise'],
  ])('what the other branch of a conditional goes without: %s', (op, noise) => {
    const branches: NodeLiteral[] = [
      placeholder('training', 10),
      floatNode('Switch', 'branch', 'x', 'training'),
      ...aroundOne,
      floatNode(op, 'noisy', 'branch:1', noise),
      { name: 'y', op: 'Merge', input: ['branch', 'noisy'], attr: { T: { type: 1 }, N: { i: 2 } } },
    ];
    const graph = graphOf([placeholder('x'), ...branches]);
    const changed = toInference(graph, ['y'], { ...noInference, rewrites: new Set(['dropout']) });
    expect(lines(changed.graph)).toContain('noisy = Identity(branch:1)');
  });
});

describe('what is part of the model stays', () => {
  const cases: Record<string, NodeLiteral[]> = {
    'a sampler: mean + exp(x) * n': [
      normal,
      floatNode('Exp', 'deviation', 'x'),
      floatNode('Mul', 'spread', 'deviation', 'n'),
      floatNode('AddV2', 'y', 'x', 'spread'),
    ],
    'a sum with random numbers that nothing says are noise': [normal, floatNode('AddV2', 'y', 'x', 'n')],
    'a mask that nothing makes up for': [...atLeast(0.3), asFloat, floatNode('Mul', 'y', 'x', 'mask')],
    'a mask that another factor does not make up for': [
      ...atLeast(0.3),
      asFloat,
      constant('two', 2),
      floatNode('Mul', 'scaled', 'x', 'two'),
      floatNode('Mul', 'y', 'scaled', 'mask'),
    ],
    'a mask that has another rate than the scale': [
      uniform,
      keepProb,
      placeholder('q'),
      shifted,
      floor,
      floatNode('RealDiv', 'scaled', 'x', 'q'),
      floatNode('Mul', 'y', 'scaled', 'mask'),
    ],
    'a choice by the data': [
      uniform,
      constant('limit', 0.3),
      compare('GreaterEqual', 'm', 'x', 'limit'),
      constant('p', 0.7),
      floatNode('RealDiv', 'scaled', 'x', 'p'),
      select('m', 'scaled', 'u'),
    ],
    'random numbers of the data': [
      ...atLeast(0.5).slice(1),
      placeholder('u'),
      asFloat,
      floatNode('Mul', 'y', 'x', 'mask'),
    ],
    'a choice between data and something else': [
      ...atLeast(0.3),
      constant('p', 0.7),
      floatNode('RealDiv', 'scaled', 'x', 'p'),
      floatNode('Exp', 'other', 'x'),
      select('m', 'scaled', 'other'),
    ],
    'a mask that the outputs are computed from in another way too': [
      ...atLeast(0.5),
      asFloat,
      constant('two', 2),
      floatNode('Mul', 'scaled', 'x', 'two'),
      floatNode('Mul', 'dropped', 'scaled', 'mask'),
      floatNode('AddV2', 'y', 'dropped', 'mask'),
    ],
    // sqrt(0.2 / 0.8): that of Keras for a rate of 0.2.
    'a product with random numbers that nothing says are noise': [...aroundOne, floatNode('Mul', 'y', 'x', 'noise')],
    'random numbers that the outputs are computed from in another way too': [
      ...atLeast(0.5),
      asFloat,
      constant('two', 2),
      floatNode('Mul', 'scaled', 'x', 'two'),
      floatNode('Mul', 'dropped', 'scaled', 'mask'),
      floatNode('AddV2', 'y', 'dropped', 'u'),
    ],
    'uniform numbers that are rounded to more than 0 and 1': [
      uniform,
      constant('two', 2),
      floatNode('Mul', 'wide', 'u', 'two'),
      floatNode('Round', 'mask', 'wide'),
      floatNode('Mul', 'scaled', 'mask', 'two'),
      floatNode('Mul', 'y', 'x', 'scaled'),
    ],
    'a mask whose rate is computed from the data': [
      uniform,
      floatNode('Sigmoid', 'p', 'x'),
      compare('Less', 'm', 'u', 'p'),
      asFloat,
      floatNode('Mul', 'kept', 'x', 'mask'),
      floatNode('RealDiv', 'y', 'kept', 'p'),
    ],
    'signs by chance: twice the mask, less the data': [
      ...atLeast(0.5),
      asFloat,
      constant('two', 2),
      floatNode('Mul', 'kept', 'x', 'mask'),
      floatNode('Mul', 'doubled', 'kept', 'two'),
      floatNode('Sub', 'y', 'doubled', 'x'),
    ],
    'noise that users switch on': [
      placeholder('explore', 10),
      floatNode('Switch', 'branch', 'x', 'explore'),
      normal,
      floatNode('AddV2', 'noisy', 'branch:1', 'n'),
      { name: 'y', op: 'Merge', input: ['branch', 'noisy'], attr: { T: { type: 1 }, N: { i: 2 } } },
    ],
    'SELU with other numbers': [...atLeast(0.5), constant('level', -1.75809934), select('m', 'x', 'level')],
    'a mask for Ascend that is fed': [
      placeholder('mask', 4),
      constant('p', 0.5),
      floatNode('DropOutDoMask', 'y', 'x', 'mask', 'p'),
    ],
  };
  for (const [name, nodes] of Object.entries(cases)) {
    it(name, () => {
      const graph = graphOf([placeholder('x'), ...nodes]);
      const { graph: after, changes } = toInference(graph, ['y'], { ...noInference, rewrites: new Set(['dropout']) });
      expect(after).toBe(graph);
      expect(changes.filter(({ isLeft }) => !isLeft)).toEqual([]);
    });
  }
});

it('dropout that is left is told by no other: a shared mask is judged reader by reader', () => {
  const nodes = [
    ...atLeast(0.5),
    asFloat,
    constant('two', 2),
    floatNode('Mul', 'a', 'x', 'two'),
    floatNode('Mul', 'first', 'a', 'mask'),
    floatNode('Relu', 'r', 'first'),
    floatNode('Mul', 'b', 'r', 'two'),
    floatNode('Mul', 'y', 'b', 'mask'),
  ];
  const { graph } = toInference(graphOf([placeholder('x'), ...nodes]), ['y'], {
    ...noInference,
    rewrites: new Set(['dropout']),
  });
  expect(lines(graph)).toEqual(expect.arrayContaining(['first = Identity(x)', 'y = Identity(r)']));
});

it('two dropouts of one rate in a row, each scaled afterwards, have a scale each', () => {
  const half = (name: string, input: string, output: string): NodeLiteral[] => [
    drawn('RandomUniform', `${name}/u`),
    compare('GreaterEqual', `${name}/m`, `${name}/u`, 'rate'),
    { ...asFloat, name: `${name}/mask`, input: [`${name}/m`] },
    floatNode('Mul', `${name}/kept`, input, `${name}/mask`),
    floatNode('Mul', output, `${name}/kept`, 'scale'),
  ];
  const nodes = [constant('rate', 0.5), constant('scale', 2), ...half('one', 'x', 'z'), ...half('two', 'z', 'y')];
  const { graph, changes } = toInference(graphOf([placeholder('x'), ...nodes]), ['y'], {
    ...noInference,
    rewrites: new Set(['dropout']),
  });
  const left = lines(graph);
  for (const line of ['z = Identity(x)', 'y = Identity(z)']) expect(left).toContain(line);
  expect(changes.filter(({ isLeft }) => isLeft)).toEqual([]);
});
