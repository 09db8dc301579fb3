import { expect, it } from 'vitest';
import { noInference } from '../../../src/inference/inference-settings.js';
import { type Inference, toInference } from '../../../src/inference/to-inference.js';
import { call, type FunctionLiteral, funcAttr, libraryOf, typesAttr } from '../../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphOf,
  handleVariable,
  int64Type,
  type NodeLiteral,
  placeholder,
  resource,
  typeAttr,
} from '../../support/graph-def.js';
import { constant, drawn } from './nodes.js';

function without(f: FunctionLiteral, nodes: readonly NodeLiteral[], outputs: readonly string[]): Inference {
  const graph = graphOf(nodes, { library: libraryOf({ f }) });
  return toInference(graph, outputs, { ...noInference, rewrites: new Set(['dropout']) });
}

/** Each node of the function's body as one line. */
function body(f: FunctionLiteral, nodes: readonly NodeLiteral[], outputs: readonly string[]): string[] {
  const after = without(f, nodes, outputs).graph.library.functions[0];
  const lines = after?.nodes.map(({ name, op, inputs }) => `${name} = ${op}(${inputs.join(', ')})`) ?? [];
  return [...lines, ...Array.from(after?.controlReturns.keys() ?? [], (name) => `runs ${name}`)];
}

const dropout: readonly NodeLiteral[] = [
  constant('rate', 0.5),
  { name: 'm', op: 'GreaterEqual', input: ['u:output:0', 'rate:output:0'], attr: { T: typeAttr(float) } },
  constant('two', 2),
  floatNode('Mul', 'scaled', 'x', 'two:output:0'),
  constant('zero', 0),
  floatNode('SelectV2', 'y', 'm:z:0', 'scaled:z:0', 'zero:output:0'),
];

it('a seed that is counted up is let go with the numbers that it is for', () => {
  const ofSeed = { dtype: typeAttr(int64Type) };
  const f: FunctionLiteral = {
    inputs: { x: float, state: resource },
    outputs: { result: float },
    nodes: [
      { name: 'seed', op: 'ReadVariableOp', input: ['state'], attr: ofSeed },
      { name: 'one', op: 'OnesLike', input: ['seed:value:0'], attr: { T: typeAttr(int64Type) } },
      { name: 'next', op: 'AddV2', input: ['seed:value:0', 'one:y:0'], attr: { T: typeAttr(int64Type) } },
      { name: 'count', op: 'AssignVariableOp', input: ['state', 'next:z:0', '^seed'], attr: ofSeed },
      { name: 'u', op: 'StatelessRandomUniform', input: ['shape:output:0', 'seed:value:0'], attr: { T: typeAttr(3) } },
      { name: 'shape', op: 'Shape', input: ['x'], attr: { T: typeAttr(float) } },
      ...dropout,
      { name: 'done', op: 'NoOp', input: ['^seed', '^count'] },
      { name: 'z', op: 'Identity', input: ['y:output:0', '^done'], attr: { T: typeAttr(float) } },
    ],
    returns: { result: 'z:output:0' },
    controls: ['count'],
  };
  const nodes = [
    placeholder('in'),
    handleVariable('v', int64Type, 2),
    call('out', ['in', 'v'], 'f', [float, resource]),
  ];
  expect(body(f, nodes, ['out'])).toEqual(['y = Identity(x)', 'z = Identity(y:output:0)']);
  expect(without(f, nodes, ['out']).changes.map(({ node, text }) => [node, text])).toEqual([
    ['y', expect.stringContaining("hands 'x' on")],
    ['done', expect.stringMatching(/^does not wait any more for seed, count,/)],
    ['z', expect.stringMatching(/^does not wait any more for done,/)],
    ['count', expect.stringContaining('does not run any more')],
    ['u', expect.stringContaining('need not run')],
  ]);
});

it('a seed that a sampler is drawn with as well goes on', () => {
  const ofSeed = { dtype: typeAttr(int64Type) };
  const draw = (name: string, op: string): NodeLiteral => {
    return { name, op, input: ['shape:output:0', 'seed:value:0'], attr: { dtype: typeAttr(float) } };
  };
  const f: FunctionLiteral = {
    inputs: { x: float, state: resource },
    outputs: { result: float },
    nodes: [
      { name: 'seed', op: 'ReadVariableOp', input: ['state'], attr: ofSeed },
      { name: 'count', op: 'AssignVariableOp', input: ['state', 'seed:value:0'], attr: ofSeed },
      { name: 'shape', op: 'Shape', input: ['x'], attr: { T: typeAttr(float) } },
      draw('u', 'StatelessRandomUniform'),
      draw('n', 'StatelessRandomNormal'),
      ...dropout,
      floatNode('AddV2', 'sample', 'y:output:0', 'n:output:0'),
    ],
    returns: { result: 'sample:z:0' },
    controls: ['count'],
  };
  const nodes = [
    placeholder('in'),
    handleVariable('v', int64Type, 2),
    call('out', ['in', 'v'], 'f', [float, resource]),
  ];
  const lines = body(f, nodes, ['out']);
  expect(lines).toContain('y = Identity(x)');
  expect(lines).toContain('n = StatelessRandomNormal(shape:output:0, seed:value:0)');
  expect(lines).toContain('runs count');
});

/** A function that gives its mask to whoever computes its gradient. */
const withMask: FunctionLiteral = {
  inputs: { x: float },
  outputs: { result: float, mask: boolType },
  nodes: [{ ...drawn('RandomUniform', 'u'), attr: { dtype: typeAttr(float), T: typeAttr(3) } }, ...dropout],
  returns: { result: 'y:output:0', mask: 'm:z:0' },
};

it('a result that only gradients read does not hold a mask', () => {
  const branch = { f: funcAttr('f'), Tin: typesAttr(float), Tout: typesAttr(float, boolType) };
  const nodes: NodeLiteral[] = [
    placeholder('in'),
    { name: 'out', op: 'PartitionedCall', input: ['in'], attr: branch },
    { name: 'gradient', op: 'LogicalNot', input: ['out:1'] },
    floatNode('Relu', 'y', 'out'),
  ];
  const unread = body(withMask, nodes, ['y']);
  expect(unread).toContain('y = Identity(x)');
  expect(unread).toContain('u = Fill(x, u/zero:output:0)');
  const told = without(withMask, nodes, ['y']).changes.find(({ node, text }) => node === 'u' && text.includes('Fill'));
  expect(told?.functionName).toBe('f');
  const read = body(withMask, nodes, ['y', 'gradient']);
  expect(read).toContain('y = SelectV2(m:z:0, scaled:z:0, zero:output:0)');
});

it('random numbers that a body draws for nothing are not drawn', () => {
  const f: FunctionLiteral = {
    inputs: { x: float },
    outputs: { result: float },
    nodes: [drawn('RandomUniform', 'u'), floatNode('Relu', 'y', 'x')],
    returns: { result: 'y:activations:0' },
    controls: ['u'],
  };
  expect(body(f, [placeholder('in'), call('out', ['in'], 'f', [float])], ['out'])).toEqual(['y = Relu(x)']);
});
