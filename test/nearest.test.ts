import { describe, expect, it } from 'vitest';
import { listNames, nearest } from '../src/nearest.js';

describe('nearest', () => {
  it('puts the best first', () => {
    expect(nearest('kernel', ['kernels', 'kernal_', 'kernel_1', 'bias'])).toEqual(['kernels', 'kernal_', 'kernel_1']);
  });
  it('gives three at most', () => {
    expect(nearest('conv', ['conv1', 'conv2', 'conv3', 'conv4'])).toEqual(['conv1', 'conv2', 'conv3']);
  });
  it('counts a name in another scope as near', () => {
    expect(nearest('logits', ['model/head/logits', 'other'])).toEqual(['model/head/logits']);
    expect(nearest('model/head/logits', ['logits', 'other'])).toEqual(['logits']);
  });
  it('counts another case as the same', () => {
    expect(nearest('Logits', ['logits/x', 'logit', 'logits'])[0]).toBe('logits');
  });
  it('does not count the end of a name as its scope', () => {
    expect(nearest('its', ['some/quite/long/logits'])).toEqual([]);
  });
  it('gives none where nothing is near', () => expect(nearest('probabilities', ['x', 'loss', 'train_op'])).toEqual([]));
  it('takes short names by one letter', () => {
    expect(nearest('x', ['y', 'abc', 'abcd'])).toEqual(['y']);
    expect(nearest('foo', ['dot', 'out', 'for'])).toEqual(['for']);
  });
});

describe('listNames', () => {
  it('quotes them', () => expect(listNames(['a', 'b'])).toBe("'a', 'b'"));
  it('counts what is too many', () => expect(listNames(['a', 'b', 'c'], 1)).toBe("'a' and 2 more"));
  it('of none is empty', () => expect(listNames([])).toBe(''));
});
