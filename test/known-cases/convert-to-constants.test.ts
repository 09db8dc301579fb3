/**
 * The cases of TensorFlow's own convert_to_constants_test.py that freeze a graph and a session, in our words: what a
 * user may expect of any tool that does this job. The title of each names the original. Those that run a model
 * (If, While, RNNs, SavedModels) are in the comparison with TensorFlow.
 */
import { describe, expect, it } from 'vitest';
import { call, type FunctionLiteral, funcAttr, typesAttr } from '../support/functions.js';
import {
  boolType,
  float,
  handleVariable,
  identity,
  intAttr,
  type NodeLiteral,
  placeholder,
  readVariable,
  refVariable,
  resource,
  typeAttr,
} from '../support/graph-def.js';
import { freezeModel } from './model.js';

const mul = (name: string, ...input: string[]): NodeLiteral => ({
  name,
  op: 'Mul',
  input,
  attr: { T: typeAttr(float) },
});
const less = (name: string, ...input: string[]): NodeLiteral => ({
  name,
  op: 'Less',
  input,
  attr: { T: typeAttr(float) },
});

describe('a single variable', () => {
  it('of references (testConvertSingleVariable, testReferenceVariables)', async () => {
    const { nodes, bytes } = await freezeModel(
      { nodes: [refVariable('x', float), identity('x/read', 'x')], values: { x: 1 } },
      { outputs: 'x/read' },
    );
    expect(nodes).toEqual(['x = 1', 'x/read = Identity(x)']);
    // Const x: dtype DT_FLOAT, value TensorProto { DT_FLOAT, {}, float_val: 1 }; Identity x/read of x, T: DT_FLOAT
    const constant =
      '0a0178 1205436f6e7374 2a0b 0a056474797065 12023001 2a15 0a0576616c7565 120c 420a 08011200 2a04 0000803f';
    expect(bytes.toString('hex')).toContain(constant.replaceAll(' ', ''));
  });
  it('of resources (testConvertSingleResourceVariable, testResourceVariables)', async () => {
    const read = readVariable('x/Read/ReadVariableOp', 'x');
    const { nodes } = await freezeModel(
      { nodes: [handleVariable('x', float), read], values: { x: 1 } },
      { outputs: read.name },
    );
    expect(nodes).toEqual(['x = 1', 'x/Read/ReadVariableOp = Identity(x)']);
  });
});

describe('one variable of two', () => {
  it('of references (testConvertOneVariableOfTwo)', async () => {
    const variables = [
      refVariable('x', float),
      identity('x/read', 'x'),
      refVariable('y', float),
      identity('y/read', 'y'),
    ];
    const { nodes } = await freezeModel(
      { nodes: [...variables, mul('out', 'x/read', 'y/read')], values: { x: 1, y: 1 } },
      { outputs: 'out', deny: 'y' },
    );
    expect(nodes).toEqual([
      'x = 1',
      'x/read = Identity(x)',
      'y = VariableV2()',
      'y/read = Identity(y)',
      'out = Mul(x/read, y/read)',
    ]);
  });
  it('of resources (testConvertOneResourceVariableOfTwo)', async () => {
    const variables = [
      handleVariable('x', float),
      handleVariable('y', float),
      readVariable('out/x', 'x'),
      readVariable('out/y', 'y'),
    ];
    const { nodes } = await freezeModel(
      { nodes: [...variables, mul('out', 'out/x', 'out/y')], values: { x: 1, y: 1 } },
      { outputs: 'out', deny: 'y' },
    );
    expect(nodes).toEqual([
      'x = 1',
      'y = VarHandleOp()',
      'out/x = Identity(x)',
      'out/y = ReadVariableOp(y)',
      'out = Mul(out/x, out/y)',
    ]);
  });
  it('that is denied can still be written (test_resource_variable_can_be_written_after_denylisting)', async () => {
    const nodes = [
      handleVariable('v', float),
      handleVariable('w', float),
      readVariable('v/old', 'v'),
      readVariable('w/read', 'w'),
      { name: 'sum', op: 'AddV2', input: ['w/read', 'v/old'], attr: { T: typeAttr(float) } },
      { name: 'assign', op: 'AssignVariableOp', input: ['v', 'sum'], attr: { dtype: typeAttr(float) } },
      { ...readVariable('v/new', 'v'), input: ['v', '^assign'] },
      identity('out', 'v/new'),
    ];
    const frozen = await freezeModel({ nodes, values: { v: 1, w: 2 } }, { outputs: 'out', deny: 'v' });
    expect(frozen.nodes).toEqual([
      'v = VarHandleOp()',
      'w = 2',
      'v/old = ReadVariableOp(v)',
      'w/read = Identity(w)',
      'sum = AddV2(w/read, v/old)',
      'assign = AssignVariableOp(v, sum)',
      'v/new = ReadVariableOp(v, ^assign)',
      'out = Identity(v/new)',
    ]);
  });
});

