/**
 * The cases of TensorFlow's own convert_to_constants_test.py and, of older versions, graph_util_test.py that freeze layers
 * of networks, in our words: how each reads its weights, with the arithmetic cut down to a product or a sum. The title of
 * each names the original. Whole networks run in the comparison with TensorFlow.
 */
import { describe, expect, it } from 'vitest';
import { type FunctionLiteral, funcAttr, typesAttr } from '../support/functions.js';
import {
  boolType,
  float,
  handleVariable,
  int32Type,
  intAttr,
  type NodeLiteral,
  placeholder,
  readVariable,
  resource,
  textAttr,
  typeAttr,
} from '../support/graph-def.js';
import { freezeModel } from './model.js';

const variant = 21;
const x = placeholder('x');
const op = (name: string, type: string, input: string[], attr: Record<string, object> = {}): NodeLiteral => ({
  name,
  op: type,
  input,
  attr: { T: typeAttr(float), ...attr },
});

it('a dense layer (testKerasModel)', async () => {
  const nodes = [
    x,
    handleVariable('kernel', float),
    handleVariable('bias', float),
    readVariable('MatMul/ReadVariableOp', 'kernel'),
    op('MatMul', 'MatMul', ['x', 'MatMul/ReadVariableOp']),
    readVariable('BiasAdd/ReadVariableOp', 'bias'),
    op('BiasAdd', 'BiasAdd', ['MatMul', 'BiasAdd/ReadVariableOp']),
  ];
  const { nodes: frozen } = await freezeModel({ nodes, values: { kernel: 2, bias: -1 } }, { outputs: 'BiasAdd' });
  expect(frozen).toEqual([
    'x = Placeholder()',
    'kernel = 2',
    'bias = -1',
    'MatMul/ReadVariableOp = Identity(kernel)',
    'MatMul = MatMul(x, MatMul/ReadVariableOp)',
    'BiasAdd/ReadVariableOp = Identity(bias)',
    'BiasAdd = BiasAdd(MatMul, BiasAdd/ReadVariableOp)',
  ]);
});

it('an embedding (testEmbeddings, testWithEmbeddings)', async () => {
  const attr = { dtype: typeAttr(float), Tindices: typeAttr(int32Type) };
  const nodes = [
    placeholder('ids', int32Type),
    handleVariable('table', float, 3),
    { name: 'lookup', op: 'ResourceGather', input: ['table', 'ids'], attr },
  ];
  const { nodes: frozen } = await freezeModel({ nodes, values: { table: [1, 2, 3] } }, { outputs: 'lookup' });
  // The axis comes last, as in TensorFlow.
  expect(frozen).toEqual([
    'ids = Placeholder()',
    'table = [1, 2, 3]',
    'lookup = GatherV2(table, ids, lookup/axis)',
    'lookup/axis = 0',
  ]);
});

