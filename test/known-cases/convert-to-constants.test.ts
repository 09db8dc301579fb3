/**
 * The cases of TensorFlow's own convert_to_constants_test.py that freeze a graph and a session, in our words: what a
 * user may expect of any tool that does this job. The title of each names the original.
 */
import { describe, expect, it } from 'vitest';
import { failure } from '../support/failure.js';
import { call, type FunctionLiteral } from '../support/functions.js';
import {
  boolType,
  float,
  floatNode,
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

const mul = (name: string, ...input: string[]): NodeLiteral => floatNode('Mul', name, ...input);
const less = (name: string, ...input: string[]): NodeLiteral => floatNode('Less', name, ...input);

describe('a single variable', () => {
  it('of references (testConvertSingleVariable)', async () => {
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
  it('of resources (testConvertSingleResourceVariable)', async () => {
    const read = readVariable('x/Read/ReadVariableOp', 'x');
    const { nodes } = await freezeModel(
      { nodes: [handleVariable('x', float), read], values: { x: 1 } },
      { outputs: read.name },
    );
    expect(nodes).toEqual(['x = 1', 'x/Read/ReadVariableOp = Identity(x)']);
  });
});

describe('a product with a variable, beside another that was never saved', () => {
  const two = { tensor: { dtype: float, tensor_shape: {}, float_val: [2] } };
  const constant = { name: 'output_node/y', op: 'Const', attr: { dtype: typeAttr(float), value: two } };
  const frozen = [
    'variable_node = 1',
    'read = Identity(variable_node)',
    'output_node/y = 2',
    'output_node = Mul(read, output_node/y)',
  ];
  it.each([
    ['testReferenceVariables', refVariable, identity('read', 'variable_node')],
    ['testResourceVariables', handleVariable, readVariable('read', 'variable_node')],
  ])('is four nodes (%s)', async (_, variable, read) => {
    const variables = [variable('variable_node', float), variable('unused_variable_node', float)];
    const nodes = [...variables, read, constant, mul('output_node', 'read', 'output_node/y')];
    const { nodes: lines } = await freezeModel({ nodes, values: { variable_node: 1 } }, { outputs: 'output_node' });
    expect(lines).toEqual(frozen);
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

describe('variables that assignments outside of the checkpoint set', () => {
  const assign = (name: string, variable: string, value: number): NodeLiteral[] => [
    {
      name: `${name}/value`,
      op: 'Const',
      attr: { dtype: typeAttr(float), value: { tensor: { dtype: float, tensor_shape: {}, float_val: [value] } } },
    },
    { name, op: 'AssignVariableOp', input: [variable, `${name}/value`], attr: { dtype: typeAttr(float) } },
  ];
  const nodes = [
    handleVariable('v1', float),
    handleVariable('v2', float),
    readVariable('read', 'v1'),
    readVariable('read_1', 'v2'),
    mul('out', 'read', 'read_1'),
    ...assign('first', 'v1', 1.5),
    ...assign('second', 'v2', 3),
    ...assign('third', 'v1', 4),
  ];
  const frozen = (v1: number, v2: number): string[] => [
    `v1 = ${v1}`,
    `v2 = ${v2}`,
    'read = Identity(v1)',
    'read_1 = Identity(v2)',
    'out = Mul(read, read_1)',
  ];
  const model = { nodes, values: { v1: 3, v2: 2 } };

  it('none of which is asked for (testConvertVariables)', async () => {
    expect((await freezeModel(model, { outputs: 'out' })).nodes).toEqual(frozen(3, 2));
  });
  // TensorFlow's converter runs a collection one by one, so of two assignments the later counts there. Initialisers run
  // all at once: those of one variable have no order.
  it('one each (testConvertVariablesWithAssignments)', async () => {
    const options = { outputs: 'out', initializers: ['second', 'third'] };
    expect((await freezeModel(model, options)).nodes).toEqual(frozen(4, 3));
    const { code, message } = await failure(() =>
      freezeModel(model, { ...options, initializers: 'first,second,third' }),
    );
    expect([code, message]).toEqual(['UNSUPPORTED', expect.stringMatching(/\(AssignVariableOp\) stands in the way/)]);
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
