import { describe, expect, it } from 'vitest';
import { decodeAttribute, varintCount } from '../../src/check/attribute-value.js';
import { hex } from '../support/bytes.js';
import { encode } from '../support/graph-def.js';

describe('an AttrValue', () => {
  it.each([
    ['string', { s: Buffer.from('a') }],
    ['int', { i: -5 }],
    ['float', { f: 1.5 }],
    ['bool', { b: false }],
    ['type', { type: 3 }],
    ['shape', { shape: {} }],
    ['tensor', { tensor: { dtype: 1 } }],
    ['func', { func: { name: 'f' } }],
    ['placeholder', { placeholder: 'T' }],
    ['list', { list: {} }],
  ])('of kind %s is told by its member', (kind, value) => {
    expect(decodeAttribute(encode('AttrValue', value)).kind).toBe(kind);
  });
  it('without a member has no kind', () => expect(decodeAttribute(hex('')).kind).toBeUndefined());
  it('has its number', () => expect(decodeAttribute(encode('AttrValue', { i: -5 })).number).toBe(-5));
});

describe('a list', () => {
  it.each([
    ['string', { s: [Buffer.from('a'), Buffer.from('')] }, 2],
    ['int', { i: [1, 300, -1] }, 3],
    ['float', { f: [1, 2, 3, 4] }, 4],
    ['bool', { b: [true, false] }, 2],
    ['type', { type: [1, 3] }, 2],
    ['func', { func: [{ name: 'f' }] }, 1],
  ])('of %s has its length', (member, list, length) => {
    const value = decodeAttribute(encode('AttrValue', { list })).list;
    expect([[...value.members], value.length]).toEqual([[member], length]);
  });
  it('of types may be packed or not', () => {
    expect(decodeAttribute(hex('0a04 3001 3003')).list.types).toEqual([1, 3]);
    expect(decodeAttribute(hex('0a04 3202 0103')).list.types).toEqual([1, 3]);
  });
});

it('varints are counted by their ends', () => {
  expect(varintCount(hex('01 ac02 ffffffffffffffffff01'))).toBe(3);
  expect(() => varintCount(hex('80'))).toThrow(RangeError);
});
