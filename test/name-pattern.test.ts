import { describe, expect, it } from 'vitest';
import { patternEnds, patternMatcher } from '../src/name-pattern.js';

/** What a pattern says, as a regular expression: slow for bad patterns, and right. */
function expression(pattern: string): RegExp {
  return new RegExp(`^${pattern.replaceAll('*', '[^]*').replaceAll('?', '[^]')}$`);
}

/** All texts of up to so many of these characters. */
function texts(characters: string, length: number): string[] {
  if (length === 0) return [''];
  const shorter = texts(characters, length - 1);
  return [...new Set(shorter.flatMap((text) => [text, ...Array.from(characters, (each) => text + each)]))];
}

/** A string that counts how often anything is asked of it. */
function watched(text: string): { readonly name: string; readonly looks: () => number } {
  let count = 0;
  const get = (target: object, key: string | symbol): unknown => {
    count++;
    const value: unknown = Reflect.get(target, key);
    return typeof value === 'function' ? value.bind(target) : value;
  };
  return { name: new Proxy(Object(text), { get }), looks: () => count };
}

describe('a pattern of names', () => {
  it('fits what a regular expression of the same meaning fits', () => {
    const names = texts('ab', 5);
    for (const pattern of texts('ab*?', 5)) {
      const [matches, wanted] = [patternMatcher(pattern), expression(pattern)];
      expect({ pattern, fits: names.filter(matches) }).toEqual({
        pattern,
        fits: names.filter((name) => wanted.test(name)),
      });
    }
  });

  it('looks at a name no more often than the product of the lengths, whatever it is', () => {
    for (const pattern of [`${'*a'.repeat(5)}*b`, `${'*a?'.repeat(5)}*b`]) {
      const { name, looks } = watched('a'.repeat(60));
      expect(patternMatcher(pattern)(name)).toBe(false);
      expect(looks()).toBeGreaterThan(0);
      expect(looks()).toBeLessThanOrEqual(pattern.length * name.length);
    }
  });

  it('tells how the names begin and end', () => {
    expect(['a/b', 'a*b?c', 'a?', '*', ''].map(patternEnds)).toEqual([
      { start: 'a/b' },
      { start: 'a', end: 'c' },
      { start: 'a', end: '' },
      { start: '', end: '' },
      { start: '' },
    ]);
  });
});
