import { describe, expect, it } from 'vitest';
import { patternMatcher, patternStart } from '../src/name-pattern.js';

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

  it('answers soon, whatever it is', () => {
    for (const pattern of [`${'*a'.repeat(500)}*b`, `${'*a?'.repeat(500)}*b`]) {
      expect(patternMatcher(pattern)('a'.repeat(5_000))).toBe(false);
    }
  });

  it('tells how the names begin', () => {
    expect(['a/b', 'a*b', 'a?', '*', ''].map(patternStart)).toEqual([
      { text: 'a/b', isWhole: true },
      { text: 'a', isWhole: false },
      { text: 'a', isWhole: false },
      { text: '', isWhole: false },
      { text: '', isWhole: true },
    ]);
  });
});
