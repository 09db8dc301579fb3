import { expect, it } from 'vitest';
import type { BoundJson } from '../../../src/inference/bindings/binding.js';
import { noInference } from '../../../src/inference/inference-settings.js';
import { type Inference, toInference } from '../../../src/inference/to-inference.js';
import {
  boolType,
  encode,
  float,
  floatNode,
  graphOf,
  handleVariable,
  identity,
  type NodeLiteral,
  placeholder,
  refVariable,
  shapeAttr,
  typeAttr,
} from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';

const withDefault: NodeLiteral = {
  name: 'd',
  op: 'PlaceholderWithDefault',
  input: ['k'],
  attr: { dtype: typeAttr(float), shape: shapeAttr() },
};
const nodes: readonly NodeLiteral[] = [
  { ...placeholder('x'), device: '/gpu:0', attr: { dtype: typeAttr(float), shape: shapeAttr(-1, 2) } },
  {
    name: 'k',
    op: 'Const',
    attr: { dtype: typeAttr(float), value: { tensor: { dtype: float, tensor_shape: {}, float_val: [0.5] } } },
  },
  withDefault,
  refVariable('v', float, 2),
  handleVariable('w', boolType),
  identity('v/read', 'v'),
  floatNode('Mul', 'm', 'x', 'd'),
  { name: 'w/read', op: 'ReadVariableOp', input: ['w'], attr: { dtype: typeAttr(boolType) } },
  { ...floatNode('Add', 'y', 'm', 'v/read'), input: ['m', 'v/read', '^w/read'] },
  placeholder('labels'),
];

function bound(name: string, value: BoundJson | undefined): Inference {
  return toInference(graphOf(nodes), ['y'], { ...noInference, rewrites: new Set(), bindings: [{ name, value }] });
}

it('a placeholder becomes a constant of its name, on its device', () => {
  const { graph } = bound('x', [[1, 2]]);
  const node = graph.byName.get('x');
  expect([node?.op, node?.device, [...(node?.attributes.keys() ?? [])]]).toEqual([
    'Const',
    '/gpu:0',
    ['dtype', 'value'],
  ]);
  const expected = {
    tensor: {
      dtype: float,
      tensor_shape: { dim: [{ size: 1 }, { size: 2 }] },
      tensor_content: Buffer.from('0000803f00000040', 'hex'),
    },
  };
  expect(Buffer.from(node?.attribute('value') ?? [])).toEqual(Buffer.from(encode('AttrValue', expected)));
});

it('a placeholder is given its own default, or another value', () => {
  expect(lines(bound('d', undefined).graph)).toContain('d = Identity(k)');
  expect(lines(bound('d', 1).graph)).toContain('d = Const()');
});

it('a constant gets another value', () => {
  const text = Buffer.from(bound('k', 2).graph.byName.get('k')?.attribute('value') ?? []).toString('hex');
  expect(text).toContain('00000040');
});

it('a variable stays, and its value is told', () => {
  const { graph, values } = bound('v', [3, 4]);
  expect(lines(graph)).toContain('v = VariableV2()');
  expect(values.get('v')?.elements).toEqual(new Uint8Array(Float32Array.of(3, 4).buffer));
  expect(bound('w', true).values.get('w')?.elements).toEqual(new Uint8Array([1]));
});

it.each<[string, BoundJson | undefined, RegExp]>([
  ['z', 1, /There is no node 'z' in the graph to bind\..*Its placeholders are 'x', 'd'/],
  ['labels', 1, /No output needs 'labels', so it makes no difference what it is bound to\. Leave/],
  ['m', 1, /'m' cannot be bound: it is a node of the op Mul/],
  ['x', undefined, /'x' is a node of the op Placeholder, which has no default.*x=VALUE/],
  ['v', undefined, /'v' is a variable and has no default/],
  ['x', 1, /has the shape \[\?,2\], and what it is bound to has \[\]/],
  ['w', 2, /type bool and takes true or false, not 2/],
])('%s bound to %j is refused', (name, value, message) => {
  expect(() => bound(name, value)).toThrow(
    expect.objectContaining({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(message) }),
  );
});
