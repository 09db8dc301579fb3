// Writes in the bodies of loops, to which a variable's handle goes round as one of the loop's arguments.
import { expect, it } from 'vitest';
import { noInference } from '../../../src/inference/inference-settings.js';
import { toInference } from '../../../src/inference/to-inference.js';
import { type FunctionLiteral, funcAttr, libraryOf, typesAttr } from '../../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphOf,
  handleVariable,
  identity,
  type NodeLiteral,
  placeholder,
  resource,
  typeAttr,
} from '../../support/graph-def.js';

const ofFloat = { dtype: typeAttr(float) };

/** Adds to a variable in every round; `more` is what the round's result is besides computed from. */
function counting(more: readonly NodeLiteral[], result: string): FunctionLiteral {
  return {
    inputs: { h: float, state: resource },
    outputs: { next: float, same: resource },
    nodes: [
      { name: 'one', op: 'OnesLike', input: ['h'], attr: { T: typeAttr(float) } },
      { name: 'count', op: 'AssignAddVariableOp', input: ['state', 'one:y:0'], attr: ofFloat },
      ...more,
      { name: 'next', op: 'Identity', input: [result, '^count'], attr: { T: typeAttr(float) } },
    ],
    returns: { next: 'next:output:0', same: 'state' },
    controls: ['count'],
  };
}

const goesOn: FunctionLiteral = {
  inputs: { h: float, state: resource },
  outputs: { go: boolType },
  nodes: [{ name: 'less', op: 'IsFinite', input: ['h'], attr: { T: typeAttr(float) } }],
  returns: { go: 'less:y:0' },
};

const loop: NodeLiteral = {
  name: 'loop',
  op: 'While',
  input: ['x', 'v'],
  attr: { body: funcAttr('body'), cond: funcAttr('goesOn'), T: typesAttr(float, resource) },
};

/** The ops that the body runs. */
function opsOf(body: FunctionLiteral, after: readonly NodeLiteral[], output: string): string[] {
  const nodes = [placeholder('x'), handleVariable('v', float, 2), loop, ...after];
  const graph = graphOf(nodes, { library: libraryOf({ body, goesOn }) });
  const inference = toInference(graph, [output], { ...noInference, rewrites: new Set(['training-ops']) });
  return inference.graph.library.byName.get('body')?.nodes.map(({ op }) => op) ?? [];
}

const scaled = floatNode('Relu', 'scaled', 'h');

it('a count that nothing reads is left over', () => {
  const ops = opsOf(counting([scaled], 'scaled:activations:0'), [identity('y', 'loop')], 'y');
  expect(ops).not.toContain('AssignAddVariableOp');
  expect(ops).toContain('Relu');
});

it('a count that the next round reads stays', () => {
  const read: NodeLiteral = { name: 'read', op: 'ReadVariableOp', input: ['state'], attr: ofFloat };
  const body = counting([read, floatNode('Mul', 'scaled', 'h', 'read:value:0')], 'scaled:z:0');
  expect(opsOf(body, [identity('y', 'loop')], 'y')).toContain('AssignAddVariableOp');
});

it('a count that is read after the loop stays', () => {
  const after: NodeLiteral[] = [
    { name: 'read', op: 'ReadVariableOp', input: ['v', '^loop'], attr: ofFloat },
    floatNode('Mul', 'y', 'loop', 'read'),
  ];
  expect(opsOf(counting([scaled], 'scaled:activations:0'), after, 'y')).toContain('AssignAddVariableOp');
});

it('a count that is read by the handle which the loop gives out stays', () => {
  const after: NodeLiteral[] = [
    { name: 'read', op: 'ReadVariableOp', input: ['loop:1'], attr: ofFloat },
    floatNode('Mul', 'y', 'loop', 'read'),
  ];
  expect(opsOf(counting([scaled], 'scaled:activations:0'), after, 'y')).toContain('AssignAddVariableOp');
});
