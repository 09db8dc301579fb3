import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../../src/graph/node.js';
import { isVariable, variableIdentity, variableShape, variableType } from '../../src/graph/variables.js';
import {
  float,
  graphOf,
  handleVariable,
  type NodeLiteral,
  refVariable,
  shapeAttr,
  textAttr,
  unknownRank,
} from '../support/graph-def.js';

function decoded(node: NodeLiteral): GraphNode {
  return graphOf([node]).nodes[0] as GraphNode;
}

it('the ops that hold variables are Variable, VariableV2 and VarHandleOp', () => {
  const ops = ['Variable', 'VariableV2', 'VarHandleOp', 'TemporaryVariable', 'HashTableV2', 'Const', 'ReadVariableOp'];
  expect(ops.filter((op) => isVariable(decoded({ name: 'v', op })))).toEqual(['Variable', 'VariableV2', 'VarHandleOp']);
});

describe('the identity', () => {
  it('is the name', () => expect(variableIdentity(decoded(refVariable('v', float)))).toBe('v'));
  it('is the shared name of a handle', () => {
    const handle = { ...handleVariable('v_1', float), attr: { shared_name: textAttr('v') } };
    expect(variableIdentity(decoded(handle))).toBe('v');
  });
  it('is the name where the shared name is empty', () => {
    const handle = { ...handleVariable('v_1', float), attr: { shared_name: textAttr('') } };
    expect(variableIdentity(decoded(handle))).toBe('v_1');
  });
});

describe('the shape', () => {
  const shapeOf = (op: string, shape: object): number[] | undefined =>
    variableShape(decoded({ name: 'v', op, attr: { shape } }));

  it('is that of the attribute', () => expect(shapeOf('VariableV2', shapeAttr(2, 3))).toEqual([2, 3]));
  it('has -1 for an open dimension', () => expect(shapeOf('VarHandleOp', shapeAttr(-1, 3))).toEqual([-1, 3]));
  it('has 0 for an empty one', () => expect(shapeOf('VariableV2', { shape: { dim: [{}] } })).toEqual([0]));
  it('of a scalar is empty', () => expect(shapeOf('VariableV2', shapeAttr())).toEqual([]));
  it('of a scalar is open for the op Variable', () => expect(shapeOf('Variable', shapeAttr())).toBeUndefined());
  it('is open where the rank is', () => expect(shapeOf('VariableV2', unknownRank)).toBeUndefined());
  it('is open where there is none', () => {
    expect(variableShape(decoded({ name: 'v', op: 'VarHandleOp' }))).toBeUndefined();
  });
});

it('the type is that of the attribute, 0 where there is none', () => {
  expect(variableType(decoded(refVariable('v', float)))).toBe(float);
  expect(variableType(decoded({ name: 'v', op: 'VariableV2' }))).toBe(0);
});
