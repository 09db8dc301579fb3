/** Which of several versions of a variable a node sees that runs after all of them. */
import type { GraphNode } from '../../graph/node.js';
import { lastOf } from './last-of.js';
import type { Patience } from './patience.js';
import { updateOf } from './variable-writes.js';
import { type Chosen, depthAfter, type Summed, stored, type Version, type Written } from './version.js';

/** Past so many conditionals in one another, nobody has written a graph by intent. */
const maxChoices = 8;

/** What a version more is that is looked at, or written down, in inputs that are gone through in the time. */
const lookWork = 64;
const listWork = 128;

/** Makes one version of those that the branches of a conditional leave. */
export type Choice = (merge: GraphNode, inputs: Chosen['inputs']) => Version;

/** @param choices how many conditionals this is inside of. */
export function latestVersion(versions: readonly Version[], choice: Choice, patience: Patience, choices = 0): Version {
  const different = [...new Set(versions)].filter((version) => version !== stored);
  const last = lastOf(different, (looked) => {
    patience.work(lookWork * looked);
    if (choices > 0) patience.spend(looked);
  });
  const [first] = last;
  if (!first || last.length === 1) return first ?? stored;
  const chosen = last.find((version) => version.kind === 'chosen');
  if (!chosen || choices === maxChoices || patience.isOver) {
    const why = last.some((each) => each.kind === 'unknown' && each.why === 'loop') ? 'loop' : 'unordered';
    return sumOf(last, patience) ?? { kind: 'unknown', depth: depthAfter(last), why, versions: last };
  }
  // What the others have written is there whichever branch ran.
  const others = last.filter((version) => version !== chosen);
  const inputs = chosen.inputs.map(({ input, version }) => ({
    input,
    version: latestVersion([version, ...others], choice, patience, choices + 1),
  }));
  return choice(chosen.merge, inputs);
}

/** Additions to one value give the same in every order. */
function sumOf(versions: readonly Version[], patience: Patience): Summed | undefined {
  const writes = [...new Set(versions.flatMap((version) => (version.kind === 'summed' ? version.writes : version)))];
  patience.work(listWork * writes.length);
  const isWrite = (version: Version): version is Written => version.kind === 'written';
  if (!writes.every(isWrite)) return undefined;
  const isAddition = ({ node, before }: Written): boolean =>
    before === writes[0]?.before && ['AddV2', 'Sub'].includes(updateOf(node) ?? '');
  return writes.every(isAddition) ? { kind: 'summed', depth: depthAfter(writes), writes } : undefined;
}
