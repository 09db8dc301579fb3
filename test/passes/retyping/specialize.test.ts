// What becomes of functions that variables are handed to; each expected body is written by hand.
import { describe, expect, it } from 'vitest';
import { readAttribute } from '../../../src/graph/attributes.js';
import type { GraphFunction } from '../../../src/graph/function.js';
import type { Graph } from '../../../src/graph/graph.js';
import type { GraphNode } from '../../../src/graph/node.js';
import { freezeVariables } from '../../../src/passes/freeze-variables.js';
import { failure } from '../../support/failure.js';
import { call, type FunctionLiteral, funcAttr, funcsAttr, libraryOf, typesAttr } from '../../support/functions.js';
import {
  float,
  graphOf,
  handleVariable,
  identity,
  type NodeLiteral,
  placeholder,
  readVariable,
  resource,
  typeAttr,
} from '../../support/graph-def.js';
import { lines, stored } from '../../support/stored.js';

function frozen(nodes: NodeLiteral[], functions: Record<string, FunctionLiteral>, ...names: string[]): Graph {
  const library = libraryOf(functions);
  return freezeVariables(graphOf(nodes, { library }), new Map(names.map((name, row) => [name, stored(name, row)])));
}

function functionNames(graph: Graph): string[] {
  return graph.library.functions.map(({ name }) => name);
}

function bodyOf(graph: Graph, name: string): string[] {
  const { inputs, outputs, nodes, returns } = graph.library.byName.get(name) as GraphFunction;
  const signature = (args: readonly { name: string; type: number }[]): string =>
    args.map((arg) => `${arg.name}: ${arg.type}`).join(', ');
  return [
    `(${signature(inputs)}) → (${signature(outputs)})`,
    ...nodes.map(({ name: node, op, inputs: from }) => `${node} = ${op}(${from.join(', ')})`),
    ...Array.from(returns, ([result, tensor]) => `${result} is ${tensor}`),
  ];
}

function listOf(graph: Graph, node: string, attribute: string): readonly number[] | undefined {
  return readAttribute(graph.byName.get(node) as GraphNode, attribute)?.list?.type;
}

const reader: FunctionLiteral = {
  inputs: { x: float, v: resource },
  outputs: { y: float },
  nodes: [
    { ...readVariable('read', 'v'), input: ['v', '^before'] },
    { name: 'before', op: 'NoOp' },
    { name: 'sum', op: 'AddV2', input: ['x', 'read:value:0', '^read'] },
  ],
  returns: { y: 'read:value:0' },
};

const v = handleVariable('v', float, 2);
const w = handleVariable('w', float, 2);

describe('a function that reads a variable', () => {
  const graph = frozen([v, placeholder('x'), call('c', ['x', 'v'], 'f_12', [float, resource])], { f_12: reader }, 'v');

  it('takes the value, and the names of outputs follow in inputs and results', () => {
    expect(bodyOf(graph, 'f_frozen_1')).toEqual([
      '(x: 1, v: 1) → (y: 1)',
      'read = Identity(v, ^before)',
      'before = NoOp()',
      'sum = AddV2(x, read:output:0, ^read)',
      'y is read:output:0',
    ]);
  });
  it('takes the place of the old one', () => expect(functionNames(graph)).toEqual(['f_frozen_1']));
  it('is called by its new name, with the type of the value', () => {
    expect(readAttribute(graph.byName.get('c') as GraphNode, 'f')?.func?.name).toBe('f_frozen_1');
    expect(listOf(graph, 'c', 'Tin')).toEqual([float, float]);
  });
});

describe('a function that is called with different variables', () => {
  const calls = [call('a', ['x', 'v'], 'f', [float, resource]), call('b', ['x', 'w'], 'f', [float, resource])];

  it('is one function where all become values', () => {
    expect(functionNames(frozen([v, w, placeholder('x'), ...calls], { f: reader }, 'v', 'w'))).toEqual(['f_frozen_1']);
  });
  it('is two where one stays a variable', () => {
    const graph = frozen([v, w, placeholder('x'), ...calls], { f: reader }, 'v');
    expect(functionNames(graph)).toEqual(['f', 'f_frozen_1']);
    expect(readAttribute(graph.byName.get('b') as GraphNode, 'f')?.func?.name).toBe('f');
    expect(bodyOf(graph, 'f')[0]).toBe('(x: 1, v: 20) → (y: 1)');
  });
});

