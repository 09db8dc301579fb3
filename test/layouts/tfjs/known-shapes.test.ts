/** Shapes that a graph tells, worked out by hand, and what is refused by them. */
import { describe, expect, it } from 'vitest';
import { KnownShapes } from '../../../src/layouts/tfjs/differences/known-shapes.js';
import { refuseDifferences } from '../../../src/layouts/tfjs/refuse-differences.js';
import {
  boolType,
  float,
  floatNode,
  graphOf,
  int32Type,
  intAttr,
  type NodeLiteral,
  shapeAttr,
  typeAttr,
  unknownRank,
} from '../../support/graph-def.js';

const placed = (name: string, attr: object, dtype = float): NodeLiteral => ({
  name,
  op: 'Placeholder',
  attr: { dtype: typeAttr(dtype), shape: attr },
});

function ints(name: string, shape: number[], ...values: number[]): NodeLiteral {
  const tensor = { dtype: int32Type, tensor_shape: { dim: shape.map((size) => ({ size })) }, int_val: values };
  return { name, op: 'Const', attr: { dtype: typeAttr(int32Type), value: { tensor } } };
}

const vector = (name: string, ...values: number[]): NodeLiteral => ints(name, [values.length], ...values);

/** `x` of a shape, by an op with a vector of numbers. */
function by(op: string, shape: object, ...values: number[]): readonly number[] | undefined {
  return shapeOf([placed('x', shape), vector('numbers', ...values), floatNode(op, 'y', 'x', 'numbers')]);
}

function shapeOf(nodes: readonly NodeLiteral[], name = 'y'): readonly number[] | undefined {
  return new KnownShapes(graphOf(nodes)).of(name);
}

describe('the shape is known of', () => {
  it('a Reshape by a constant, and what is left for its -1', () => {
    expect(by('Reshape', shapeAttr(4, 2), 2, 1, 4)).toEqual([2, 1, 4]);
    expect(by('Reshape', shapeAttr(4, 6), -1, 3)).toEqual([8, 3]);
    expect(by('Reshape', shapeAttr(-1, 6), -1, 3)).toEqual([-1, 3]);
    expect(by('Reshape', unknownRank, 2, -1)).toEqual([2, -1]);
    expect(by('Reshape', shapeAttr(0, 6), 0, -1)).toEqual([0, -1]);
  });

  it('a Reshape by numbers of which some are constants', () => {
    const pack = {
      name: 'numbers',
      op: 'Pack',
      input: ['n', 'two'],
      attr: { T: typeAttr(int32Type), N: intAttr(2), axis: intAttr(0) },
    };
    const nodes = [placed('x', unknownRank), placed('n', shapeAttr(), int32Type), ints('two', [], 2), pack];
    expect(shapeOf([...nodes, floatNode('Reshape', 'y', 'x', 'numbers')])).toEqual([-1, 2]);
    // Not even how many there are.
    const whole = [placed('x', shapeAttr(4)), placed('numbers', shapeAttr(3), int32Type)];
    expect(shapeOf([...whole, floatNode('Reshape', 'y', 'x', 'numbers')])).toBeUndefined();
  });

  it('a Transpose by a constant', () => {
    expect(by('Transpose', shapeAttr(2, 3, -1), 2, 0, 1)).toEqual([-1, 2, 3]);
    expect(by('Transpose', unknownRank, 1, 0)).toEqual([-1, -1]);
  });

  it('ExpandDims', () => {
    expect(by('ExpandDims', shapeAttr(2, 3), 0)).toEqual([1, 2, 3]);
    expect(by('ExpandDims', shapeAttr(2, 3), -1)).toEqual([2, 3, 1]);
    expect(by('ExpandDims', shapeAttr(2, 3), -2)).toEqual([2, 1, 3]);
    expect(by('ExpandDims', unknownRank, 0)).toBeUndefined();
  });

  it('Squeeze', () => {
    const squeezed = (shape: object, ...axes: number[]) =>
      shapeOf([
        placed('x', shape),
        { name: 'y', op: 'Squeeze', input: ['x'], attr: { T: typeAttr(float), squeeze_dims: { list: { i: axes } } } },
      ]);
    expect(squeezed(shapeAttr(1, 2, 1, 3))).toEqual([2, 3]);
    expect(squeezed(shapeAttr(1, 2, 1, 3), -2)).toEqual([1, 2, 3]);
    expect(squeezed(shapeAttr(-1, 2, 1), 0)).toEqual([2, 1]);
    // The open one may be 1.
    expect(squeezed(shapeAttr(-1, 2, 1))).toBeUndefined();
  });

  it('products of matrices', () => {
    const product = (op: string, a: object, b: object, ...turned: string[]) => {
      const attr = { T: typeAttr(float), ...Object.fromEntries(turned.map((name) => [name, { b: true }])) };
      return shapeOf([placed('a', a), placed('b', b), { name: 'y', op, input: ['a', 'b'], attr }]);
    };
    expect(product('MatMul', shapeAttr(2, 3), shapeAttr(3, 4))).toEqual([2, 4]);
    expect(product('MatMul', shapeAttr(3, 2), shapeAttr(4, 3), 'transpose_a', 'transpose_b')).toEqual([2, 4]);
    expect(product('MatMul', unknownRank, shapeAttr(3, 4))).toEqual([-1, 4]);
    expect(product('BatchMatMulV2', shapeAttr(5, 1, 2, 3), shapeAttr(7, 4, 3), 'adj_y')).toEqual([5, 7, 2, 4]);
    expect(product('BatchMatMulV2', unknownRank, shapeAttr(7, 4, 3))).toBeUndefined();
  });

  it('what may be fed in place of a default, which is what the placeholder says', () => {
    const placeholder = { name: 'y', op: 'PlaceholderWithDefault', input: ['default'] };
    const attr = { dtype: typeAttr(int32Type), shape: shapeAttr(-1) };
    expect(shapeOf([vector('default', 1, 2, 3, 4), { ...placeholder, attr }])).toEqual([-1]);
  });

  it('both ends of a long chain that is written backwards', () => {
    const length = 20_000;
    const chain = Array.from({ length }, (_, index) => floatNode('Add', `n${index}`, `n${index + 1}`, `n${index + 1}`));
    const shapes = new KnownShapes(graphOf([...chain, placed(`n${length}`, shapeAttr(2, 3))]));
    expect([shapes.of('n0'), shapes.of(`n${length - 1}`)]).toEqual([
      [2, 3],
      [2, 3],
    ]);
  });

  it('nothing that comes to itself', () => {
    const circle = [floatNode('Abs', 'y', 'z'), floatNode('Neg', 'z', 'y')];
    expect(shapeOf(circle)).toBeUndefined();
  });
});

