// What becomes of the ops that take a variable, and of those that only look as if they did.
import { describe, expect, it } from 'vitest';
import { readAttribute, readType } from '../../src/graph/attributes.js';
import type { Graph } from '../../src/graph/graph.js';
import type { GraphNode } from '../../src/graph/node.js';
import { StoredTensor } from '../../src/graph/stored-tensor.js';
import { freezeVariables } from '../../src/passes/freeze-variables.js';
import {
  float,
  floatRef,
  graphOf,
  handleVariable,
  identity,
  int32Type,
  int64Type,
  intAttr,
  type NodeLiteral,
  placeholder,
  readVariable,
  refVariable,
  resource,
  stringsAttr,
  typeAttr,
} from '../support/graph-def.js';
import { lines, values } from '../support/stored.js';

function freezeNodes(nodes: NodeLiteral[], ...names: string[]): Graph {
  return freezeVariables(graphOf(nodes), values(...(names.length > 0 ? names : ['v'])), { tfParity: true });
}

function nodeOf(graph: Graph, name: string): GraphNode {
  return graph.byName.get(name) as GraphNode;
}

function attributesOf(graph: Graph, name: string): string[] {
  return [...nodeOf(graph, name).attributes.keys()].sort();
}

describe('a variable', () => {
  for (const op of ['Variable', 'VariableV2', 'AutoReloadVariable', 'VarHandleOp']) {
    it(`of op ${op} becomes a constant, with nothing left of it but its type`, () => {
      const attr = { dtype: typeAttr(float), shape: {}, container: {}, shared_name: {}, _class: stringsAttr('loc:@x') };
      const graph = freezeNodes([{ name: 'v', op, device: '/gpu:0', attr }]);
      const { op: newOp, inputs, device, attributes } = nodeOf(graph, 'v');
      expect([newOp, inputs, device, [...attributes.keys()]]).toEqual(['Const', [], '', ['dtype', 'value']]);
      expect(attributes.get('value')).toBeInstanceOf(StoredTensor);
    });
  }
  it('without a value stays as it is, and so does what reads it', () => {
    const graph = graphOf([handleVariable('v', float, 2), readVariable('r', 'v'), refVariable('w', float, 2)]);
    expect(freezeVariables(graph, values('w')).nodes.slice(0, 2)).toEqual(graph.nodes.slice(0, 2));
  });
});

describe('a read', () => {
  it('becomes an Identity of the data input, with its colocation', () => {
    const read = { ...readVariable('r', 'v'), input: ['v', '^before'], device: '/gpu:0' };
    const attr = { ...read.attr, _class: stringsAttr('loc:@v'), _output_shapes: { list: {} } };
    const graph = freezeNodes([handleVariable('v', float, 2), { name: 'before', op: 'NoOp' }, { ...read, attr }]);
    expect(lines(graph)).toEqual(['v = Const()', 'before = NoOp()', 'r = Identity(v)']);
    expect([attributesOf(graph, 'r'), nodeOf(graph, 'r').device]).toEqual([['T', '_class'], '']);
    expect(readType(nodeOf(graph, 'r'), 'T')).toBe(float);
  });
  it('through a chain of Identities gives each the type of the value', () => {
    const chain = [identity('a', 'v', resource), identity('b', 'a', resource), readVariable('r', 'b')];
    const graph = freezeNodes([handleVariable('v', float, 2), ...chain, identity('y', 'r')]);
    expect(lines(graph).slice(1)).toEqual(['a = Identity(v)', 'b = Identity(a)', 'r = Identity(b)', 'y = Identity(r)']);
    expect(['a', 'b', 'r'].map((name) => readType(nodeOf(graph, name), 'T'))).toEqual([float, float, float]);
  });
  it('of another variable stays', () => {
    const graph = freezeNodes([handleVariable('v', float, 2), handleVariable('w', float, 2), readVariable('r', 'w')]);
    expect(lines(graph)).toEqual(['v = Const()', 'w = VarHandleOp()', 'r = ReadVariableOp(w)']);
  });
});

