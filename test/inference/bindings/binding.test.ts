import { describe, expect, it } from 'vitest';
import { type BoundJson, parseBindings } from '../../../src/inference/bindings/binding.js';
import { boundValue } from '../../../src/inference/bindings/bound-value.js';
import { DataType } from '../../../src/proto/data-types.js';

describe('what is bound to what', () => {
  it.each<[unknown, object]>([
    [
      'a=1,b=true',
      [
        ['a', '1'],
        ['b', 'true'],
      ],
    ],
    [
      ['a=[1, 2]', 's/t:0="x,y"'],
      [
        ['a', '[1, 2]'],
        ['s/t', '"x,y"'],
      ],
    ],
    [
      'm=[[1,2],[3,4]], n',
      [
        ['m', '[[1,2],[3,4]]'],
        ['n', undefined],
      ],
    ],
    [
      { a: false, b: [1, 2] },
      [
        ['a', false],
        ['b', [1, 2]],
      ],
    ],
    [undefined, []],
  ])('%j', (given, expected) => {
    expect(parseBindings(given).map(({ name, value }) => [name, value])).toEqual(expected);
  });

  it.each<[unknown, RegExp]>([
    ['', /names no node/],
    [' , ', /names no node/],
    [['', 'p=1'], /names no node/],
    ['=1', /names no node/],
    ['a=1,a=2', /'a' is bound twice/],
    ['a:1=2', /not the first output/],
    [7, /Expected NAME=VALUE/],
    [{ a: null }, /Expected a boolean, a number, a string or an array of them for 'a'/],
  ])('%j is refused', (given, message) => {
    expect(() => parseBindings(given)).toThrow(message);
  });
});

const bytes = (dtype: number, value: BoundJson, shape?: number[]): [number[], string] => {
  const tensor = boundValue({ name: 'p', dtype, shape }, value);
  return [[...tensor.shape], Buffer.concat([tensor.elements].flat() as Uint8Array[]).toString('hex')];
};

describe('values', () => {
  // The bytes are those of numpy.array(value, dtype).tobytes().
  it.each<[number, BoundJson, number[], string]>([
    [DataType.bool, false, [], '00'],
    [DataType.bool, 'True', [], '01'],
    [DataType.bool, 1, [], '01'],
    [DataType.float32, '0.5', [], '0000003f'],
    [DataType.float32, '-inf', [], '000080ff'],
    [DataType.float64, [1, 2], [2], '000000000000f03f0000000000000040'],
    [DataType.float16, [1, 65504, 1e-7, 0.1, 2049, Number.NEGATIVE_INFINITY], [6], '003cff7b0200662e006800fc'],
    [DataType.bfloat16, [1, 0.1, -2.3], [3], '803fcd3d13c0'],
    [DataType.int64, '9223372036854775807', [], 'ffffffffffffff7f'],
    [DataType.int32, '[[1, 2], [3, 4]]', [2, 2], '01000000020000000300000004000000'],
    [DataType.uint8, 255, [], 'ff'],
    [DataType.string, 'infer', [], '696e666572'],
    [DataType.string, '["a", "b"]', [2], '6162'],
  ])('type %i: %j', (dtype, value, shape, hex) => {
    expect(bytes(dtype, value)).toEqual([shape, hex]);
  });

  it.each<[number, BoundJson, number[] | undefined, RegExp]>([
    [DataType.bool, 2, [], /'p' is of the type bool and takes true or false, not 2/],
    [DataType.int32, 1.5, [], /takes whole numbers from -2147483648 to 2147483647, not 1.5/],
    [DataType.int32, true, [], /takes whole numbers/],
    [DataType.uint8, 256, [], /takes whole numbers from 0 to 255, not 256/],
    [DataType.float32, 'abc', [], /cannot be bound to 'abc', which is no float32/],
    [DataType.float32, true, [], /takes numbers, not true/],
    [DataType.float32, '1e39', [], /takes numbers up to 3.4028\d*e\+38, not 1e\+39/],
    [DataType.float16, -70_000, [], /takes numbers up to 65504, not -70000/],
    [DataType.bool, '{"a":1}', [], /cannot be bound to '\{"a":1\}', which is no bool/],
    [DataType.float32, '['.repeat(9000) + ']'.repeat(9000), undefined, /cannot be bound to '\[{100}…'/],
    [DataType.string, [1], undefined, /takes texts, not 1/],
    [DataType.float32, 1, [3], /has the shape \[3\], and what it is bound to has \[\]/],
    [DataType.float32, [1, 2], [-1, 2], /has the shape \[\?,2\]/],
    [DataType.float32, [[1], [1, 2]], undefined, /rows differ in their lengths/],
    [DataType.complex64, 1, [], /is of the type complex64, which cannot be bound/],
  ])('type %i does not take %j', (dtype, value, shape, message) => {
    expect(() => boundValue({ name: 'p', dtype, shape }, value)).toThrow(message);
  });
});
