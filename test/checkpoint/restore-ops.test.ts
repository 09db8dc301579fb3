import { describe, expect, it } from 'vitest';
import { restoredKeys } from '../../src/checkpoint/restore-ops.js';
import { call, type FunctionLiteral, libraryOf } from '../support/functions.js';
import {
  graphOf,
  handleVariable,
  identity,
  type NodeLiteral,
  placeholder,
  refVariable,
  resource,
  stringTensor,
  stringType,
  textAttr,
} from '../support/graph-def.js';

/** The nodes of a Saver that restores keys into assignments: `restore` is its RestoreV2. */
function saver(
  scope: string,
  keys: string[],
  assigns: NodeLiteral[],
  slices: string[] = keys.map(() => ''),
): NodeLiteral[] {
  return [
    { name: `${scope}/Const`, op: 'Const', attr: { value: stringTensor('model') } },
    { name: `${scope}/names`, op: 'Const', attr: { value: stringTensor(...keys) } },
    { name: `${scope}/slices`, op: 'Const', attr: { value: stringTensor(...slices) } },
    { name: `${scope}/restore`, op: 'RestoreV2', input: [`${scope}/Const`, `${scope}/names`, `${scope}/slices`] },
    ...assigns,
    { name: `${scope}/restore_all`, op: 'NoOp', input: assigns.map(({ name }) => `^${name}`) },
  ];
}

function assign(name: string, variable: string, value: string, op = 'Assign'): NodeLiteral {
  return { name, op, input: [variable, value] };
}

function found(nodes: NodeLiteral[], restoreOp?: string): Record<string, string> {
  return Object.fromEntries([...restoredKeys(graphOf(nodes), restoreOp)].map(([name, { key }]) => [name, key]));
}

describe('the key of a variable is found', () => {
  it('through Assign', () => {
    const nodes = saver('save', ['key/of/v'], [assign('set', 'v', 'save/restore')]);
    expect(found([refVariable('v', 1, 2), ...nodes])).toEqual({ v: 'key/of/v' });
  });
  it('through Identity and AssignVariableOp', () => {
    const nodes = saver(
      'save',
      ['key'],
      [assign('set', 'v', 'cast', 'AssignVariableOp'), identity('cast', 'save/restore')],
    );
    expect(found([handleVariable('v', 1, 2), ...nodes])).toEqual({ v: 'key' });
  });
  it('by the output of RestoreV2 that is assigned', () => {
    const assigns = [assign('a', 'v', 'save/restore:1'), assign('b', 'w', 'save/restore')];
    const nodes = [refVariable('v', 1, 2), refVariable('w', 1, 2), ...saver('save', ['first', 'second'], assigns)];
    expect(found(nodes)).toEqual({ v: 'second', w: 'first' });
  });
  it('where trailing names that repeat the last were dropped', () => {
    const nodes = saver('save', ['only'], [assign('set', 'v', 'save/restore:3')]);
    expect(found([refVariable('v', 1, 2), ...nodes])).toEqual({ v: 'only' });
  });
  it('under the name that several handles share', () => {
    const handle = { ...handleVariable('v_1', 1, 2), attr: { shared_name: textAttr('v') } };
    const nodes = saver('save', ['key'], [assign('set', 'v_1', 'save/restore', 'AssignVariableOp')]);
    expect(found([handle, ...nodes])).toEqual({ v: 'key' });
  });
  it('with the part of the tensor that it is', () => {
    const nodes = saver('save', ['part/emb'], [assign('set', 'v', 'save/restore')], ['6 3 3,3:0,3']);
    const keys = restoredKeys(graphOf([refVariable('v', 1, 2), ...nodes]), undefined);
    expect(keys.get('v')).toEqual({ key: 'part/emb', slice: '6 3 3,3:0,3' });
  });
});

describe('of two savers', () => {
  const nodes = [
    refVariable('v', 1, 2),
    ...saver('save', ['plain'], [assign('save/set', 'v', 'save/restore')]),
    ...saver('save_1', ['v/ExponentialMovingAverage'], [assign('save_1/set', 'v', 'save_1/restore')]),
  ];
  it('the restore op chooses', () => {
    expect(found(nodes, 'save/restore_all')).toEqual({ v: 'plain' });
    expect(found(nodes, 'save_1/restore_all')).toEqual({ v: 'v/ExponentialMovingAverage' });
  });
  it('a restore op may be written as a tensor', () => {
    expect(found(nodes, 'save/restore_all:0')).toEqual({ v: 'plain' });
  });
  it('that disagree, neither is believed', () => expect(found(nodes)).toEqual({}));
  it('a restore op that is not there restores nothing', () => expect(found(nodes, 'nobody')).toEqual({}));
});

