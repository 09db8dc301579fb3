/** Text out of files that may be put before people: names may have any characters, and a terminal obeys some of them. */
import { inspect } from 'node:util';

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about
const controls = /[\x00-\x1f\x7f-\x9f]/g;

/** The text as one line: control characters (C0, DEL and C1) as `\x1b`. What comes of it stays as it is. */
export function printable(text: string): string {
  return text.replace(controls, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

/** Nobody reads more of a name, and thousands of texts may have the same one in them. */
const longestName = 500;

export function shortName(name: string): string {
  return name.length > longestName ? `${name.slice(0, longestName)}…` : name;
}

/** What was given in the place of something else: it may be in itself, as deep as a file is long, or nothing that JSON has. */
export function shown(value: unknown): string {
  return inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY, maxArrayLength: 10, maxStringLength: 100 });
}
