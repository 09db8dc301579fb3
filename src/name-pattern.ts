/** Names by patterns, where `*` stands for any characters, slashes too, and `?` for one. */

/** How all names begin that a pattern fits; the name itself, where there is no other. */
export interface PatternStart {
  readonly text: string;
  readonly isWhole: boolean;
}

export function patternStart(pattern: string): PatternStart {
  const end = pattern.search(/[*?]/);
  return end < 0 ? { text: pattern, isWhole: true } : { text: pattern.slice(0, end), isWhole: false };
}

/**
 * Whether a name fits, for who asks of many. An answer takes time that grows with the product of the lengths, whatever the
 * pattern.
 */
export function patternMatcher(pattern: string): (name: string) => boolean {
  if (pattern.includes('?')) {
    // Sooner told, and true of all names that fit.
    const mayFit = patternMatcher(pattern.replaceAll('?', '*'));
    return (name) => mayFit(name) && fitsByCharacter(pattern, name);
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

function fitsByCharacter(pattern: string, name: string): boolean {
  let [at, place] = [0, 0];
  /** The last star, and how far into the name it reaches by now. */
  let [star, reach] = [-1, 0];
  while (place < name.length) {
    if (pattern[at] === '*') {
      [star, reach] = [at, place];
      at++;
    } else if (pattern[at] === '?' || pattern[at] === name[place]) {
      at++;
      place++;
    } else if (star >= 0) {
      reach++;
      [at, place] = [star + 1, reach];
    } else return false;
  }
  return /^\**$/.test(pattern.slice(at));
}
