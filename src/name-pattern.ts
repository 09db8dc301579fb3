/** Names by patterns, where `*` stands for any characters, slashes too, and `?` for one. */

/** In time that grows with the product of the lengths, whatever the pattern. */
export function matchesPattern(pattern: string, name: string): boolean {
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