describe('a handle that a function gives back', () => {
  const through: FunctionLiteral = {
    inputs: { a: resource, b: resource },
    outputs: { p: resource, q: resource },
    nodes: [identity('same', 'b', resource)],
    returns: { p: 'same:output:0', q: 'a' },
  };

  it('is a value that others read', () => {
    const both = call('c', ['v', 'w'], 'f', [resource, resource], [resource, resource]);
    const graph = frozen([v, w, both, readVariable('r', 'c:1')], { f: through }, 'v', 'w');
    expect(lines(graph).slice(2)).toEqual(['c = PartitionedCall(v, w)', 'r = Identity(c:1)']);
    expect(bodyOf(graph, 'f_frozen_1')[0]).toBe('(a: 1, b: 1) → (p: 1, q: 1)');
    expect(listOf(graph, 'c', 'Tout')).toEqual([float, float]);
  });
  it('may be one of those that stay', () => {
    const both = call('c', ['v', 'w'], 'f', [resource, resource], [resource, resource]);
    const graph = frozen([v, w, both, readVariable('r', 'c:1'), readVariable('s', 'c')], { f: through }, 'v');
    expect(lines(graph).slice(3)).toEqual(['r = Identity(c:1)', 's = ReadVariableOp(c)']);
    expect(bodyOf(graph, 'f_frozen_1').slice(0, 2)).toEqual(['(a: 1, b: 20) → (p: 20, q: 1)', 'same = Identity(b)']);
  });
});

describe('a gather in a function', () => {
  it('brings its axis along', () => {
    const gatherer: FunctionLiteral = {
      inputs: { v: resource, i: 3 },
      outputs: { y: float },
      nodes: [
        { name: 'g', op: 'ResourceGather', input: ['v', 'i'], attr: { dtype: typeAttr(float), Tindices: typeAttr(3) } },
      ],
      returns: { y: 'g:output:0' },
    };
    const graph = frozen([v, placeholder('i', 3), call('c', ['v', 'i'], 'f', [resource, 3])], { f: gatherer }, 'v');
    expect(bodyOf(graph, 'f_frozen_1').slice(1)).toEqual([
      'g = GatherV2(v, i, g/axis:output:0)',
      'g/axis = Const()',
      'y is g:output:0',
    ]);
  });
});