it('a chain of Identity nodes (testConvertIdentityChain)', async () => {
  const nodes = [handleVariable('x', float), readVariable('y/read', 'x'), identity('y', 'y/read'), identity('z', 'y')];
  const frozen = await freezeModel({ nodes, values: { x: 1 } }, { outputs: 'z' });
  expect(frozen.nodes).toEqual(['x = 1', 'y/read = Identity(x)', 'y = Identity(y/read)', 'z = Identity(y)']);
});

describe('functions', () => {
  const plusOne: FunctionLiteral = {
    inputs: { x: float },
    outputs: { y: float },
    nodes: [{ name: 'add', op: 'AddV2', input: ['x', 'x'], attr: { T: typeAttr(float) } }],
    returns: { y: 'add:z:0' },
  };
  it('that take what was read from a variable stay as they are (testWithFunctions)', async () => {
    const nodes = [
      refVariable('v', float),
      identity('v/read', 'v'),
      { name: 'c', op: 'plus_one', input: ['v/read'] },
      mul('out', 'c', 'c'),
    ];
    const frozen = await freezeModel({ nodes, functions: { plus_one: plusOne }, values: { v: 1 } }, { outputs: 'out' });
    expect(frozen.nodes).toEqual(['v = 1', 'v/read = Identity(v)', 'c = plus_one(v/read)', 'out = Mul(c, c)']);
    expect(frozen.functions).toEqual({ plus_one: ['(x: 1) → (y: 1)', 'add = AddV2(x, x)'] });
  });
  it('that must not be inlined are kept (testVariableModelWithFunctionAndFunctionInliningDisabled)', async () => {
    const reading: FunctionLiteral = {
      inputs: { v: resource },
      outputs: { y: float },
      nodes: [readVariable('read', 'v')],
      returns: { y: 'read:value:0' },
    };
    const nodes = [handleVariable('v', float), call('c', ['v'], 'add_all_7', [resource])];
    const frozen = await freezeModel({ nodes, functions: { add_all_7: reading }, values: { v: 3 } }, { outputs: 'c' });
    expect(frozen.nodes).toEqual(['v = 3', 'c = PartitionedCall(v)']);
    expect(frozen.functions).toEqual({ add_all_frozen_1: ['(v: 1) → (y: 1)', 'read = Identity(v)'] });
  });
});

describe('control flow of TensorFlow 1', () => {
  it('on what was read (testConvertCase)', async () => {
    const nodes = [
      refVariable('x', float),
      refVariable('y', float),
      identity('x/read', 'x'),
      identity('y/read', 'y'),
      less('less', 'x/read', 'y/read'),
      { name: 's1', op: 'Switch', input: ['x/read', 'less'], attr: { T: typeAttr(float) } },
      { name: 's2', op: 'Switch', input: ['y/read', 'less'], attr: { T: typeAttr(float) } },
      { name: 'merge', op: 'Merge', input: ['s2', 's1:1'], attr: { T: typeAttr(float), N: intAttr(2) } },
    ];
    const frozen = await freezeModel({ nodes, values: { x: 1, y: 2 } }, { outputs: 'merge' });
    expect(frozen.nodes).toEqual([
      'x = 1',
      'y = 2',
      'x/read = Identity(x)',
      'y/read = Identity(y)',
      'less = Less(x/read, y/read)',
      's1 = Switch(x/read, less)',
      's2 = Switch(y/read, less)',
      'merge = Merge(s2, s1:1)',
    ]);
  });
  it('on handles (testGraphWithSwitch)', async () => {
    const nodes = [
      handleVariable('f1', float),
      handleVariable('f2', float),
      placeholder('p', boolType),
      { name: 's1', op: 'Switch', input: ['f1', 'p'], attr: { T: typeAttr(resource) } },
      { name: 's2', op: 'Switch', input: ['f2', 'p'], attr: { T: typeAttr(resource) } },
      readVariable('r1', 's1:1'),
      readVariable('r2', 's2'),
      { name: 'merge', op: 'Merge', input: ['r2', 'r1'], attr: { T: typeAttr(float), N: intAttr(2) } },
    ];
    const frozen = await freezeModel({ nodes, values: { f1: 17, f2: 23 } }, { outputs: 'merge' });
    expect(frozen.nodes).toEqual([
      'f1 = 17',
      'f2 = 23',
      'p = Placeholder()',
      's1 = Switch(f1, p)',
      's2 = Switch(f2, p)',
      'r1 = Identity(s1:1)',
      'r2 = Identity(s2)',
      'merge = Merge(r2, r1)',
    ]);
  });
});

