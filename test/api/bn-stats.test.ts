import { expect, it } from 'vitest';
import { readInference } from '../../src/api/options/inference-options.js';
import { OptionReader } from '../../src/api/options/option-reader.js';

function bnStats(value: unknown): unknown {
  return readInference(new OptionReader({ bnStats: value }, 'freeze')).bnStats;
}

it('names of statistics come as text or as an object', () => {
  const expected = new Map([
    ['a/bn', { mean: 'm', variance: 'v' }],
    ['b', { mean: 'n', variance: 'w' }],
  ]);
  expect(bnStats('a/bn=m;v, b=n;w')).toEqual(expected);
  expect(bnStats(['a/bn=m;v', 'b = n ; w'])).toEqual(expected);
  expect(bnStats({ 'a/bn': { mean: 'm', variance: 'v' }, b: { mean: 'n', variance: 'w' } })).toEqual(expected);
  expect(bnStats(undefined)).toEqual(new Map());
});

it.each(['', ' , ', 'bn', 'bn=m', 'bn=m;', 'bn=;v', '=m;v', 'bn=m;v;w'])('%s is none', (text) => {
  expect(() => bnStats(text)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});

it.each([{ bn: { mean: 'm' } }, { bn: null }, { bn: 'm;v' }, 7])('neither is %j', (value) => {
  expect(() => bnStats(value)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});

it.each([{ bn: { mean: 1n } }, [Symbol('bn')]])('nor is what has no form in JSON', (value) => {
  expect(() => bnStats(value)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
});

it('takes one pair for a node, however often it is given, and shows two that differ', () => {
  expect(bnStats('a=m;v,a=m;v')).toEqual(new Map([['a', { mean: 'm', variance: 'v' }]]));
  expect(() => bnStats('a=m;v,a=m;w')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  expect(() => bnStats('a=m;v,a=m;w')).toThrow(/'a' twice, with 'm;v' and 'm;w'/);
});

it('takes the first output of a node for the node', () => {
  const expected = new Map([['a', { mean: 'm', variance: 'v' }]]);
  expect(bnStats('a:0=m:0;v:0')).toEqual(expected);
  expect(bnStats({ 'a:0': { mean: 'm:0', variance: 'v' } })).toEqual(expected);
});

it.each(['a=m;m', 'a=m:0;m', { a: { mean: 'm', variance: 'm' } }])('%j has one variable for both', (value) => {
  expect(() => bnStats(value)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  expect(() => bnStats(value)).toThrow(/'m' for the mean and the variance of 'a'/);
});