describe('a loop', () => {
  const body: FunctionLiteral = {
    inputs: { i: float, h: resource },
    outputs: { i2: float, h2: resource },
    nodes: [
      readVariable('read', 'h'),
      { name: 'next', op: 'AddV2', input: ['i', 'read:value:0'] },
      identity('same', 'h', resource),
    ],
    returns: { i2: 'next:z:0', h2: 'same:output:0' },
  };
  const cond: FunctionLiteral = {
    inputs: { i: float, h: resource },
    outputs: { b: 10 },
    nodes: [],
    returns: { b: 'i' },
  };
  const loop: NodeLiteral = {
    name: 'loop',
    op: 'StatelessWhile',
    input: ['x', 'v'],
    attr: {
      T: typesAttr(float, resource),
      body: funcAttr('body_7'),
      cond: funcAttr('cond_8'),
      output_shapes: { list: { shape: [{ dim: [] }, { dim: [] }] } },
      _output_shapes: { list: { shape: [{ dim: [{ size: 7 }] }, { dim: [] }] } },
    },
  };
  const graph = frozen([v, placeholder('x'), loop, readVariable('r', 'loop:1')], { body_7: body, cond_8: cond }, 'v');

  it('carries the value round', () => {
    expect(bodyOf(graph, 'body_frozen_1')[0]).toBe('(i: 1, h: 1) → (i2: 1, h2: 1)');
    expect(bodyOf(graph, 'cond_frozen_2')[0]).toBe('(i: 1, h: 1) → (b: 10)');
    expect(listOf(graph, 'loop', 'T')).toEqual([float, float]);
  });
  it('gives it out at the end', () => expect(lines(graph).at(-1)).toBe('r = Identity(loop:1)'));
  it('says what shape it has', () => {
    const shapesIn = (attribute: string): unknown => {
      const shapes = readAttribute(graph.byName.get('loop') as GraphNode, attribute)?.list?.shape;
      return shapes?.map(({ dim }) => dim?.map(({ size }) => size?.toNumber()));
    };
    expect(shapesIn('output_shapes')).toEqual([[], [2]]);
    // An exporter's guess of the other result is not ours to judge.
    expect(shapesIn('_output_shapes')).toEqual([[7], [2]]);
  });
  it('that would change which variable it carries is refused', async () => {
    const swap = {
      ...body,
      inputs: { i: float, h: resource, k: resource },
      outputs: { i2: float, h2: resource, k2: resource },
      returns: { i2: 'next:z:0', h2: 'k', k2: 'h' },
    };
    const wide = { ...cond, inputs: swap.inputs };
    const node = { ...loop, input: ['x', 'v', 'w'], attr: { ...loop.attr, T: typesAttr(float, resource, resource) } };
    const error = await failure(() => frozen([v, w, placeholder('x'), node], { body_7: swap, cond_8: wide }, 'v'));
    expect([error.code, error.message]).toEqual([
      'VARIABLE_NOT_FREEZABLE',
      expect.stringMatching(/^Variable 'v' .* result 1 of node 'loop' \(StatelessWhile\) is sometimes/),
    ]);
  });
});

describe('branches', () => {
  it('of a Case are each made to take the value, with the input before them left out', () => {
    const pick = (name: string): NodeLiteral => ({
      name,
      op: 'StatelessCase',
      input: ['i', 'x', 'v'],
      attr: { branches: funcsAttr('f', 'g', 'f'), Tin: typesAttr(float, resource), Tout: typesAttr(float) },
    });
    const graph = frozen([v, placeholder('i', 3), placeholder('x'), pick('c')], { f: reader, g: reader }, 'v');
    const branches = readAttribute(graph.byName.get('c') as GraphNode, 'branches')?.list?.func;
    expect(branches?.map(({ name }) => name)).toEqual(['f_frozen_1', 'g_frozen_2', 'f_frozen_1']);
    expect(listOf(graph, 'c', 'Tin')).toEqual([float, float]);
  });
});

describe('functions in functions', () => {
  const outer: FunctionLiteral = {
    ...reader,
    nodes: [call('inner', ['x', 'v'], 'f', [float, resource])],
    returns: { y: 'inner:output:0' },
  };

  it('are followed to the last', () => {
    const graph = frozen(
      [v, placeholder('x'), call('c', ['x', 'v'], 'g', [float, resource])],
      { g: outer, f: reader },
      'v',
    );
    expect(functionNames(graph)).toEqual(['g_frozen_2', 'f_frozen_1']);
    expect(bodyOf(graph, 'g_frozen_2')).toEqual([
      '(x: 1, v: 1) → (y: 1)',
      'inner = PartitionedCall(x, v)',
      'y is inner:output:0',
    ]);
  });
  it('that call each other in a circle are refused', async () => {
    const circle = { f: { ...outer, nodes: [call('inner', ['x', 'v'], 'g', [float, resource])] }, g: outer };
    const error = await failure(() =>
      frozen([v, placeholder('x'), call('c', ['x', 'v'], 'g', [float, resource])], circle, 'v'),
    );
    expect([error.code, error.message]).toEqual([
      'GRAPH_INVALID',
      expect.stringContaining("call themselves: 'g' → 'f' → 'g'"),
    ]);
  });
  it('that go 1,000 deep are refused', async () => {
    const deep = Object.fromEntries(
      Array.from({ length: 1000 }, (_, level) => [
        `f${level}`,
        { ...outer, nodes: [call('inner', ['x', 'v'], `f${level + 1}`, [float, resource])] },
      ]),
    );
    const error = await failure(() =>
      frozen([v, placeholder('x'), call('c', ['x', 'v'], 'f0', [float, resource])], deep, 'v'),
    );
    expect([error.code, error.message]).toEqual(['LIMIT_EXCEEDED', expect.stringContaining('200 deep')]);
  });
});