it('a batch normalisation that asks whether it trains (testKerasBatchNorm)', async () => {
  const weights = ['gamma', 'beta', 'mean', 'variance'];
  const normalise = (is_training: boolean, ...read: string[]): FunctionLiteral => ({
    inputs: { x: float, gamma: resource, beta: resource, mean: resource, variance: resource },
    outputs: { y: float },
    nodes: [
      ...[...new Set(read)].map((name) => readVariable(`read_${name}`, name)),
      op('bn', 'FusedBatchNormV3', ['x', ...read.map((name) => `read_${name}:value:0`)], {
        U: typeAttr(float),
        is_training: { b: is_training },
      }),
    ],
    returns: { y: 'bn:y:0' },
  });
  const functions = {
    train_1: normalise(true, 'gamma', 'beta', 'gamma', 'beta'),
    infer_2: normalise(false, ...weights),
  };
  const nodes = [
    x,
    placeholder('training', boolType),
    ...weights.map((name) => handleVariable(name, float, 1)),
    {
      name: 'cond',
      op: 'If',
      input: ['training', 'x', ...weights],
      attr: {
        Tcond: typeAttr(boolType),
        Tin: typesAttr(float, resource, resource, resource, resource),
        Tout: typesAttr(float),
        then_branch: funcAttr('train_1'),
        else_branch: funcAttr('infer_2'),
      },
    },
  ];
  const values = { gamma: [1], beta: [2], mean: [3], variance: [4] };
  const frozen = await freezeModel({ nodes, functions, values }, { outputs: 'cond' });
  expect(frozen.nodes).toEqual([
    'x = Placeholder()',
    'training = Placeholder()',
    ...['gamma = [1]', 'beta = [2]', 'mean = [3]', 'variance = [4]'],
    'cond = If(training, x, gamma, beta, mean, variance)',
  ]);
  const signature = '(x: 1, gamma: 1, beta: 1, mean: 1, variance: 1) → (y: 1)';
  expect(frozen.functions).toEqual({
    train_frozen_1: [
      signature,
      'read_gamma = Identity(gamma)',
      'read_beta = Identity(beta)',
      'bn = FusedBatchNormV3(x, read_gamma:output:0, read_beta:output:0, read_gamma:output:0, read_beta:output:0)',
    ],
    infer_frozen_2: [
      signature,
      ...weights.map((name) => `read_${name} = Identity(${name})`),
      'bn = FusedBatchNormV3(x, read_gamma:output:0, read_beta:output:0, read_mean:output:0, read_variance:output:0)',
    ],
  });
});