describe('an op that passes a handle on', () => {
  for (const op of ['Identity', 'Enter', 'Exit', 'NextIteration', 'Switch']) {
    it(`${op} takes the type of the value and loses its inferred shapes`, () => {
      const attr = { T: typeAttr(resource), _output_shapes: { list: {} }, frame_name: {} };
      const graph = freezeNodes([
        handleVariable('v', float, 2),
        placeholder('p', 10),
        { name: 'n', op, input: ['v', 'p'], attr },
      ]);
      expect([attributesOf(graph, 'n'), readType(nodeOf(graph, 'n'), 'T')]).toEqual([['T', 'frame_name'], float]);
    });
  }
  for (const op of ['RefIdentity', 'RefEnter', 'RefExit', 'RefNextIteration', 'RefSwitch', 'RefMerge']) {
    it(`${op} becomes its twin of values`, () => {
      const attr = { T: typeAttr(float) };
      const graph = freezeNodes([refVariable('v', float, 2), { name: 'n', op, input: ['v'], attr }]);
      expect(lines(graph)[1]).toBe(`n = ${op.slice(3)}(v)`);
    });
  }
  it('a Switch passes it on by both its outputs', () => {
    const graph = freezeNodes([
      handleVariable('v', float, 2),
      placeholder('p', 10),
      { name: 's', op: 'Switch', input: ['v', 'p'], attr: { T: typeAttr(resource) } },
      readVariable('no', 's'),
      readVariable('yes', 's:1'),
    ]);
    expect(lines(graph).slice(3)).toEqual(['no = Identity(s)', 'yes = Identity(s:1)']);
  });
  it('but not where the variable is only its predicate', () => {
    const graph = freezeNodes([
      refVariable('v', 10),
      placeholder('x', int32Type),
      { name: 's', op: 'Switch', input: ['x', 'v'], attr: { T: typeAttr(int32Type) } },
    ]);
    expect(readType(nodeOf(graph, 's'), 'T')).toBe(int32Type);
  });
});

describe('an op that takes values', () => {
  it('takes the constant in place of a reference, unchanged', () => {
    const graph = graphOf([
      refVariable('v', float, 2),
      { name: 'y', op: 'Mul', input: ['v', 'v'], attr: { T: typeAttr(float) } },
    ]);
    expect(freezeVariables(graph, values('v')).nodes[1]).toBe(graph.nodes[1]);
  });
});

