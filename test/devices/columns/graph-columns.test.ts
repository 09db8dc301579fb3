import { describe, expect, it } from 'vitest';
import { columnsOf, type GraphColumns } from '../../../src/devices/columns/graph-columns.js';
import { call, libraryOf } from '../../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphOf,
  handleVariable,
  identity,
  int32Type,
  intAttr,
  placeholder,
  readVariable,
  refVariable,
  resource,
  shapeAttr,
  stringsAttr,
  typeAttr,
} from '../../support/graph-def.js';

/** `from:output -> to:input` for each edge. */
function edges({ edges: { producers, outputs, consumers, inputs } }: GraphColumns): string[] {
  return Array.from(producers, (from, at) => `${from}:${outputs[at]} -> ${consumers[at]}:${inputs[at]}`);
}

function bonds({ bonds: { firsts, seconds } }: GraphColumns): (readonly [number, number])[] {
  return Array.from(firsts, (first, at) => [first, seconds[at] as number]);
}

const enter = (name: string, input: string): object => ({
  ...floatNode('Enter', name, input),
  attr: { T: typeAttr(float), frame_name: { s: Buffer.from('f') } },
});

describe('the columns of a graph', () => {
  it('have one kind for all nodes of an op and its types', () => {
    const { kinds, kindsOfNodes } = columnsOf(
      graphOf([
        placeholder('a'),
        placeholder('b', int32Type),
        placeholder('c'),
        { name: 'p', op: 'Pack', input: ['a', 'c'], attr: { T: typeAttr(float), N: intAttr(2) } },
        { name: 'q', op: 'Pack', input: ['p', 'p', 'p'], attr: { T: typeAttr(float), N: intAttr(3) } },
      ]),
    );
    expect([...kindsOfNodes]).toEqual([0, 1, 0, 2, 3]);
    expect(kinds[1]).toEqual({
      op: 'Placeholder',
      types: [{ attribute: 'dtype', dtypes: [int32Type] }],
      inputs: [],
      outputs: [{ argument: 'output', dtype: int32Type }],
    });
    expect(kinds[3]?.inputs).toEqual(Array(3).fill({ argument: 'values', dtype: float }));
  });

  it('know of an op in no registry what its attributes say', () => {
    const { kinds } = columnsOf(
      graphOf([{ name: 'a', op: 'Mine', attr: { U: typeAttr(float), n: intAttr(3), L: { list: { type: [1, 3] } } } }]),
    );
    expect(kinds[0]).toEqual({
      op: 'Mine',
      types: expect.arrayContaining([
        { attribute: 'U', dtypes: [float] },
        { attribute: 'L', dtypes: [float, int32Type] },
      ]),
      inputs: [],
      outputs: [],
    });
    expect(kinds[0]?.types).toHaveLength(2);
  });

  it('have the edges of data, with their ports, and none of control', () => {
    const graph = graphOf([
      placeholder('a'),
      { name: 't', op: 'TopKV2', input: ['a', 'k'], attr: { T: typeAttr(float) } },
      placeholder('k', int32Type),
      { ...identity('i', 't:1', int32Type), input: ['t:1', '^a'] },
    ]);
    expect(edges(columnsOf(graph))).toEqual(['0:0 -> 1:0', '2:0 -> 1:1', '1:1 -> 3:0']);
  });

  it('say what an edge carries where the graph does', () => {
    const graph = graphOf([
      { ...placeholder('a'), attr: { dtype: typeAttr(float), shape: shapeAttr(-1, 224, 3) } },
      identity('b', 'a'),
      {
        ...identity('c', 'b'),
        attr: { T: typeAttr(float), _output_shapes: { list: { shape: [{ dim: [{ size: 5 }] }] } } },
      },
      identity('d', 'c'),
    ]);
    expect([...columnsOf(graph).edges.bytes]).toEqual([224 * 3 * 4, 0, 20]);
  });

  it('number the nodes of functions after those of the graph', () => {
    const graph = graphOf([placeholder('x'), call('y', ['x'], 'f', [float])], {
      library: libraryOf({
        f: {
          inputs: { a: float },
          outputs: { r: float },
          nodes: [
            floatNode('Neg', 'n', 'a'),
            { name: 't', op: 'Unpack', input: ['n:y:0'], attr: { T: typeAttr(float), num: intAttr(2) } },
            floatNode('Neg', 'm', 't:output:1'),
          ],
          returns: { r: 'm:y:0' },
        },
      }),
    });
    const columns = columnsOf(graph);
    expect(columns.bodies.map(({ first }) => first)).toEqual([0, 2]);
    expect(edges(columns)).toEqual(['0:0 -> 1:0', '2:0 -> 3:0', '3:1 -> 4:0']);
  });
});