describe('control flow of TensorFlow 2', () => {
  const choose = (op: string, input: string[], types: number[], then: string, otherwise: string): NodeLiteral => ({
    name: 'cond',
    op,
    input,
    attr: {
      Tcond: typeAttr(boolType),
      Tin: typesAttr(...types),
      Tout: typesAttr(float),
      then_branch: funcAttr(then),
      else_branch: funcAttr(otherwise),
    },
  });
  const giving = (inputs: Record<string, number>, result: string): FunctionLiteral => ({
    inputs,
    outputs: { y: float },
    nodes: [identity('same', result)],
    returns: { y: 'same:output:0' },
  });
  const reading = (inputs: Record<string, number>, handle: string): FunctionLiteral => ({
    inputs,
    outputs: { y: float },
    nodes: [readVariable('read', handle)],
    returns: { y: 'read:value:0' },
  });

  it('on what was read keeps its functions as they are (testConvertV2Case)', async () => {
    const nodes = [
      refVariable('x', float),
      refVariable('y', float),
      identity('x/read', 'x'),
      identity('y/read', 'y'),
      less('less', 'x/read', 'y/read'),
      choose('StatelessIf', ['less', 'x/read', 'y/read'], [float, float], 'true_1', 'false_2'),
    ];
    const functions = { true_1: giving({ a: float, b: float }, 'a'), false_2: giving({ a: float, b: float }, 'b') };
    const frozen = await freezeModel({ nodes, functions, values: { x: 1, y: 2 } }, { outputs: 'cond' });
    expect(frozen.nodes.slice(-1)).toEqual(['cond = StatelessIf(less, x/read, y/read)']);
    // TensorFlow renames these although it changes nothing in them.
    expect(Object.keys(frozen.functions)).toEqual(['true_1', 'false_2']);
  });
  it('on handles hands values to its functions (testConvertV2ResourceCase)', async () => {
    const nodes = [
      handleVariable('x', float),
      handleVariable('y', float),
      placeholder('less', boolType),
      choose('If', ['less', 'x', 'y'], [resource, resource], 'true_1', 'false_2'),
    ];
    const functions = {
      true_1: reading({ a: resource, b: resource }, 'a'),
      false_2: reading({ a: resource, b: resource }, 'b'),
    };
    const frozen = await freezeModel({ nodes, functions, values: { x: 1, y: 2 } }, { outputs: 'cond' });
    expect(frozen.nodes).toEqual(['x = 1', 'y = 2', 'less = Placeholder()', 'cond = If(less, x, y)']);
    expect(frozen.functions).toEqual({
      true_frozen_1: ['(a: 1, b: 1) → (y: 1)', 'read = Identity(a)'],
      false_frozen_2: ['(a: 1, b: 1) → (y: 1)', 'read = Identity(b)'],
    });
  });
  it('keeps a variable of the deny list through functions in functions (testConvertV2UnconvertedResourceNestedCase)', async () => {
    const inner = choose('If', ['less', 'z', 'y'], [resource, resource], 'true_3', 'false_4');
    const nested: FunctionLiteral = {
      inputs: { x: resource, y: resource, z: resource },
      outputs: { y: float },
      nodes: [
        readVariable('ry', 'y'),
        readVariable('rz', 'z'),
        less('less', 'rz:value:0', 'ry:value:0'),
        { ...inner, input: ['less:z:0', 'z', 'y'] },
      ],
      returns: { y: 'cond:output:0' },
    };
    const nodes = [
      handleVariable('x', float),
      handleVariable('y', float),
      handleVariable('z', float),
      placeholder('less', boolType),
      choose('If', ['less', 'x', 'y', 'z'], [resource, resource, resource], 'true_1', 'false_2'),
    ];
    const functions = {
      true_1: reading({ x: resource, y: resource, z: resource }, 'x'),
      false_2: nested,
      true_3: reading({ a: resource, b: resource }, 'a'),
      false_4: reading({ a: resource, b: resource }, 'b'),
    };
    const frozen = await freezeModel(
      { nodes, functions, values: { x: 1, y: 2, z: 3 } },
      { outputs: 'cond', deny: 'y' },
    );
    expect(frozen.nodes).toEqual([
      'x = 1',
      'y = VarHandleOp()',
      'z = 3',
      'less = Placeholder()',
      'cond = If(less, x, y, z)',
    ]);
    expect(frozen.functions).toEqual({
      true_frozen_1: ['(x: 1, y: 20, z: 1) → (y: 1)', 'read = Identity(x)'],
      false_frozen_4: [
        '(x: 1, y: 20, z: 1) → (y: 1)',
        'ry = ReadVariableOp(y)',
        'rz = Identity(z)',
        'less = Less(rz:output:0, ry:value:0)',
        'cond = If(less:z:0, z, y)',
      ],
      true_frozen_2: ['(a: 1, b: 20) → (y: 1)', 'read = Identity(a)'],
      false_frozen_3: ['(a: 1, b: 20) → (y: 1)', 'read = ReadVariableOp(b)'],
    });
  });
});
