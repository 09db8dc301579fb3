/** Which of several versions of a variable a node sees that runs after all of them. */
import type { GraphNode } from '../../graph/node.js';
import { updateOf } from './variable-writes.js';
import { type Chosen, depthAfter, type Summed, stored, type Version, type Written } from './version.js';

/** Past so many conditionals in one another, nobody has written a graph by intent. */
const maxChoices = 8;

/** Makes one version of those that the branches of a conditional leave. */
export type Choice = (merge: GraphNode, inputs: Chosen['inputs']) => Version;

/** @param choices how many conditionals this is inside of. */
export function latestVersion(versions: readonly Version[], choice: Choice, choices = 0): Version {
  const different = [...new Set(versions)].filter((version) => version !== stored);
  const last = different.filter((version) => !different.some((other) => comesBefore(version, other)));
  const [first] = last;
  if (!first || last.length === 1) return first ?? stored;
  const chosen = last.find((version) => version.kind === 'chosen');
  if (!chosen || choices === maxChoices) {
    const why = last.some((each) => each.kind === 'unknown' && each.why === 'loop') ? 'loop' : 'unordered';
    return sumOf(last) ?? { kind: 'unknown', depth: depthAfter(last), why, versions: last };
  }
  // What the others have written is there whichever branch ran.
  const others = last.filter((version) => version !== chosen);
  const inputs = chosen.inputs.map(({ input, version }) => ({
    input,
    version: latestVersion([version, ...others], choice, choices + 1),
  }));
  return choice(chosen.merge, inputs);
}

/** By version: of which others it is known whether it has been there before them. */
const known = new WeakMap<Version, Map<Version, boolean>>();

/**
 * Whether a version has been there before another, in every run. Two branches lead to the same version before them, so
 * without a memory each conditional in a row would double the work; and there may be thousands, so no recursion either.
 */
function comesBefore(version: Version, later: Version): boolean {
  const answers = known.get(version) ?? new Map<Version, boolean>();
  known.set(version, answers);
  const open = new Set([later]);
  for (const each of open) {
    if (answers.has(each) || each.depth <= version.depth) open.delete(each);
    else for (const other of directlyBefore(each)) open.add(other);
  }
  const isIn = (other: Version): boolean => other === version || (answers.get(other) ?? false);
  for (const each of [...open].sort((a, b) => a.depth - b.depth)) {
    const before = directlyBefore(each);
    answers.set(each, each.kind === 'chosen' ? before.every(isIn) : before.some(isIn));
  }
  return answers.get(later) ?? false;
}

function directlyBefore(version: Version): readonly Version[] {
  if (version.kind === 'written') return [version.before];
  if (version.kind === 'summed') return version.writes;
  if (version.kind === 'chosen') return version.inputs.map((input) => input.version);
  return version.kind === 'unknown' && version.why === 'unordered' ? version.versions : [];
}

/** Additions to one value give the same in every order. */
function sumOf(versions: readonly Version[]): Summed | undefined {
  const writes = [...new Set(versions.flatMap((version) => (version.kind === 'summed' ? version.writes : version)))];
  const isWrite = (version: Version): version is Written => version.kind === 'written';
  if (!writes.every(isWrite)) return undefined;
  const isAddition = ({ node, before }: Written): boolean =>
    before === writes[0]?.before && ['AddV2', 'Sub'].includes(updateOf(node) ?? '');
  return writes.every(isAddition) ? { kind: 'summed', depth: depthAfter(writes), writes } : undefined;
}
