import { shortName } from './printable.js';

const mostCharacters = 1_000;

/** A list as part of a message, of which nobody reads all: `a, b and 5 more`. */
export function listed<T>(things: readonly T[], most: number, text: (thing: T) => string): string {
  const shown: string[] = [];
  let length = 0;
  for (const thing of things.slice(0, most)) {
    if (length > mostCharacters) break;
    const name = shortName(text(thing));
    length += name.length;
    shown.push(name);
  }
  const more = things.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
