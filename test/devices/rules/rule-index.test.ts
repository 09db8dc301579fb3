import { describe, expect, it } from 'vitest';
import { RuleIndex } from '../../../src/devices/rules/rule-index.js';

const rules = [
  { scope: 'a/b', name: 'a/b/c/*', device: 'cpu' },
  { name: 'a/*', op: 'Relu', device: 'cpu' },
  { name: 'a/b/c/d', device: 'cpu' },
  { scope: 'a', device: 'cpu' },
  { regex: 'd', device: 'cpu' },
  { name: 'a?', device: 'cpu' },
  { name: 'a*/c/d', device: 'cpu' },
];

/** The rules that are asked about a node, where none holds. */
function asked(name: string, op = 'Relu'): number[] {
  const numbers: number[] = [];
  new RuleIndex(rules).find({ name, op }, (rule) => {
    numbers.push(rule);
    return false;
  });
  return numbers.sort();
}

describe('the index of rules', () => {
  it('asks about those that a node may follow, and about no others', () => {
    expect(asked('a/b/c/d')).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(asked('a/b/x')).toEqual([1, 3, 4, 5]);
    expect(asked('a')).toEqual([4, 5]);
    expect(asked('b/a/b/c/d')).toEqual([4, 6]);
    expect(asked('c/d')).toEqual([4]);
    expect(asked('a/b/x', 'Neg')).toEqual([3, 4, 5]);
  });

  it.each([
    ['^model/layer_1\\d', 'model/layer_1', true],
    ['^model/layer_?1', 'model/layer', true],
    ['^model/layer_*', 'model/layer', true],
    ['^model/layer_{0,3}', 'model/layer', true],
    ['^model/layer_+', 'model/layer_', true],
    ['^model|^layer', '', false],
    ['(?i)^model', '', false],
    ['model', '', false],
    ['^', '', false],
  ])('asks about %s names that begin with %j', (regex, start, isTold) => {
    const index = new RuleIndex([{ regex, device: 'cpu' }]);
    const isAsked = (name: string): boolean => index.find({ name, op: 'Relu' }, () => true) === 0;
    expect([isAsked(start), isAsked(`${start}x`), isAsked('other')]).toEqual([true, true, !isTold]);
    if (isTold) expect(isAsked(start.slice(0, -1))).toBe(false);
  });

  it('finds the first that holds', () => {
    const index = new RuleIndex(rules);
    const node = { name: 'a/b/c/d', op: 'Relu' };
    expect(index.find(node, (rule) => rule >= 2)).toBe(2);
    expect(index.find(node, (rule) => rule !== 0 && rule !== 2)).toBe(1);
    expect(index.find(node, (rule) => rule >= 4)).toBe(4);
    expect(index.find({ name: 'b', op: 'Relu' }, () => false)).toBe(-1);
  });
});