describe('refused by shapes that come from afar:', () => {
  const refusal = (nodes: readonly NodeLiteral[]) => () => refuseDifferences(graphOf(nodes));

  it('matrices that are broadcast behind a Reshape', () => {
    const product = { ...floatNode('BatchMatMulV2', 'y', 'a', 'b') };
    const nodes = [placed('x', unknownRank), vector('numbers', 2, 1, 2, 2), floatNode('Reshape', 'a', 'x', 'numbers')];
    expect(refusal([...nodes, placed('b', shapeAttr(2, 3, 2, 2)), product])).toThrow("Node 'y' (BatchMatMulV2)");
    expect(refusal([...nodes, placed('b', shapeAttr(2, 1, 2, 2)), product])).not.toThrow();
  });

  it('a vector that chooses, behind a Reshape', () => {
    const flags = [placed('x', unknownRank), vector('length', 2), floatNode('Reshape', 'flat', 'x', 'length')];
    const vectorOfFlags = {
      name: 'flags',
      op: 'Cast',
      input: ['flat'],
      attr: { SrcT: typeAttr(float), DstT: typeAttr(boolType) },
    };
    const nodes = [...flags, vectorOfFlags, floatNode('Select', 'y', 'flags', 'a', 'b')];
    const choice = (...sizes: number[]) => ['a', 'b'].map((name) => placed(name, shapeAttr(...sizes)));
    expect(refusal([...nodes, ...choice(2, 2)])).toThrow("Node 'y' (Select)");
    expect(refusal([...nodes, ...choice(2)])).not.toThrow();
  });

  it('a transform of what may be fed in place of a default', () => {
    const whole = { name: 'x', op: 'PlaceholderWithDefault', input: ['default'] };
    const transform = {
      name: 'y',
      op: 'RFFT',
      input: ['x', 'length'],
      attr: { Treal: typeAttr(float), Tcomplex: typeAttr(8) },
    };
    const nodes = [placed('default', shapeAttr(4)), vector('length', 4), transform];
    const withShape = (...sizes: number[]) => [
      ...nodes,
      { ...whole, attr: { dtype: typeAttr(float), shape: shapeAttr(...sizes) } },
    ];
    expect(refusal(withShape(-1))).toThrow("Node 'y' (RFFT)");
    expect(refusal(withShape(4))).not.toThrow();
  });
});