describe('in a function, as TensorFlow 2 restores', () => {
  const { inputs, outputs } = { inputs: { prefix: stringType, first: resource, second: resource }, outputs: {} };
  const body = [
    { name: 'names', op: 'Const', attr: { value: stringTensor('a/.ATTRIBUTES/VARIABLE_VALUE', 'b') } },
    { name: 'slices', op: 'Const', attr: { value: stringTensor('', '') } },
    { name: 'read', op: 'RestoreV2', input: ['prefix', 'names:output:0', 'slices:output:0'] },
    identity('Identity', 'read:tensors:0'),
    identity('Identity_1', 'read:tensors:1'),
    assign('set', 'first', 'Identity:output:0', 'AssignVariableOp'),
    assign('set_1', 'second', 'Identity_1:output:0', 'AssignVariableOp'),
  ];
  const variables = [handleVariable('v', 1, 2), handleVariable('w', 1, 2), placeholder('prefix', stringType)];
  const types = [stringType, resource, resource];
  const restore = (name: string, input: string[], f: string): NodeLiteral => call(name, input, f, types, []);
  const inFunction = (nodes: NodeLiteral[], more: Record<string, FunctionLiteral> = {}): Record<string, string> => {
    const library = libraryOf({ restore: { inputs, outputs, nodes: body, returns: {} }, ...more });
    const keys = restoredKeys(graphOf([...variables, ...nodes], { library }), 'run');
    return Object.fromEntries([...keys].map(([name, { key }]) => [name, key]));
  };
  const both = { w: 'a/.ATTRIBUTES/VARIABLE_VALUE', v: 'b' };

  it('by the arguments of the call', () => {
    expect(inFunction([restore('run', ['prefix', 'w', 'v', '^prefix'], 'restore')])).toEqual(both);
  });
  it('that another function calls', () => {
    const nodes = [restore('inner', ['prefix', 'second', 'first'], 'restore')];
    const outer = { inputs, outputs, nodes, returns: {} };
    expect(inFunction([restore('run', ['prefix', 'v', 'w'], 'outer')], { outer })).toEqual(both);
  });
  it('that calls itself, which ends', () => {
    const nodes = [...body, restore('again', ['prefix', 'second', 'first'], 'outer')];
    const outer = { inputs, outputs, nodes, returns: {} };
    expect(inFunction([restore('run', ['prefix', 'w', 'v'], 'outer')], { outer })).toEqual(both);
  });
  it('but not from calls that the restore op does not run', () => {
    const nodes = [restore('other', ['prefix', 'w', 'v'], 'restore'), { name: 'run', op: 'NoOp' }];
    expect(inFunction(nodes)).toEqual({});
  });
  it('but not of a call with too few inputs, or of no function', () => {
    expect(inFunction([restore('run', ['prefix'], 'restore')])).toEqual({});
    expect(inFunction([restore('run', ['prefix', 'w', 'v'], 'nobody')])).toEqual({});
  });
});

describe('nothing is found', () => {
  it('where a variable is assigned another value', () => {
    const nodes = [refVariable('v', 1, 2), { name: 'zero', op: 'Const' }, assign('init', 'v', 'zero')];
    expect(found(nodes)).toEqual({});
  });
  it('where the names are computed', () => {
    const nodes = saver('save', ['key'], [assign('set', 'v', 'save/restore')]);
    const computed = nodes.map((node) => (node.name === 'save/names' ? { ...node, op: 'Placeholder' } : node));
    expect(found([refVariable('v', 1, 2), ...computed])).toEqual({});
  });
  it('where the value is converted on the way', () => {
    const nodes = saver('save', ['key'], [{ name: 'c', op: 'Cast', input: ['save/restore'] }, assign('set', 'v', 'c')]);
    expect(found([refVariable('v', 1, 2), ...nodes])).toEqual({});
  });
  it('round a cycle of Identities, which ends', () => {
    const nodes = [refVariable('v', 1, 2), identity('a', 'b'), identity('b', 'a'), assign('set', 'v', 'a')];
    expect(found(nodes)).toEqual({});
  });
  it('for an assignment without inputs', () => expect(found([{ name: 'set', op: 'Assign' }])).toEqual({}));
});
