/**
 * The cases of TensorFlow's own convert_to_constants_test.py that freeze conditions of TensorFlow 2 in a session's graph, in
 * our words: variables go into the functions, and those that are denied stay what they are.
 */
import { describe, expect, it } from 'vitest';
import { type FunctionLiteral, funcAttr, typesAttr } from '../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  handleVariable,
  identity,
  type NodeLiteral,
  placeholder,
  readVariable,
  refVariable,
  resource,
  typeAttr,
} from '../support/graph-def.js';
import { freezeModel } from './model.js';

const less = (name: string, ...input: string[]): NodeLiteral => floatNode('Less', name, ...input);

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
