// The numbers are compared with TensorFlow's in test/tensorflow; here is what must not be computed.
import { describe, expect, it } from 'vitest';
import { Evaluator } from '../../src/evaluate/evaluate.js';
import { Tensor } from '../../src/evaluate/tensor.js';
import { float, graphOf, int32Type, type NodeLiteral, stringType, typeAttr } from '../support/graph-def.js';

function constant(name: string, dtype: number, sizes: number[], values: object): NodeLiteral {
  const tensor = { dtype, tensor_shape: { dim: sizes.map((size) => ({ size })) }, ...values };
  return { name, op: 'Const', attr: { dtype: typeAttr(dtype), value: { tensor } } };
}

const f = constant('f', float, [2], { float_val: [1, 2] });
const i = constant('i', int32Type, [2], { int_val: [1, 2] });
const s = constant('s', stringType, [1], { string_val: [Buffer.from('x')] });
const zero = constant('zero', int32Type, [], { int_val: [0] });
const far = constant('far', int32Type, [], { int_val: [5] });
const big = constant('big', float, [1], { float_val: [1e20] });

function evaluate(...nodes: NodeLiteral[]): { value: number[] | undefined; obstacles: string[] } {
  const evaluator = new Evaluator(graphOf([f, i, s, zero, far, big, ...nodes]));
  const value = evaluator.evaluate(nodes.at(-1)?.name ?? '');
  const numbers = value instanceof Tensor ? Array.from(value.numbers() ?? [], Number) : undefined;
  return { value: numbers, obstacles: [...evaluator.obstacles].map(({ name }) => name) };
}

const node = (op: string, input: string[], attr: Record<string, object> = {}): NodeLiteral => ({
  name: 'y',
  op,
  input,
  attr,
});

describe('what cannot be computed is an obstacle', () => {
  const cases: readonly [what: string, node: NodeLiteral][] = [
    ['an unknown op', node('Custom', ['f'])],
    ['types that differ', node('AddV2', ['f', 'i'])],
    ['text in arithmetic', node('Mul', ['s', 's'])],
    ['a division of integers', node('RealDiv', ['i', 'i'])],
    ['a number too large for its type', node('Cast', ['big'], { DstT: typeAttr(int32Type) })],
    ['a cast to halves', node('Cast', ['f'], { DstT: typeAttr(19) })],
    ['a range without steps', node('Range', ['zero', 'zero', 'zero'])],
    ['a shape that does not fit', node('Reshape', ['i', 'far'])],
    ['an axis that is not there', node('ExpandDims', ['zero', 'far'])],
    ['parts of other shapes', node('ConcatV2', ['f', 'big', 'zero', 'zero'])],
    ['too few inputs', node('Fill', ['i'])],
    ['no inputs at all', node('Pack', [])],
  ];
  for (const [what, each] of cases) {
    it(what, () => expect(evaluate(each)).toEqual({ value: undefined, obstacles: ['y'] }));
  }
});

it('every obstacle is named once, those behind it not at all', () => {
  const random = { name: 'random', op: 'RandomNormal', input: ['more'] };
  const more = { name: 'more', op: 'Custom' };
  const nodes = [random, more, { name: 'a', op: 'Neg', input: ['f'] }, node('AddV2', ['random', 'a'])];
  expect(evaluate(...nodes).obstacles.sort()).toEqual(['a', 'random']);
});

it('a chain of nodes may be longer than any stack', () => {
  const chain = Array.from({ length: 50_000 }, (_, index) => ({
    name: `n${index}`,
    op: 'Identity',
    input: [index === 0 ? 'f' : `n${index - 1}`],
  }));
  expect(evaluate(...chain).value).toEqual([1, 2]);
});

describe('a concatenation', () => {
  it('may have parts without elements', () => {
    const empty = constant('empty', float, [0], {});
    expect(evaluate(empty, node('ConcatV2', ['empty', 'f', 'zero'])).value).toEqual([1, 2]);
  });
  it('of endless rows without elements is done at once', () => {
    const rows = constant('rows', float, [2 ** 50, 0], {});
    const axis = constant('axis', int32Type, [], { int_val: [1] });
    expect(evaluate(rows, axis, node('ConcatV2', ['rows', 'rows', 'axis'])).value).toEqual([]);
  });
});

it('all values together must fit into memory', () => {
  const size = constant('size', int32Type, [1], { int_val: [2 ** 26] });
  const value = constant('value', float, [], { float_val: [0] });
  const fills = Array.from({ length: 5 }, (_, index) => ({
    name: `fill${index}`,
    op: 'Fill',
    input: ['size', 'value'],
  }));
  const all = node(
    'Pack',
    fills.map(({ name }) => name),
  );
  expect(evaluate(size, value, ...fills, all).obstacles).not.toEqual([]);
});
