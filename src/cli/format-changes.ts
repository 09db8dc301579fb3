/** What the rewrites for inference did, as people read it. */
import type { FreezeReport } from '../api/report.js';

/** How many of each rewrite are told; `--json` has all. */
const listed = 5;

export function formatChanges(changes: FreezeReport['changes']): string[] {
  const rewrites = [...new Set(changes.map(({ rewrite }) => rewrite))];
  return rewrites.flatMap((rewrite) => {
    const own = changes.filter((change) => change.rewrite === rewrite);
    const left = own.filter(({ isLeft }) => isLeft);
    const changed = own.filter(({ isLeft }) => !isLeft);
    return [
      ...section(`${rewrite}: ${changed.length} changed`, changed),
      ...section(`${rewrite}: ${left.length} left`, left),
    ];
  });
}

function section(title: string, changes: FreezeReport['changes']): string[] {
  if (changes.length === 0) return [];
  const lines = changes.slice(0, listed).map(({ node, functionName, text }) => {
    return `           ${node}${functionName === undefined ? '' : ` in ${functionName}`}: ${text}`;
  });
  const more = changes.length > listed ? [`           and ${changes.length - listed} more`] : [];
  return [`  ${title}`, ...lines, ...more];
}
