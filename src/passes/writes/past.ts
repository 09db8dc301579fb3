/** What of the past of versions is sure, whatever ran: as one chain, which leaves out what lies in branches or in no order. */
import { commonPart, jumpTo, type Link, linkAt } from './link.js';
import type { Version } from './version.js';

class Past implements Link<Past> {
  readonly depth: number;
  readonly before: Past;
  readonly jump: Past;

  constructor(before?: Past) {
    this.before = before ?? this;
    this.depth = before ? before.depth + 1 : 0;
    this.jump = before ? jumpTo(before) : this;
  }
}

const beginning = new Past();
const pasts = new WeakMap<Version, Past>();

/** More last ones than that are not looked for. */
const mostTips = 8;

/** Of different versions, those that have not been found to come before another one in every run; nearly all such are found. */
export function withoutSurelyBefore(versions: readonly Version[]): Version[] {
  const earlier = new Set<Version>();
  const tips: Past[] = [];
  const byDepth = versions.map((version) => ({ version, past: pastOf(version) }));
  for (const { version, past } of byDepth.sort((a, b) => b.past.depth - a.past.depth)) {
    if (tips.some((tip) => linkAt(tip, past.depth) === past)) earlier.add(version);
    else if (tips.length < mostTips) tips.push(past);
  }
  return versions.filter((version) => !earlier.has(version));
}

/** What comes right before a version: in every run, but for the branches of a conditional. */
export function directlyBefore(version: Version): readonly Version[] {
  if (version.kind === 'written') return [version.before];
  if (version.kind === 'summed') return version.writes;
  if (version.kind === 'chosen') return version.inputs.map((input) => input.version);
  return version.kind === 'unknown' && version.why === 'unordered' ? version.versions : [];
}

function pastOf(version: Version): Past {
  const known = pasts.get(version);
  if (known) return known;
  // Not by recursion: there may be thousands.
  const waiting = [version];
  for (let each = waiting.at(-1); each; each = waiting.at(-1)) {
    const before = directlyBefore(each);
    const missing = before.filter((other) => !pasts.has(other));
    if (missing.length === 0 || pasts.has(each)) {
      waiting.pop();
      if (!pasts.has(each)) pasts.set(each, pastBehind(each, before));
    } else for (const other of missing) waiting.push(other);
  }
  return pasts.get(version) ?? beginning;
}

/** What all of them have come behind. */
function pastBehind({ kind }: Version, versions: readonly Version[]): Past {
  if (kind === 'stored') return beginning;
  const [first = beginning, ...others] = versions.map((version) => pasts.get(version) ?? beginning);
  return new Past(others.reduce((common, past) => commonPart<Past>(common, past, (a, b) => a === b), first));
}