describe('nodes are bound', () => {
  it('by a colocation', () => {
    const graph = graphOf([
      placeholder('a'),
      { ...identity('b', 'a'), attr: { T: typeAttr(float), _class: stringsAttr('loc:@a', 'loc:@gone', 'loc:@b') } },
    ]);
    expect(bonds(columnsOf(graph))).toEqual([[1, 0]]);
  });

  it('by a handle and by a reference', () => {
    const graph = graphOf([
      handleVariable('v', float),
      readVariable('r', 'v'),
      refVariable('w', float),
      { name: 's', op: 'Assign', input: ['w', 'r'], attr: { T: typeAttr(float) } },
      identity('i', 'w'),
    ]);
    // Identity reads what is behind the reference: any device may do that.
    expect(bonds(columnsOf(graph))).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('by a loop, from its Enters to its Exits', () => {
    const graph = graphOf([
      placeholder('a'),
      enter('e', 'a') as never,
      floatNode('Merge', 'm', 'e', 'n'),
      { name: 'c', op: 'LoopCond', input: ['p'] },
      placeholder('p', boolType),
      { name: 's', op: 'Switch', input: ['m', 'c'], attr: { T: typeAttr(float) } },
      floatNode('Neg', 'g', 's:1'),
      floatNode('NextIteration', 'n', 'g'),
      floatNode('Exit', 'x', 's'),
      identity('o', 'x'),
    ]);
    const bound = new Set(bonds(columnsOf(graph)).flat());
    expect([...bound].sort()).toEqual([1, 2, 3, 5, 6, 7, 8]);
  });

  it('through a function that a handle is handed to', () => {
    const graph = graphOf([handleVariable('v', float), call('y', ['v'], 'f', [resource])], {
      library: libraryOf({
        f: {
          inputs: { h: resource },
          outputs: { r: float },
          nodes: [readVariable('read', 'h')],
          returns: { r: 'read:value:0' },
        },
      }),
    });
    expect(bonds(columnsOf(graph))).toEqual(
      expect.arrayContaining([
        [0, 1],
        [0, 2],
      ]),
    );
  });

  it('through functions that hand on the handle that they are handed', () => {
    const inner = { inputs: { h: resource }, outputs: { r: float } };
    const graph = graphOf([handleVariable('v', float), call('y', ['v'], 'f', [resource])], {
      library: libraryOf({
        f: { ...inner, nodes: [call('z', ['h'], 'g', [resource])], returns: { r: 'z:output:0' } },
        g: { ...inner, nodes: [call('w', ['h'], 'k', [resource])], returns: { r: 'w:output:0' } },
        k: { ...inner, nodes: [readVariable('read', 'h')], returns: { r: 'read:value:0' } },
      }),
    });
    const bound = new Set([0]);
    for (const _ of bound)
      for (const [first, second] of bonds(columnsOf(graph))) {
        if (bound.has(first)) bound.add(second);
        if (bound.has(second)) bound.add(first);
      }
    // The variable, the three calls and what reads it in the innermost function.
    expect([...bound].sort()).toEqual([0, 1, 2, 3, 4]);
  });
});
