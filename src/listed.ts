/** A list as part of a message, of which nobody reads all: `a, b and 5 more`. */
export function listed<T>(things: readonly T[], most: number, text: (thing: T) => string): string {
  const shown = things.slice(0, most).map(text).join(', ');
  const more = things.length - most;
  return more > 0 ? `${shown} and ${more} more` : shown;
}
