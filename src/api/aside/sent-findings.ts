/**
 * Findings on their way from a worker. A structured clone writes a string as often as it stands somewhere, and a node may have
 * a long name and many findings: names go once.
 */
import type { Finding } from '../../check/finding.js';

export interface SentFindings {
  readonly names: readonly string[];
  /** With places of `names`, or -1 for none. */
  readonly findings: readonly SentFinding[];
}

interface SentFinding extends Pick<Finding, 'severity' | 'code' | 'message'> {
  readonly function: number;
  readonly node: number;
}

export function sentFindings(findings: readonly Finding[]): SentFindings {
  const places = new Map<string, number>();
  const placeOf = (name: string | undefined): number => {
    if (name === undefined) return -1;
    const place = places.get(name) ?? places.size;
    places.set(name, place);
    return place;
  };
  const sent = findings.map((each) => ({ ...each, function: placeOf(each.function), node: placeOf(each.node) }));
  return { names: [...places.keys()], findings: sent };
}

export function receivedFindings({ names, findings }: SentFindings): Finding[] {
  return findings.map((each) => ({ ...each, function: names[each.function], node: names[each.node] }));
}
