/**
 * The cases of TensorFlow's own convert_to_constants_test.py that convert functions with variables: their graphs, in our
 * words, with the bodies made part of the graph as that converter does it. The title of each names the original.
 */
import { describe, expect, it } from 'vitest';
import { call, type FunctionLiteral, funcAttr, funcsAttr, typesAttr } from '../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  handleVariable,
  identity,
  int32Type,
  type NodeLiteral,
  placeholder,
  readVariable,
  resource,
  shapeAttr,
  typeAttr,
} from '../support/graph-def.js';
import { freezeModel, type KnownModel } from './model.js';

const mul = (name: string, ...input: string[]): NodeLiteral => floatNode('Mul', name, ...input);
const inlined = async (model: KnownModel, ...outputs: string[]): Promise<string[]> => {
  const { nodes, functions } = await freezeModel(model, { outputs, inline: true });
  expect(functions).toEqual({});
  return nodes;
};

/** y = a variable * x. */
const scaling: FunctionLiteral = {
  inputs: { x: float, v: resource },
  outputs: { y: float },
  nodes: [readVariable('read', 'v'), mul('mul', 'read:value:0', 'x')],
  returns: { y: 'mul:z:0' },
};
const v = handleVariable('v', float);
const w = handleVariable('w', float);
const x = placeholder('x');

describe('a call', () => {
  it('of a function without variables, beside one', async () => {
    const doubling: FunctionLiteral = {
      inputs: { x: float },
      outputs: { y: float },
      nodes: [floatNode('AddV2', 'sum', 'x', 'x')],
      returns: { y: 'sum:z:0' },
    };
    const nodes = [v, readVariable('r', 'v'), x, call('c', ['x'], 'doubling', [float]), mul('y', 'c', 'r')];
    expect(await inlined({ nodes, functions: { doubling }, values: { v: 3 } }, 'c', 'r')).toEqual([
      'v = 3',
      'r = Identity(v)',
      'x = Placeholder()',
      'c/sum = AddV2(x, x)',
      'c = Identity(c/sum)',
    ]);
  });
  it('of one with variables (testVariableModel, testVariableSavedModel, testWithInlinedFunctions)', async () => {
    const product: FunctionLiteral = {
      inputs: { x: float, v: resource, w: resource },
      outputs: { y: float },
      nodes: [
        readVariable('first', 'v'),
        readVariable('second', 'w'),
        mul('both', 'first:value:0', 'second:value:0'),
        mul('all', 'both:z:0', 'x'),
      ],
      returns: { y: 'all:z:0' },
    };
    const called = call('c', ['x', 'v', 'w'], 'product', [float, resource, resource]);
    expect(await inlined({ nodes: [v, w, x, called], functions: { product }, values: { v: 3, w: 2 } }, 'c')).toEqual([
      'v = 3',
      'w = 2',
      'x = Placeholder()',
      'c/first = Identity(v)',
      'c/second = Identity(w)',
      'c/both = Mul(c/first, c/second)',
      'c/all = Mul(c/both, x)',
      'c = Identity(c/all)',
    ]);
  });
  it('with a scalar for its input, whose shape stays (testScalarModel)', async () => {
    const scalar = { ...x, attr: { ...x.attr, shape: shapeAttr() } };
    const model = { nodes: [v, scalar, call('c', ['x', 'v'], 'f', [float, resource])], functions: { f: scaling } };
    const { bytes } = await freezeModel({ ...model, values: { v: 3 } }, { outputs: 'c' });
    // The attribute `shape`, whose value is a shape without dimensions that is not of unknown rank.
    expect(bytes.toString('hex')).toContain('2a0b0a0573686170651202'.concat('3a00'));
  });
  it('of one function of several (testMultiFunctionModel)', async () => {
    const adding: FunctionLiteral = {
      ...scaling,
      nodes: [readVariable('read', 'v'), floatNode('AddV2', 'add', 'read:value:0', 'x')],
      returns: { y: 'add:z:0' },
    };
    const nodes = [
      v,
      w,
      x,
      call('c', ['x', 'v'], 'scaling', [float, resource]),
      call('d', ['x', 'w'], 'adding', [float, resource]),
    ];
    const model = { nodes, functions: { scaling, adding }, values: { v: 3, w: 2 } };
    const scaled = ['c/read = Identity(v)', 'c/mul = Mul(c/read, x)', 'c = Identity(c/mul)'];
    const added = ['d/read = Identity(w)', 'd/add = AddV2(d/read, x)', 'd = Identity(d/add)'];
    expect(await inlined(model, 'c')).toEqual(['v = 3', 'x = Placeholder()', ...scaled]);
    expect(await inlined(model, 'd')).toEqual(['w = 2', 'x = Placeholder()', ...added]);
  });
});