describe('the call of a function', () => {
  it('that is not there is refused', async () => {
    const error = await failure(() =>
      frozen([v, placeholder('x'), call('c', ['x', 'v'], 'readr', [float, resource])], { reader }, 'v'),
    );
    expect([error.code, error.message]).toEqual([
      'GRAPH_INVALID',
      expect.stringMatching(/calls the function 'readr', and .* The nearest are 'reader'/),
    ]);
  });
  it('that takes fewer arguments is refused', async () => {
    const error = await failure(() =>
      frozen([v, placeholder('x'), call('c', ['x', 'x', 'v'], 'f', [float, float, resource])], { f: reader }, 'v'),
    );
    expect([error.code, error.message]).toEqual([
      'VARIABLE_NOT_FREEZABLE',
      expect.stringMatching(/input 2 .* is no argument of the function 'f', which takes 2/),
    ]);
  });
  it('by its name as an op changes the op', () => {
    const graph = frozen([v, placeholder('x'), { name: 'c', op: 'f', input: ['x', 'v'] }], { f: reader }, 'v');
    expect(lines(graph).at(-1)).toBe('c = f_frozen_1(x, v)');
  });
});

describe('an op whose functions get some of its inputs', () => {
  const element: FunctionLiteral = {
    inputs: { element: float, v: resource },
    outputs: { y: float },
    nodes: [readVariable('read', 'v')],
    returns: { y: 'read:value:0' },
  };
  const types = { output_types: typesAttr(float), output_shapes: { list: { shape: [{ dim: [] }] } } };

  it('may have others after them', () => {
    const attr = { f: funcAttr('f'), Targuments: typesAttr(resource), ...types };
    const set: NodeLiteral = { name: 'd', op: 'InterleaveDataset', input: ['set', 'v', 'n', 'n'], attr };
    const graph = frozen([v, placeholder('set', 21), placeholder('n', 9), set], { f: element }, 'v');
    expect(bodyOf(graph, 'f_frozen_1')[0]).toBe('(element: 1, v: 1) → (y: 1)');
    expect(listOf(graph, 'd', 'Targuments')).toEqual([float]);
  });
  it('may have a list of them for each function', () => {
    const attr = {
      ...Object.fromEntries(['key_func', 'reduce_func', 'window_size_func'].map((name) => [name, funcAttr(name)])),
      Tkey_func_other_arguments: typesAttr(resource),
      Treduce_func_other_arguments: typesAttr(float, resource),
      Twindow_size_func_other_arguments: typesAttr(),
      ...types,
    };
    const set: NodeLiteral = { name: 'd', op: 'GroupByWindowDataset', input: ['set', 'v', 'x', 'w'], attr };
    const reduce: FunctionLiteral = { ...element, inputs: { key: 9, window: 21, x: float, v: resource } };
    const functions = { key_func: element, reduce_func: reduce, window_size_func: { ...element, inputs: {} } };
    const graph = frozen([v, w, placeholder('x'), placeholder('set', 21), set], functions, 'v', 'w');
    expect(functionNames(graph)).toEqual(['key_func_frozen_1', 'reduce_func_frozen_2', 'window_size_func']);
    expect(bodyOf(graph, 'reduce_func_frozen_2')[0]).toBe('(key: 9, window: 21, x: 1, v: 1) → (y: 1)');
    expect(listOf(graph, 'd', 'Treduce_func_other_arguments')).toEqual([float, float]);
  });
  it.each([
    ['ExperimentalMapDataset', 'f', {}],
    ['ExperimentalMapAndBatchDataset', 'f', {}],
    ['ExperimentalParallelInterleaveDataset', 'f', {}],
    ['ExperimentalTakeWhileDataset', 'predicate', {}],
    ['ExperimentalScanDataset', 'f', { Tstate: typesAttr() }],
  ])('may be of the old op %s', (op, attribute, more) => {
    const attr = { [attribute]: funcAttr('f'), Targuments: typesAttr(resource), ...more, ...types };
    const graph = frozen(
      [v, placeholder('set', 21), { name: 'd', op, input: ['set', 'v'], attr }],
      { f: element },
      'v',
    );
    expect(bodyOf(graph, 'f_frozen_1')[0]).toBe('(element: 1, v: 1) → (y: 1)');
    expect(listOf(graph, 'd', 'Targuments')).toEqual([float]);
  });
  it('gets no variable by another input', async () => {
    const attr = { f: funcAttr('f'), Targuments: typesAttr(), ...types };
    const set: NodeLiteral = { name: 'd', op: 'MapDataset', input: ['set', 'v'], attr };
    const error = await failure(() => frozen([v, placeholder('set', 21), set], { f: element }, 'v'));
    expect([error.code, error.message]).toEqual([
      'VARIABLE_NOT_FREEZABLE',
      expect.stringMatching(/input 1 of node 'd' \(MapDataset\) is none that its function gets/),
    ]);
  });
});

