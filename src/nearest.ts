/** Suggestions for a name that does not exist. */
import { distance } from 'fastest-levenshtein';
import { listed } from './listed.js';

/** At most this many suggestions: more are no help. */
const limit = 3;

/** Nobody mistypes longer names, and comparing them takes the product of their lengths. */
const longest = 256;

/** The names most like `wanted`, best first; none where nothing is near. */
export function nearest(wanted: string, names: Iterable<string>): string[] {
  const cutoff = wanted.length < 4 ? 1 : Math.max(2, Math.floor(wanted.length * 0.4));
  const found: { name: string; rank: number }[] = [];
  if (wanted.length > longest) return [];
  for (const name of names) {
    const rank = likeness(wanted, name, cutoff);
    if (rank <= cutoff) found.push({ name, rank });
  }
  found.sort((a, b) => a.rank - b.rank || a.name.length - b.name.length);
  return found.slice(0, limit).map(({ name }) => name);
}

/** An edit distance; a name that differs only in scope or case counts as near. */
function likeness(wanted: string, name: string, cutoff: number): number {
  if (name.length > longest) return Number.POSITIVE_INFINITY;
  const lower = name.toLowerCase();
  const wantedLower = wanted.toLowerCase();
  if (lower === wantedLower) return 0;
  if (lower.endsWith(`/${wantedLower}`) || wantedLower.endsWith(`/${lower}`)) return 1;
  if (Math.abs(name.length - wanted.length) > cutoff) return Number.POSITIVE_INFINITY;
  return distance(wantedLower, lower);
}

/** As part of a sentence: `'a', 'b' and 5 more`. */
export function listNames(names: readonly string[], most = 5): string {
  return listed(names, most, (name) => `'${name}'`);
}
