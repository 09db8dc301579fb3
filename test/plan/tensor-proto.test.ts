// Heads of TensorProtos against bytes written by hand.
import { describe, expect, it } from 'vitest';
import { tensorForm } from '../../src/plan/tensor-form.js';
import { tensorProtoHead } from '../../src/plan/tensor-proto.js';
import { hex } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { stored } from '../support/stored.js';

function headOf(dtype: number, shape: number[], size: number): string {
  const tensor = stored('w', 0, shape, dtype);
  return Buffer.from(tensorProtoHead(tensor, tensorForm(tensor), size)).toString('hex');
}

function expectHead(dtype: number, shape: number[], size: number, digits: string): void {
  expect(headOf(dtype, shape, size)).toBe(hex(digits).toString('hex'));
}

describe('the head of', () => {
  it('a float32 vector: type, shape, tensor_content', () => expectHead(1, [2], 8, '0801 1204 12020802 2208'));
  it('a float32 scalar: float_val', () => expectHead(1, [], 4, '0801 1200 2a04'));
  it('one float32 in a matrix: float_val', () => expectHead(1, [1, 1], 4, '0801 1208 12020801 12020801 2a04'));
  it('a float64 scalar: double_val', () => expectHead(2, [], 8, '0802 1200 3208'));
  it('a half scalar: half_val', () => expectHead(19, [], 3, '0813 1200 6a03'));
  it('a bfloat16 scalar: half_val', () => expectHead(14, [], 3, '080e 1200 6a03'));
  it('an int64 scalar: int64_val', () => expectHead(9, [], 10, '0809 1200 520a'));
  it('a bool vector: bool_val', () => expectHead(10, [3], 3, '080a 1204 12020803 5a03'));
  it('a uint16 vector: int_val', () => expectHead(17, [3], 5, '0811 1204 12020803 3a05'));
  it('a uint64 scalar: uint64_val, whose tag has two bytes', () => expectHead(23, [], 1, '0817 1200 8a0101'));
  it('a uint32 scalar: uint32_val', () => expectHead(22, [], 1, '0816 1200 820101'));
  it('a float8 scalar: float8_val', () => expectHead(24, [], 1, '0818 1200 920101'));
  it('a complex64 vector: scomplex_val', () => expectHead(8, [2], 16, '0808 1204 12020802 4a10'));
  it('a complex128 vector: dcomplex_val', () => expectHead(18, [2], 32, '0812 1204 12020802 6220'));
  it('strings: nothing, for each has its own', () => expectHead(7, [2], 99, '0807 1204 12020802'));
  it('a tensor without elements: nothing but its shape', () => expectHead(1, [3, 0], 0, '0801 1206 12020803 1200'));
  it('four milliard bytes', () => expectHead(1, [2 ** 30], 2 ** 32, '0801 1208 1206 08 8080808004 22 8080808010'));
});

describe('the form of', () => {
  const varint = 2;
  const raw = 0;
  const forms: readonly [what: string, dtype: number, shape: number[], form: object | undefined][] = [
    ['two float32', 1, [2], { field: 4, encoding: raw }],
    ['two int32', 3, [2], { field: 4, encoding: raw }],
    ['one int32', 3, [1], { field: 7, encoding: varint }],
    ['one int8', 6, [], { field: 7, encoding: varint }],
    ['bools', 10, [4], { field: 11, encoding: 1 }],
    ['uint16', 17, [4], { field: 7, encoding: varint }],
    ['strings', 7, [4], { field: 8, encoding: 3 }],
    ['int4', 29, [4], { field: 7, encoding: varint }],
    ['nothing', 1, [0], undefined],
  ];
  for (const [what, dtype, shape, form] of forms) {
    it(what, () => {
      const found = tensorForm(stored('w', 0, shape, dtype));
      if (form === undefined) expect(found).toBeUndefined();
      else expect(found).toMatchObject(form);
    });
  }
  for (const [name, dtype] of [
    ['resource', 20],
    ['variant', 21],
    ['type 99', 99],
  ] as const) {
    it(`${name} is refused`, async () => {
      const error = await failure(() => tensorForm(stored('table', 0, [1], dtype)));
      expect([error.code, error.message]).toEqual([
        'UNSUPPORTED',
        `The tensor 'table' of the checkpoint has type ${name}, and a constant cannot have that type. ` +
          'Choose outputs that do without it, or put it on the deny list.',
      ]);
    });
  }
});
