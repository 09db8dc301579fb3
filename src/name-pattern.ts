/** Names by patterns, where `*` stands for any characters, slashes too, and `?` for one. */

/** How all names begin and end that a pattern fits; without an end, the pattern is the only one. */
export interface PatternEnds {
  readonly start: string;
  readonly end?: string;
}

export function patternEnds(pattern: string): PatternEnds {
  const first = pattern.search(/[*?]/);
  if (first < 0) return { start: pattern };
  const last = Math.max(pattern.lastIndexOf('*'), pattern.lastIndexOf('?'));
  return { start: pattern.slice(0, first), end: pattern.slice(last + 1) };
}

/**
 * Whether a name fits, for who asks of many. An answer takes time that grows with the product of the lengths, whatever the
 * pattern.
 * @param looked is told how many characters were looked at one by one.
 */
export function patternMatcher(
  pattern: string,
  looked: (characters: number) => void = () => undefined,
): (name: string) => boolean {
  if (pattern.includes('?')) {
    // Sooner told, and true of all names that fit.
    const mayFit = patternMatcher(pattern.replaceAll('?', '*'));
    return (name) => mayFit(name) && fitsByCharacter(pattern, name, looked);
  }
  const [first = '', ...middle] = pattern.split('*');
  const last = middle.pop();
  return last === undefined ? (name) => name === first : (name) => fitsByPieces(first, middle, last, name);
}

/** Of several places, the first that a piece is found at leaves the most for the others. */
function fitsByPieces(first: string, middle: readonly string[], last: string, name: string): boolean {
  const end = name.length - last.length;
  if (end < first.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const piece of middle) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= end;
}

function fitsByCharacter(pattern: string, name: string, looked: (characters: number) => void): boolean {
  let [at, place, looks] = [0, 0, 0];
  /** The last star, and how far into the name it reaches by now. */
  let [star, reach] = [-1, 0];
  for (; place < name.length; looks++) {
    if (pattern[at] === '*') {
      [star, reach] = [at, place];
      at++;
    } else if (pattern[at] === '?' || pattern[at] === name[place]) {
      at++;
      place++;
    } else if (star >= 0) {
      reach++;
      [at, place] = [star + 1, reach];
    } else break;
  }
  looked(looks);
  return place === name.length && /^\**$/.test(pattern.slice(at));
}