describe('a gather', () => {
  const gather: NodeLiteral = {
    name: 'g',
    op: 'ResourceGather',
    input: ['v', 'i'],
    attr: { dtype: typeAttr(float), Tindices: typeAttr(int32Type), validate_indices: { b: true } },
  };

  it('becomes a GatherV2 whose axis stands at the end of the graph', () => {
    const graph = freezeNodes([handleVariable('v', float, 2), placeholder('i', int32Type), gather, identity('y', 'g')]);
    expect(lines(graph).slice(2)).toEqual(['g = GatherV2(v, i, g/axis)', 'y = Identity(g)', 'g/axis = Const()']);
    expect(attributesOf(graph, 'g')).toEqual(['Taxis', 'Tindices', 'Tparams']);
    expect(readType(nodeOf(graph, 'g'), 'Taxis')).toBe(int32Type);
    expect(readAttribute(nodeOf(graph, 'g/axis'), 'value')?.tensor).toMatchObject({ dtype: int32Type, int_val: [0] });
  });
  it('with batch dimensions gathers along the axis after them', () => {
    const batched = { ...gather, attr: { ...gather.attr, Tindices: typeAttr(int64Type), batch_dims: intAttr(1) } };
    const graph = freezeNodes([handleVariable('v', float, 2), placeholder('i', int64Type), batched]);
    expect(readAttribute(nodeOf(graph, 'g'), 'batch_dims')?.i?.toNumber()).toBe(1);
    const { tensor } = readAttribute(nodeOf(graph, 'g/axis'), 'value') ?? {};
    expect(JSON.stringify(tensor)).toContain('"dtype":"DT_INT64"');
    expect(JSON.stringify(tensor)).toMatch(/"int64_val":\["?1"?\]/);
  });
  it('finds another name for the axis where it is taken', () => {
    const graph = freezeNodes([handleVariable('v', float, 2), placeholder('i'), gather, placeholder('g/axis')]);
    expect(lines(graph).slice(2)).toEqual([
      'g = GatherV2(v, i, g/axis_1)',
      'g/axis = Placeholder()',
      'g/axis_1 = Const()',
    ]);
  });
  it('of several has their axes in the order of the graph', () => {
    const gathers = ['b', 'a', 'c'].map((name) => ({ ...gather, name }));
    const graph = freezeNodes([handleVariable('v', float, 2), placeholder('i', int32Type), ...gathers]);
    expect(lines(graph).slice(5)).toEqual(['b/axis = Const()', 'a/axis = Const()', 'c/axis = Const()']);
  });
  it('in a loop has an axis that is in it, too', () => {
    const enter = { name: 'e', op: 'Enter', input: ['v'], attr: { T: typeAttr(resource) } };
    const inLoop = { ...gather, input: ['e', 'i:1'] };
    const graph = freezeNodes([handleVariable('v', float, 2), placeholder('i', int32Type), enter, inLoop]);
    expect(lines(graph).at(-1)).toBe('g/axis = Const(^i)');
  });
  it('after a loop has one that is not', () => {
    const loop = [
      { name: 'e', op: 'Enter', input: ['v'], attr: { T: typeAttr(resource) } },
      { name: 'x', op: 'Exit', input: ['e'], attr: { T: typeAttr(resource) } },
    ];
    const graph = freezeNodes([
      handleVariable('v', float, 2),
      placeholder('i', int32Type),
      ...loop,
      { ...gather, input: ['x', 'i'] },
    ]);
    expect(lines(graph).at(-1)).toBe('g/axis = Const()');
  });
  it('by coordinates becomes a GatherNd', () => {
    const graph = freezeNodes([handleVariable('v', float, 2), placeholder('i'), { ...gather, op: 'ResourceGatherNd' }]);
    expect(lines(graph).slice(2)).toEqual(['g = GatherNd(v, i)']);
    expect(attributesOf(graph, 'g')).toEqual(['Tindices', 'Tparams']);
  });
});

describe('a question about the variable', () => {
  it('for its shape becomes a Shape', () => {
    const shape = { name: 's', op: 'VariableShape', input: ['v'], attr: { out_type: typeAttr(int32Type) } };
    const graph = freezeNodes([handleVariable('v', float, 2), shape]);
    expect([lines(graph)[1], attributesOf(graph, 's')]).toEqual(['s = Shape(v)', ['T', 'out_type']]);
    expect(readType(nodeOf(graph, 's'), 'T')).toBe(float);
  });
  for (const [op, variable] of [
    ['VarIsInitializedOp', handleVariable('v', float, 2)],
    ['IsVariableInitialized', refVariable('v', float, 2)],
  ] as const) {
    it(`${op} becomes the constant true and keeps its control inputs`, () => {
      const graph = freezeNodes([variable, { name: 'c', op: 'NoOp' }, { name: 'q', op, input: ['v', '^c'] }]);
      expect(lines(graph)[2]).toBe('q = Const(^c)');
      expect(readAttribute(nodeOf(graph, 'q'), 'value')?.tensor).toMatchObject({ dtype: 10, bool_val: [true] });
    });
  }
});

it('a control input from a variable stays', () => {
  const graph = freezeNodes([refVariable('v', float, 2), { name: 'after', op: 'NoOp', input: ['^v'] }]);
  expect(lines(graph)).toEqual(['v = Const()', 'after = NoOp(^v)']);
});

it('a T that is a reference type is mended', () => {
  const graph = freezeNodes([refVariable('v', float, 2), identity('i', 'v', floatRef)]);
  expect(readType(nodeOf(graph, 'i'), 'T')).toBe(float);
});