describe('a recurrent network', () => {
  it('without a loop, whose steps are conditions (testStaticRnn)', async () => {
    const arguments_ = { state: float, x: float, kernel: resource };
    const step: FunctionLiteral = {
      inputs: arguments_,
      outputs: { next: float },
      nodes: [
        readVariable('read', 'kernel'),
        op('product', 'Mul', ['state', 'read:value:0']),
        op('sum', 'AddV2', ['product:z:0', 'x']),
      ],
      returns: { next: 'sum:z:0' },
    };
    const copy: FunctionLiteral = {
      inputs: arguments_,
      outputs: { next: float },
      nodes: [],
      returns: { next: 'state' },
    };
    const choice = (name: string, state: string): NodeLiteral => ({
      name,
      op: 'If',
      input: ['ended', state, 'x', 'kernel'],
      attr: {
        Tcond: typeAttr(boolType),
        Tin: typesAttr(float, float, resource),
        Tout: typesAttr(float),
        then_branch: funcAttr('copy_10'),
        else_branch: funcAttr('step_11'),
      },
    });
    const nodes = [x, placeholder('ended', boolType), placeholder('state'), handleVariable('kernel', float)];
    const frozen = await freezeModel(
      {
        nodes: [...nodes, choice('first', 'state'), choice('second', 'first')],
        functions: { copy_10: copy, step_11: step },
        values: { kernel: 2 },
      },
      { outputs: 'second' },
    );
    expect(frozen.nodes.slice(3)).toEqual([
      'kernel = 2',
      'first = If(ended, state, x, kernel)',
      'second = If(ended, first, x, kernel)',
    ]);
    // One variant of each function for both steps, since both hand over the same types.
    expect(frozen.functions).toEqual({
      copy_frozen_1: ['(state: 1, x: 1, kernel: 1) → (next: 1)'],
      step_frozen_2: [
        '(state: 1, x: 1, kernel: 1) → (next: 1)',
        'read = Identity(kernel)',
        'product = Mul(state, read:output:0)',
        'sum = AddV2(product:z:0, x)',
      ],
    });
  });

  it('with a loop of functions that carries its weights and its results (testDynamicRnn)', async () => {
    const carried = { time: int32Type, outputs: variant, state: float, kernel: resource };
    const body: FunctionLiteral = {
      inputs: carried,
      outputs: { time_1: int32Type, outputs_1: variant, state_1: float, kernel_1: resource },
      nodes: [
        readVariable('read', 'kernel'),
        op('product', 'Mul', ['state', 'read:value:0']),
        {
          name: 'set',
          op: 'TensorListSetItem',
          input: ['outputs', 'time', 'product:z:0'],
          attr: { element_dtype: typeAttr(float) },
        },
        op('later', 'AddV2', ['time', 'time'], { T: typeAttr(int32Type) }),
      ],
      returns: { time_1: 'later:z:0', outputs_1: 'set:output_handle:0', state_1: 'product:z:0', kernel_1: 'kernel' },
    };
    const cond: FunctionLiteral = {
      inputs: carried,
      outputs: { more: boolType },
      nodes: [op('less', 'Less', ['time', 'time'], { T: typeAttr(int32Type) })],
      returns: { more: 'less:z:0' },
    };
    const nodes = [
      placeholder('time', int32Type),
      placeholder('outputs', variant),
      placeholder('state'),
      handleVariable('kernel', float),
      {
        name: 'while',
        op: 'While',
        input: ['time', 'outputs', 'state', 'kernel'],
        attr: {
          T: typesAttr(int32Type, variant, float, resource),
          body: funcAttr('body_7'),
          cond: funcAttr('cond_8'),
        },
      },
    ];
    const model = { nodes, functions: { body_7: body, cond_8: cond }, values: { kernel: 2 } };
    const frozen = await freezeModel(model, { outputs: 'while' });
    expect(frozen.nodes.slice(3)).toEqual(['kernel = 2', 'while = While(time, outputs, state, kernel)']);
    const into = '(time: 3, outputs: 21, state: 1, kernel: 1)';
    expect(frozen.functions).toEqual({
      body_frozen_1: [
        `${into} → (time_1: 3, outputs_1: 21, state_1: 1, kernel_1: 1)`,
        'read = Identity(kernel)',
        'product = Mul(state, read:output:0)',
        'set = TensorListSetItem(outputs, time, product:z:0)',
        'later = AddV2(time, time)',
      ],
      cond_frozen_2: [`${into} → (more: 10)`, 'less = Less(time, time)'],
    });
  });

  it('with a loop of nodes that its weights enter as handles (testLSTM, testKerasLSTM)', async () => {
    const frame = { frame_name: textAttr('loop') };
    const nodes = [
      x,
      placeholder('limit'),
      handleVariable('kernel', float),
      op('enter', 'Enter', ['x'], frame),
      op('enter_limit', 'Enter', ['limit'], { ...frame, is_constant: { b: true } }),
      op('enter_kernel', 'Enter', ['kernel'], { ...frame, T: typeAttr(resource), is_constant: { b: true } }),
      op('merge', 'Merge', ['enter', 'next'], { N: intAttr(2) }),
      op('less', 'Less', ['merge', 'enter_limit']),
      { name: 'going_on', op: 'LoopCond', input: ['less'] },
      op('switch', 'Switch', ['merge', 'going_on']),
      readVariable('read', 'enter_kernel'),
      op('product', 'Mul', ['switch:1', 'read']),
      op('next', 'NextIteration', ['product']),
      op('exit', 'Exit', ['switch']),
    ];
    const frozen = await freezeModel({ nodes, values: { kernel: 2 } }, { outputs: 'exit' });
    expect(frozen.nodes).toEqual([
      'x = Placeholder()',
      'limit = Placeholder()',
      'kernel = 2',
      'enter = Enter(x)',
      'enter_limit = Enter(limit)',
      'enter_kernel = Enter(kernel)',
      'merge = Merge(enter, next)',
      'less = Less(merge, enter_limit)',
      'going_on = LoopCond(less)',
      'switch = Switch(merge, going_on)',
      'read = Identity(enter_kernel)',
      'product = Mul(switch:1, read)',
      'next = NextIteration(product)',
      'exit = Exit(switch)',
    ]);
  });
});
