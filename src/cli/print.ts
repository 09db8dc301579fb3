/** All that the commands print of files and reports goes through here: see `printable`. */
import { printable } from '../printable.js';

/** Lines as one text, none of them more than a line. */
export function asText(lines: readonly string[]): string {
  return lines.map(printable).join('\n');
}

/** JSON escapes C0 by itself, and leaves DEL and C1 as they are. */
export function asJson(value: unknown): string {
  const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(value, null, 2).replace(/[\x7f-\x9f]/g, escaped);
}
