// Versions made at random, held against what each run of the model says: one branch of every conditional.
import { describe, expect, it } from 'vitest';
import type { GraphNode } from '../../../src/graph/node.js';
import { lastOf } from '../../../src/passes/writes/last-of.js';
import { type Chosen, depthAfter, stored, type Version, type Written } from '../../../src/passes/writes/version.js';
import { graphOf } from '../../support/graph-def.js';

const node = graphOf([{ name: 'n', op: 'NoOp' }]).nodes[0] as GraphNode;

/** Numbers below `end`, always the same for one seed. */
function numbers(seed: number): (end: number) => number {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

function written(before: Version): Written {
  return { kind: 'written', depth: before.depth + 1, node, before };
}

function versionsOf(below: (end: number) => number, count: number): Version[] {
  const all: Version[] = [stored];
  const any = (): Version => all[below(all.length)] as Version;
  while (all.length < count) {
    const kind = below(5);
    if (kind < 3) all.push(written(any()));
    else if (kind === 3) {
      const before = any();
      const writes = [written(before), written(before)];
      all.push(...writes, { kind: 'summed', depth: depthAfter(writes), writes });
    } else {
      const inputs = [any(), any()].map((version, index) => ({ input: `${index}`, version }));
      all.push({ kind: 'chosen', depth: depthAfter(inputs.map(({ version }) => version)), merge: node, inputs });
    }
  }
  return all;
}

/** What has been there before a version, where the conditionals go these ways. */
function beforeIn(ways: ReadonlyMap<Chosen, number>, version: Version): Set<Version> {
  const found = new Set<Version>();
  const directly = (each: Version): readonly Version[] => {
    if (each.kind === 'written') return [each.before];
    if (each.kind === 'summed') return each.writes;
    return each.kind === 'chosen' ? [each.inputs[ways.get(each) ?? 0]?.version ?? stored] : [];
  };
  const waiting = [...directly(version)];
  for (let each = waiting.pop(); each; each = waiting.pop()) {
    found.add(each);
    waiting.push(...directly(each));
  }
  return found;
}

describe('the last of some versions', () => {
  it('are those that in no way come before another in every run', () => {
    let last = 0;
    let earlier = 0;
    for (let seed = 1; seed <= 300; seed++) {
      const below = numbers(seed);
      const all = versionsOf(below, 14);
      const chosen = all.filter((version) => version.kind === 'chosen');
      const runs = Array.from({ length: 2 ** chosen.length }, (_, run) => {
        const ways = new Map(chosen.map((each, bit) => [each, (run >> bit) & 1]));
        return new Map(all.map((version) => [version, beforeIn(ways, version)]));
      });
      const some = all.filter((version) => version !== stored && below(2) === 0);
      const expected = some.filter(
        (version) => !some.some((other) => runs.every((before) => before.get(other)?.has(version))),
      );
      const found = lastOf(some, () => undefined);
      expect(
        found.map((each) => all.indexOf(each)),
        `seed ${seed}`,
      ).toEqual(expected.map((each) => all.indexOf(each)));
      last += expected.length;
      earlier += some.length - expected.length;
    }
    // Both are met.
    expect(Math.min(last, earlier)).toBeGreaterThan(100);
  });
});