it('an IdentityN passes on what came by each of its inputs', () => {
  const both: NodeLiteral = { name: 'n', op: 'IdentityN', input: ['x', 'v'], attr: { T: typesAttr(float, resource) } };
  const graph = frozen([v, placeholder('x'), both, readVariable('r', 'n:1')], {}, 'v');
  expect(listOf(graph, 'n', 'T')).toEqual([float, float]);
  expect(lines(graph).at(-1)).toBe('r = Identity(n:1)');
});

it('the shape of a handle that an If gives back becomes the shape of the value', () => {
  const same: FunctionLiteral = {
    inputs: { v: resource },
    outputs: { out: resource },
    nodes: [identity('same', 'v', resource)],
    returns: { out: 'same:output:0' },
  };
  const attr = {
    Tcond: typeAttr(10),
    Tin: typesAttr(resource),
    Tout: typesAttr(resource),
    then_branch: funcAttr('a_1'),
    else_branch: funcAttr('b_2'),
    output_shapes: { list: { shape: [{ dim: [] }] } },
  };
  const choice: NodeLiteral = { name: 'c', op: 'If', input: ['p', 'v'], attr };
  const graph = frozen([v, placeholder('p', 10), choice, readVariable('r', 'c')], { a_1: same, b_2: same }, 'v');
  const shapes = readAttribute(graph.byName.get('c') as GraphNode, 'output_shapes')?.list?.shape;
  expect(shapes?.map(({ dim }) => dim?.map(({ size }) => size?.toNumber()))).toEqual([[2]]);
});

it('a handle that is the second result of a function called by its name is followed', () => {
  const two: FunctionLiteral = {
    inputs: { x: float, v: resource },
    outputs: { first: float, second: resource },
    nodes: [identity('same', 'v', resource)],
    returns: { first: 'x', second: 'same:output:0' },
  };
  const outer: FunctionLiteral = {
    inputs: { x: float, v: resource },
    outputs: { y: float },
    nodes: [{ name: 'n', op: 'two', input: ['x', 'v'] }, readVariable('r', 'n:second:0')],
    returns: { y: 'r:value:0' },
  };
  const graph = frozen([v, placeholder('x'), call('c', ['x', 'v'], 'outer', [float, resource])], { two, outer }, 'v');
  expect(bodyOf(graph, 'outer_frozen_2')).toEqual([
    '(x: 1, v: 1) → (y: 1)',
    'n = two_frozen_1(x, v)',
    'r = Identity(n:second:0)',
    'y is r:output:0',
  ]);
});