describe('a condition', () => {
  const branches = {
    then_1: scaling,
    else_2: { ...scaling, nodes: [readVariable('read', 'v'), mul('mul', 'x', 'x')] },
  };
  const choice = (op: string): NodeLiteral => ({
    name: 'c',
    op,
    input: ['p', 'x', 'v'],
    attr: {
      Tcond: typeAttr(boolType),
      Tin: typesAttr(float, resource),
      Tout: typesAttr(float),
      then_branch: funcAttr('then_1'),
      else_branch: funcAttr('else_2'),
    },
  });
  it.each([
    ['If', 'testIf'],
    ['StatelessIf', 'testStatelessIf'],
  ])('%s becomes Switch and Merge (%s)', async (op) => {
    const nodes = [v, x, placeholder('p', boolType), choice(op)];
    expect(await inlined({ nodes, functions: branches, values: { v: 3 } }, 'c')).toEqual([
      'v = 3',
      'x = Placeholder()',
      'p = Placeholder()',
      'c/branch_0_switch_0 = Switch(x, p)',
      'c/branch_0_switch_1 = Switch(v, p)',
      'c/branch_0_switch_pivot = Switch(p, p)',
      'c/branch_0_pivot = Identity(c/branch_0_switch_pivot:1)',
      'c/branch_0/read = Identity(c/branch_0_switch_1:1)',
      'c/branch_0/mul = Mul(c/branch_0/read, c/branch_0_switch_0:1)',
      'c/branch_0_executed = Identity(c/branch_0_pivot)',
      'c/branch_1_pivot = Identity(c/branch_0_switch_pivot)',
      'c/branch_1/read = Identity(c/branch_0_switch_1)',
      'c/branch_1/mul = Mul(c/branch_0_switch_0, c/branch_0_switch_0)',
      'c/branch_1_executed = Identity(c/branch_1_pivot)',
      'c/merge_0 = Merge(c/branch_0/mul, c/branch_1/mul)',
      'c/executed = Merge(c/branch_0_executed, c/branch_1_executed)',
      'c = Identity(c/merge_0, ^c/executed)',
    ]);
  });
});

it('a choice of several (testSwitchCase)', async () => {
  const cases: NodeLiteral = {
    name: 'c',
    op: 'Case',
    input: ['i', 'x', 'v'],
    attr: { Tin: typesAttr(float, resource), Tout: typesAttr(float), branches: funcsAttr('first', 'second') },
  };
  const nodes = [v, x, placeholder('i', int32Type), cases];
  const functions = { first: scaling, second: scaling };
  expect(await inlined({ nodes, functions, values: { v: 3 } }, 'c')).toEqual([
    'v = 3',
    'x = Placeholder()',
    'i = Placeholder()',
    'c/index_0 = 0',
    'c/index_0/equal = Equal(i, c/index_0)',
    'c/branch_0_switch_0 = Switch(x, c/index_0/equal)',
    'c/branch_0_switch_1 = Switch(v, c/index_0/equal)',
    'c/branch_0_switch_pivot = Switch(i, c/index_0/equal)',
    'c/branch_0_pivot = Identity(c/branch_0_switch_pivot:1)',
    'c/branch_0/read = Identity(c/branch_0_switch_1:1)',
    'c/branch_0/mul = Mul(c/branch_0/read, c/branch_0_switch_0:1)',
    'c/branch_0_executed = Identity(c/branch_0_pivot)',
    'c/branch_1_pivot = Identity(c/branch_0_switch_pivot)',
    'c/branch_1/read = Identity(c/branch_0_switch_1)',
    'c/branch_1/mul = Mul(c/branch_1/read, c/branch_0_switch_0)',
    'c/branch_1_executed = Identity(c/branch_1_pivot)',
    'c/merge_0 = Merge(c/branch_0/mul, c/branch_1/mul)',
    'c/executed = Merge(c/branch_0_executed, c/branch_1_executed)',
    'c = Identity(c/merge_0, ^c/executed)',
  ]);
});

it.each([
  ['While', 'testWhile'],
  ['StatelessWhile', 'testStatelessWhile'],
])('a loop, %s (%s)', async (op) => {
  const body: FunctionLiteral = {
    ...scaling,
    outputs: { y: float, v2: resource },
    nodes: [...scaling.nodes, identity('same', 'v', resource)],
    returns: { y: 'mul:z:0', v2: 'same:output:0' },
  };
  const condition: FunctionLiteral = {
    inputs: { x: float, v: resource },
    outputs: { more: boolType },
    nodes: [readVariable('read', 'v'), floatNode('Less', 'less', 'x', 'read:value:0')],
    returns: { more: 'less:z:0' },
  };
  const loop: NodeLiteral = {
    name: 'l',
    op,
    input: ['x', 'v'],
    attr: { T: typesAttr(float, resource), body: funcAttr('body'), cond: funcAttr('condition') },
  };
  const nodes = [v, x, loop, identity('y', 'l')];
  expect(await inlined({ nodes, functions: { body, condition }, values: { v: 3 } }, 'y')).toEqual([
    'v = 3',
    'x = Placeholder()',
    'l/enter_0 = Enter(x)',
    'l/enter_1 = Enter(v)',
    'l/merge_0 = Merge(l/enter_0, l/next_0)',
    'l/merge_1 = Merge(l/enter_1, l/next_1)',
    'l/cond/read = Identity(l/merge_1)',
    'l/cond/less = Less(l/merge_0, l/cond/read)',
    'l/goes_on = Identity(l/cond/less)',
    'l/loop_cond = LoopCond(l/goes_on)',
    'l/switch_0 = Switch(l/merge_0, l/loop_cond)',
    'l/switch_1 = Switch(l/merge_1, l/loop_cond)',
    'l/identity_0 = Identity(l/switch_0:1)',
    'l/identity_1 = Identity(l/switch_1:1)',
    'l/body/read = Identity(l/identity_1)',
    'l/body/mul = Mul(l/body/read, l/identity_0)',
    'l/body/same = Identity(l/identity_1)',
    'l/next_0 = NextIteration(l/body/mul)',
    'l/next_1 = NextIteration(l/body/same)',
    'l/exit_0 = Exit(l/switch_0)',
    'l/exit_1 = Exit(l/switch_1)',
    'l = IdentityN(l/exit_0, l/exit_1)',
    'y = Identity(l)',
  ]);
});
