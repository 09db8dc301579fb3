/**
 * The order of versions. Two branches lead to the same version before them, and there may be thousands of writes one after the
 * other: so nothing is gone through twice, or by recursion, and versions are looked for many at a time.
 */
import { directlyBefore, withoutSurelyBefore } from './past.js';
import type { Version } from './version.js';

/** Told of how many versions were looked at. */
type Looked = (count: number) => void;

/** Of different versions, those that none of the others has surely come after, whatever ran; in their order. */
export function lastOf(all: readonly Version[], looked: Looked): readonly Version[] {
  looked(all.length);
  const versions = all.length < 2 ? all : withoutSurelyBefore(all);
  if (versions.length < 2) return versions;
  const sure = alwaysBefore(versions, looked);
  const unsure = versions.filter((version) => !sure.has(version)).sort((a, b) => a.depth - b.depth);
  const deepest = unsure.at(-1)?.depth ?? 0;
  for (let at = 0; at < unsure.length && (unsure[at] as Version).depth < deepest; at += laneCount) {
    for (const each of beforeOthers(unsure.slice(at, at + laneCount), unsure.slice(at), looked)) sure.add(each);
  }
  return versions.filter((version) => !sure.has(version));
}

/** What comes before some versions without a conditional in between, as far up as the first of them. */
function alwaysBefore(versions: readonly Version[], looked: Looked): Set<Version> {
  const top = versions.reduce((least, { depth }) => Math.min(least, depth), Number.POSITIVE_INFINITY);
  const found = new Set<Version>();
  const waiting = [...versions];
  for (let each = waiting.pop(); each; each = waiting.pop()) {
    if (each.kind === 'chosen' || each.depth <= top) continue;
    for (const before of directlyBefore(each)) {
      if (found.has(before)) continue;
      found.add(before);
      waiting.push(before);
    }
  }
  looked(versions.length + found.size);
  return found;
}

/** Bits of a number. */
const laneCount = 32;

/**
 * @param some at most `laneCount` versions, the first of them no deeper than the others.
 * @param versions those and more.
 * @returns those of them that come before one of the versions in every run.
 */
function beforeOthers(some: readonly Version[], versions: readonly Version[], looked: Looked): readonly Version[] {
  const top = some[0]?.depth ?? 0;
  const open = new Set(versions);
  for (const each of open) if (each.depth > top) for (const before of directlyBefore(each)) open.add(before);
  looked(open.size);
  // By version: bits of those that it is or that come before it.
  const upTo = new Map<Version, number>(some.map((version, lane) => [version, 1 << lane]));
  const wanted = new Set(versions);
  let found = 0;
  for (const each of [...open].sort((a, b) => a.depth - b.depth)) {
    if (each.depth <= top) continue;
    const before = directlyBefore(each).map((version) => upTo.get(version) ?? 0);
    const bits =
      each.kind === 'chosen' ? before.reduce((all, one) => all & one, -1) : before.reduce((all, one) => all | one, 0);
    upTo.set(each, (upTo.get(each) ?? 0) | bits);
    if (wanted.has(each)) found |= bits;
  }
  return some.filter((_, lane) => (found & (1 << lane)) !== 0);
}
