import { expect, it } from 'vitest';
import { readResults } from '../../src/inference/read-results.js';
import { call, type FunctionLiteral, funcAttr, libraryOf, typesAttr } from '../support/functions.js';
import { boolType, float, floatNode, graphOf, type NodeLiteral, placeholder } from '../support/graph-def.js';

const two: FunctionLiteral = {
  inputs: { x: float },
  outputs: { a: float, b: float },
  nodes: [floatNode('Relu', 'r', 'x')],
  returns: { a: 'r:activations:0', b: 'x' },
};

const outer: FunctionLiteral = {
  inputs: { x: float },
  outputs: { c: float },
  nodes: [call('inner', ['x'], 'two', [float], [float, float])],
  returns: { c: 'inner:output:1' },
};

it('a result is read where what the outputs need reads it, through functions too', () => {
  const nodes = [
    placeholder('x'),
    call('y', ['x'], 'two', [float], [float, float]),
    floatNode('Relu', 'z', 'y'),
    floatNode('Relu', 'aside', 'y:1'),
    call('deep', ['x'], 'outer', [float]),
  ];
  const graph = graphOf(nodes, { library: libraryOf({ two, outer }) });
  expect(readResults(graph, ['z'])).toEqual(new Map([['two', new Set([0])]]));
  expect(readResults(graph, ['aside']).get('two')).toEqual(new Set([1]));
  expect(readResults(graph, ['y']).get('two')).toEqual(new Set([0, 1]));
  expect(readResults(graph, ['deep'])).toEqual(
    new Map([
      ['outer', new Set([0])],
      ['two', new Set([1])],
    ]),
  );
});

it('a variable of a loop is read where another one is computed from it, or the condition', () => {
  const loop: NodeLiteral = {
    name: 'loop',
    op: 'While',
    input: ['x', 'x', 'x', 'x'],
    attr: { T: typesAttr(float, float, float, float), cond: funcAttr('cond'), body: funcAttr('body') },
  };
  const args = { p: float, q: float, r: float, s: float };
  // p becomes p + q; the condition reads s; r, which nobody reads, becomes r + p.
  const body: FunctionLiteral = {
    inputs: args,
    outputs: { a: float, b: float, c: float, d: float },
    nodes: [floatNode('AddV2', 'sum', 'p', 'q'), floatNode('AddV2', 'kept', 'r', 'p')],
    returns: { a: 'sum:z:0', b: 'q', c: 'kept:z:0', d: 's' },
  };
  const cond: FunctionLiteral = {
    inputs: args,
    outputs: { go: boolType },
    nodes: [floatNode('Less', 'less', 's', 's')],
    returns: { go: 'less:z:0' },
  };
  const graph = graphOf([placeholder('x'), loop, floatNode('Relu', 'y', 'loop')], {
    library: libraryOf({ cond, body }),
  });
  const read = readResults(graph, ['y']);
  expect([...(read.get('body') ?? [])].sort()).toEqual([0, 1, 3]);
  expect(read.get('cond')).toEqual(new Set([0]));
});
