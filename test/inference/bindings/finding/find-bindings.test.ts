import { expect, it } from 'vitest';
import {
  findBindings,
  switchesLeft,
  withoutOtherUses,
} from '../../../../src/inference/bindings/finding/find-bindings.js';
import { call, type FunctionLiteral, funcAttr, libraryOf, typesAttr } from '../../../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphOf,
  identity,
  int32Type,
  intAttr,
  type NodeLiteral,
  placeholder,
  refVariable,
  shapeAttr,
  typeAttr,
} from '../../../support/graph-def.js';
import { constant } from '../../dropout/nodes.js';

/** By name: the value, and why. */
function found(
  nodes: readonly NodeLiteral[],
  functions: Record<string, FunctionLiteral> = {},
): [string, unknown, string?][] {
  const { bindings } = findBindings(graphOf(nodes, { library: libraryOf(functions) }), ['y']);
  return bindings.map(
    ({ name, value, reason }) => [name, value, reason?.replace(/ \(.*|,.*/, '')] as [string, unknown, string?],
  );
}

const uniform = (name: string, ...input: string[]): NodeLiteral => ({
  name,
  op: 'RandomUniform',
  input,
  attr: { T: typeAttr(int32Type), dtype: typeAttr(float) },
});
const at = (name: string, a: string, b: string): NodeLiteral => floatNode('GreaterEqual', name, a, b);

/** A cond of TensorFlow 1 by `flag`, with a node of each branch: what is called `on` or `off` is in it. */
const cond = (flag: string, predicate: string, more: readonly NodeLiteral[], on = 'a:1', off = 'a'): NodeLiteral[] => [
  placeholder('x'),
  { ...placeholder(flag, boolType), attr: { dtype: typeAttr(boolType), shape: shapeAttr() } },
  floatNode('Switch', 'a', 'x', predicate),
  ...more,
  { ...floatNode('Merge', 'y', off, on), attr: { T: typeAttr(float), N: intAttr(2) } },
];
/** Half of the elements, doubled. @param own in the names of the nodes. */
const dropout = (input: string, own = ''): NodeLiteral[] => [
  uniform(`u${own}`, `^${input}`),
  constant(`rate${own}`, 0.5),
  at(`m${own}`, `u${own}`, `rate${own}`),
  { ...floatNode('Cast', `mask${own}`, `m${own}`), attr: { SrcT: typeAttr(boolType), DstT: typeAttr(float) } },
  constant(`scale${own}`, 2),
  floatNode('Mul', `scaled${own}`, input, `scale${own}`),
  floatNode('Mul', `drop${own}`, `scaled${own}`, `mask${own}`),
];
const dropoutBehind = (port: string): NodeLiteral[] => [identity('in', port), ...dropout('in')];
/** `v -= (v - mean(a)) * 0.1` where the flag is true. */
const average = (reduction: string): NodeLiteral[] => [
  refVariable('v', float),
  identity('in', 'a:1'),
  floatNode(reduction, 'statistic', 'in', 'axes'),
  constant('axes', 0),
  floatNode('Sub', 'difference', 'v', 'statistic'),
  constant('rate', 0.1),
  floatNode('Mul', 'part', 'difference', 'rate'),
  floatNode('AssignSub', 'w', 'v', 'part'),
];
const norm = (name: string, input: string, isTraining: boolean): NodeLiteral => ({
  ...floatNode('FusedBatchNormV3', name, input, 's', 's', 's', 's'),
  attr: { T: typeAttr(float), is_training: { b: isTraining } },
});

it.each<[string, NodeLiteral[], [string, unknown, string?][]]>([
  [
    'dropout on one side',
    cond('f', 'f', dropoutBehind('a:1'), 'drop'),
    [['f', false, 'only where it is true there is dropout']],
  ],
  [
    'dropout where it is false',
    cond('f', 'f', dropoutBehind('a'), 'a:1', 'drop'),
    [['f', true, 'only where it is false there is dropout']],
  ],
  [
    'behind a negation',
    cond('f', 'not', [{ name: 'not', op: 'LogicalNot', input: ['f'] }, ...dropoutBehind('a')], 'a:1', 'drop'),
    [['f', false, 'only where it is true there is dropout']],
  ],
  [
    'batch norm by the batch',
    cond('f', 'f', [placeholder('s'), norm('n', 'a:1', true), norm('m', 'a', false)], 'n', 'm'),
    [['f', false, 'only where it is true there is batch norm by the batch']],
  ],
  [
    'a moving average',
    cond('f', 'f', average('Mean'), 'w'),
    [['f', false, 'only where it is true there is an update of a moving average']],
  ],
  [
    'an optimiser',
    cond('f', 'f', [refVariable('v', float), floatNode('ApplyGradientDescent', 'w', 'v', 'a:1', 'a:1')], 'w'),
    [['f', false, 'only where it is true there is the step of an optimiser']],
  ],
  [
    'nothing but the name',
    cond('net/is_training', 'net/is_training', []),
    [['net/is_training', false, 'concluded from its name alone']],
  ],
  [
    'that of Keras',
    cond('s/keras_learning_phase', 's/keras_learning_phase', []),
    [['s/keras_learning_phase', false, 'Keras feeds it so for inference']],
  ],
  [
    'what an assertion reads, too',
    cond(
      'f',
      'f',
      [
        ...dropoutBehind('a:1'),
        { name: 'c', op: 'Cast', input: ['f'], attr: { SrcT: typeAttr(boolType), DstT: typeAttr(float) } },
        floatNode('Equal', 'same', 'c', 'c'),
        { name: 'assert', op: 'Assert', input: ['same', 'x'] },
        identity('checked', 'drop'),
        { ...identity('waiting', 'checked'), input: ['checked', '^assert'] },
      ],
      'waiting',
    ),
    [['f', false, 'only where it is true there is dropout']],
  ],
  [
    'a merge that something waits for',
    cond(
      'f',
      'f',
      [
        ...dropoutBehind('a:1'),
        { name: 'p', op: 'Switch', input: ['f', 'f'], attr: { T: typeAttr(boolType) } },
        { name: 'done', op: 'Merge', input: ['p', 'p:1'], attr: { T: typeAttr(boolType), N: intAttr(2) } },
        { ...identity('waiting', 'drop'), input: ['drop', '^done'] },
      ],
      'waiting',
    ),
    [['f', false, 'only where it is true there is dropout']],
  ],
  [
    'without its shape',
    cond(
      'f',
      's',
      [{ name: 's', op: 'Squeeze', input: ['f'], attr: { T: typeAttr(boolType) } }, ...dropoutBehind('a:1')],
      'drop',
    ).map((node) => (node.name === 'f' ? { ...node, attr: { dtype: typeAttr(boolType), shape: shapeAttr(1) } } : node)),
    [['f', [false], 'only where it is true there is dropout']],
  ],
  [
    'what chooses in tf.where, too',
    cond('f', 'f', [...dropoutBehind('a:1'), floatNode('SelectV2', 'z', 'f', 'drop', 'in')], 'z'),
    [['f', false, 'only where it is true there is dropout']],
  ],
])('%s tells', (_, nodes, expected) => {
  expect(found(nodes)).toEqual(expected);
});

it.each<[string, NodeLiteral[]]>([
  ['nothing', cond('f', 'f', [])],
  [
    'a sampler that is part of the model',
    cond(
      'f',
      'f',
      [{ ...uniform('u', '^in'), op: 'RandomStandardNormal' }, identity('in', 'a:1'), floatNode('Add', 'z', 'in', 'u')],
      'z',
    ),
  ],
  [
    'state that the model begins anew',
    cond('reset', 'reset', [refVariable('v', float), floatNode('Assign', 'w', 'v', 'a:1')], 'w'),
  ],
  [
    'state that fades',
    cond(
      'f',
      'f',
      [
        refVariable('v', float),
        constant('share', 0.9),
        { ...floatNode('Mul', 'less', 'v', 'share'), input: ['v', 'share', '^a'] },
        floatNode('Assign', 'w', 'v', 'less'),
      ],
      'w',
    ),
  ],
  ['an average of what is no statistic', cond('f', 'f', average('Relu'), 'w')],
  [
    'random numbers that are compared',
    cond(
      'f',
      'f',
      [identity('in', 'a:1'), uniform('u', '^in'), at('m', 'u', 'in'), floatNode('Select', 'z', 'm', 'in', 'u')],
      'z',
    ),
  ],
  [
    'dropout on both sides',
    cond(
      'is_training',
      'is_training',
      [...dropoutBehind('a:1'), identity('in2', 'a'), ...dropout('in2', '2')],
      'drop',
      'drop2',
    ),
  ],
  [
    'what is data, too',
    cond(
      'is_training',
      'is_training',
      [
        { name: 'c', op: 'Cast', input: ['is_training'], attr: { SrcT: typeAttr(boolType), DstT: typeAttr(float) } },
        floatNode('Mul', 'z', 'a:1', 'c'),
      ],
      'z',
    ),
  ],
  [
    'a Switch on data',
    cond(
      'f',
      'p',
      [{ name: 'p', op: 'Greater', input: ['x', 'x'], attr: { T: typeAttr(float) } }, ...dropoutBehind('a:1')],
      'drop',
    ),
  ],
])('%s does not tell', (_, nodes) => {
  expect(found(nodes)).toEqual([]);
});

it('what functions do with an argument tells, too', () => {
  const branch = (nodes: NodeLiteral[], result: string): FunctionLiteral => ({
    inputs: { v: float },
    outputs: { r: float },
    nodes,
    returns: { r: result },
  });
  const choice: NodeLiteral = {
    name: 'c',
    op: 'If',
    input: ['p', 'v'],
    attr: {
      Tcond: typeAttr(boolType),
      Tin: typesAttr(float),
      Tout: typesAttr(float),
      then_branch: funcAttr('on'),
      else_branch: funcAttr('off'),
    },
  };
  const functions = {
    on: branch(
      [
        uniform('u', 'v'),
        constant('rate', 0.5),
        at('m', 'u:output:0', 'rate:output:0'),
        constant('zero', 0),
        constant('two', 2),
        floatNode('Mul', 'scaled', 'v', 'two:output:0'),
        floatNode('SelectV2', 'd', 'm:z:0', 'scaled:z:0', 'zero:output:0'),
      ],
      'd:output:0',
    ),
    off: branch([], 'v'),
    model: { inputs: { v: float, p: boolType }, outputs: { r: float }, nodes: [choice], returns: { r: 'c:output:0' } },
  };
  const flag: NodeLiteral = {
    ...placeholder('flag', boolType),
    attr: { dtype: typeAttr(boolType), shape: shapeAttr() },
  };
  const nodes = [placeholder('x'), flag, call('y', ['x', 'flag'], 'model', [float, boolType])];
  expect(found(nodes, functions)).toEqual([['flag', false, 'only where it is true there is dropout']]);
});

it('what other rewrites may take away is pending until they have', () => {
  const rate: NodeLiteral[] = [
    { name: 'c', op: 'Cast', input: ['f'], attr: { SrcT: typeAttr(boolType), DstT: typeAttr(float) } },
    floatNode('Mul', 'byFlag', 'in', 'c'),
  ];
  const before = graphOf(
    cond('f', 'f', [...dropoutBehind('a:1'), ...rate, floatNode('Mul', 'z', 'drop', 'byFlag')], 'z'),
  );
  const { bindings, pending } = findBindings(before, ['y']);
  expect([bindings, pending.map(({ name, value }) => [name, value])]).toEqual([[], [['f', false]]]);
  expect(withoutOtherUses(before, ['y'], pending)).toEqual([]);
  const after = graphOf(cond('f', 'f', [...dropoutBehind('a:1'), ...rate, identity('z', 'in')], 'z'));
  expect(withoutOtherUses(after, ['y'], pending)).toEqual(pending);
  expect(switchesLeft(before, ['y'])).toEqual([]);
  expect(switchesLeft(graphOf(cond('is_training', 'is_training', [])), ['y'])).toEqual([
    expect.objectContaining({
      node: 'is_training',
      isLeft: true,
      text: expect.stringContaining('--bind is_training='),
    }),
  ]);
});

it('what a loop hands from round to round is no other use', () => {
  const body: FunctionLiteral = {
    inputs: { v: float, p: boolType },
    outputs: { r: float, q: boolType },
    nodes: [
      { ...floatNode('Switch', 's', 'v', 'p') },
      uniform('u', 'v'),
      at('m', 'u:output:0', 'v'),
      floatNode('Mul', 'd', 's:output_true:0', 'm:z:0'),
      floatNode('Mul', 'scaled', 'd:z:0', 'two:output:0'),
      {
        name: 'two',
        op: 'Const',
        attr: { dtype: typeAttr(float), value: { tensor: { dtype: float, tensor_shape: {}, float_val: [2] } } },
      },
      { ...floatNode('Merge', 'w', 's:output_false:0', 'scaled:z:0'), attr: { T: typeAttr(float), N: intAttr(2) } },
      identity('q_', 'p', boolType),
    ],
    returns: { r: 'w:output:0', q: 'q_:output:0' },
  };
  const condition: FunctionLiteral = {
    inputs: { v: float, p: boolType },
    outputs: { r: boolType },
    nodes: [floatNode('Less', 'l', 'v', 'v')],
    returns: { r: 'l:z:0' },
  };
  const loop: NodeLiteral = {
    name: 'loop',
    op: 'While',
    input: ['x', 'is_training'],
    attr: { T: typesAttr(float, boolType), cond: funcAttr('condition'), body: funcAttr('body') },
  };
  const flag: NodeLiteral = {
    ...placeholder('is_training', boolType),
    attr: { dtype: typeAttr(boolType), shape: shapeAttr() },
  };
  const nodes = [placeholder('x'), flag, loop, identity('after', 'loop:1', boolType), identity('y', 'loop')];
  expect(found(nodes, { body, condition }).map(([name, value]) => [name, value])).toEqual([['is_training', false]]);
  const { bindings } = findBindings(graphOf(nodes, { library: libraryOf({ body, condition }) }), ['y', 'after']);
  expect(bindings).toEqual([]);
});
