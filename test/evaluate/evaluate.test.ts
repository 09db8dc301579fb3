// The numbers are compared with TensorFlow's in test/tensorflow; here is what must not be computed.
import { describe, expect, it } from 'vitest';
import { Evaluator } from '../../src/evaluate/evaluate.js';
import { Tensor } from '../../src/evaluate/tensor.js';
import { float, graphOf, int32Type, int64Type, type NodeLiteral, stringType, typeAttr } from '../support/graph-def.js';

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

describe('a range has as many elements as the arithmetic of its type makes', () => {
  const double = 2;
  const rangeOf = (dtype: number, field: string, ...numbers: readonly (number | string)[]) => {
    const parts = ['start', 'limit', 'delta'].map((name, index) =>
      constant(name, dtype, [], { [field]: [numbers[index]] }),
    );
    return evaluate(...parts, node('Range', ['start', 'limit', 'delta'])).value;
  };
  // The counts are TensorFlow's. In float64, the float32 0.6 / 0.2 is a little more than 3.
  it.each([
    [0, 0.6, 0.2, 3],
    [0, 1.2, 0.4, 3],
    [1, 0, -0.2, 5],
    [0.1, 0.7, 0.1, 6],
    [0, 1, 0.1, 10],
  ])('from %d to %d by %d', (start, limit, delta, count) => {
    expect(rangeOf(float, 'float_val', start, limit, delta)).toHaveLength(count);
    expect(rangeOf(double, 'double_val', start, limit, delta)).toHaveLength(count);
  });
  it('of integers past what a float64 tells apart', () => {
    const start = 2n ** 60n + 1n;
    expect(rangeOf(int64Type, 'int64_val', `${start}`, `${start + 3n}`, '2')).toHaveLength(2);
    expect(rangeOf(int64Type, 'int64_val', '3', '-3', '-2')).toEqual([3, 1, -1]);
    expect(rangeOf(int64Type, 'int64_val', '3', '4', '-2')).toEqual([]);
  });
});

describe('of denormal numbers, which TensorFlow takes for 0', () => {
  const tiny = constant('tiny', float, [2], { float_val: [1e-40, 1] });
  const small = constant('small', float, [2], { float_val: [1e-30, 1] });
  const smaller = constant('smaller', float, [2], { float_val: [1e-10, 1] });
  const constants = [tiny, small, smaller];
  it.each([
    ['a product', node('Mul', ['tiny', 'small'])],
    ['one that comes out', node('Mul', ['small', 'smaller'])],
    ['a comparison', node('Equal', ['tiny', 'small'])],
    ['a wider number', node('Cast', ['tiny'], { DstT: typeAttr(2) })],
  ])('%s is not computed', (_, each) => {
    expect(evaluate(...constants, each)).toEqual({ value: undefined, obstacles: ['y'] });
  });
  it('what only moves is', () => {
    expect(evaluate(...constants, node('Identity', ['tiny'])).value).toEqual([Math.fround(1e-40), 1]);
  });
  it('sums of small ones are', () => {
    expect(evaluate(...constants, node('AddV2', ['small', 'smaller'])).value?.[1]).toBe(2);
  });
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
