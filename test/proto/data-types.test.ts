import { expect, it } from 'vitest';
import { dataTypeName } from '../../src/proto/data-types.js';

it('types have the names that Python users know', () => {
  expect([1, 7, 10, 14, 19, 20, 33].map(dataTypeName)).toEqual([
    'float32',
    'string',
    'bool',
    'bfloat16',
    'float16',
    'resource',
    'float4_e2m1fn',
  ]);
});

it('references are told apart by their ending', () => {
  expect([101, 103, 199].map(dataTypeName)).toEqual(['float32_ref', 'int32_ref', 'type 99_ref']);
});

it('unknown types are called by their number', () => {
  expect([0, 99, 100].map(dataTypeName)).toEqual(['type 0', 'type 99', 'type 100']);
});
