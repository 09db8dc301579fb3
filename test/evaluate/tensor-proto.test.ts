// What TensorFlow's own files hold is compared in test/tensorflow; these are the forms that it reads and does not write.
import { describe, expect, it } from 'vitest';
import { Tensor } from '../../src/evaluate/tensor.js';
import { encodeConstant, readConstant } from '../../src/evaluate/tensor-proto.js';
import { hex } from '../support/bytes.js';
import { float, graphOf, int64Type, stringType } from '../support/graph-def.js';

function read(tensor: object): Tensor | undefined {
  const [node] = graphOf([{ name: 'c', op: 'Const', attr: { value: { tensor } } }]).nodes;
  return node && readConstant(node);
}

const numbers = (tensor: object): unknown[] => Array.from((read(tensor)?.numbers() ?? []) as Iterable<unknown>);
const hex8 = (text: string): Uint8Array => new Uint8Array(hex(text));
const shape = (...sizes: number[]): object => ({ dim: sizes.map((size) => ({ size })) });

describe('a constant', () => {
  it('may leave out elements that repeat the last one', () => {
    expect(numbers({ dtype: float, tensor_shape: shape(2, 2), float_val: [1, 2] })).toEqual([1, 2, 2, 2]);
    expect(numbers({ dtype: float, tensor_shape: shape(1000), float_val: [0.5] })).toEqual(Array(1000).fill(0.5));
  });
  it('without elements of its own is zero', () => {
    expect(numbers({ dtype: int64Type, tensor_shape: shape(2) })).toEqual([0n, 0n]);
    expect(read({ dtype: stringType, tensor_shape: shape(2) })?.elements).toEqual([
      new Uint8Array(0),
      new Uint8Array(0),
    ]);
  });
  it('may hold the bytes of its elements', () => {
    const tensor_content = hex('0000803f 00000040');
    expect(numbers({ dtype: float, tensor_shape: shape(2), tensor_content })).toEqual([1, 2]);
  });
  it('of a half holds its bits', () => {
    expect(read({ dtype: 19, tensor_shape: shape(), half_val: [0x3c00] })?.elements).toEqual(Uint8Array.of(0, 0x3c));
  });
  it('of a complex number holds two numbers', () => {
    const elements = read({ dtype: 8, tensor_shape: shape(2), scomplex_val: [1, 2] })?.elements;
    expect(Buffer.from(elements as Uint8Array).toString('hex')).toBe('0000803f000000400000803f00000040');
  });
  it('of small numbers holds a byte each', () => {
    expect(read({ dtype: 24, tensor_shape: shape(3), float8_val: hex('3cc0') })?.elements).toEqual(hex8('3cc0c0'));
    expect(read({ dtype: 29, tensor_shape: shape(3), int_val: [7, -8] })?.elements).toEqual(hex8('07f8f8'));
  });
  it('whose bytes do not fit its shape is none', () => {
    expect(read({ dtype: float, tensor_shape: shape(3), tensor_content: hex('0000803f') })).toBeUndefined();
  });
  it('past all memory is none', () => {
    expect(read({ dtype: float, tensor_shape: shape(2 ** 40), float_val: [1] })).toBeUndefined();
    expect(read({ dtype: stringType, tensor_shape: shape(2 ** 40) })).toBeUndefined();
    expect(read({ dtype: float, tensor_shape: shape(-1), float_val: [1] })).toBeUndefined();
  });
  it('of a type without elements is none', () => {
    expect(read({ dtype: 20, tensor_shape: shape() })).toBeUndefined();
  });
});

it('an encoded tensor is the one that make_tensor_proto makes', () => {
  // AttrValue { tensor: { dtype: DT_FLOAT, tensor_shape: { dim { size: 2 } }, tensor_content: 1.0, 2.0 } }
  const two = new Tensor(float, [2], hex('0000803f 00000040'));
  expect(Buffer.from(encodeConstant(two)).toString('hex')).toBe('4212080112041202080222080000803f00000040');
  // AttrValue { tensor: { dtype: DT_INT64, tensor_shape: {}, int64_val: [-1] } }
  const scalar = new Tensor(int64Type, [], hex('ffffffffffffffff'));
  expect(Buffer.from(encodeConstant(scalar)).toString('hex')).toBe(`421008091200520a${'ff'.repeat(9)}01`);
  // AttrValue { tensor: { dtype: DT_FLOAT8_E5M2, tensor_shape: {}, float8_val: 1.0 } }
  const float8 = new Tensor(24, [], hex8('3c'));
  expect(Buffer.from(encodeConstant(float8)).toString('hex')).toBe('4208081812009201013c');
  // AttrValue { tensor: { dtype: DT_INT4, tensor_shape: { dim { size: 2 } }, int_val: [-1, 7] } }
  const int4 = new Tensor(29, [2], hex8('ff07'));
  expect(Buffer.from(encodeConstant(int4)).toString('hex')).toBe(`4215081d1204120208023a0b${'ff'.repeat(9)}0107`);
});
