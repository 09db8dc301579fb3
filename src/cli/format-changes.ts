/** What the rewrites for inference did, as people read it. */
import type { FreezeReport } from '../api/report.js';

/** How many of each rewrite are told; `--json` has all. */
const listed = 5;

export function formatChanges(changes: FreezeReport['changes']): string[] {
  const rewrites = [...new Set(changes.map(({ rewrite }) => rewrite))];
  return rewrites.flatMap((rewrite) => {
    const own = changes.filter((change) => change.rewrite === rewrite);
    const lines = own.slice(0, listed).map(({ node, functionName, text }) => {
      return `           ${node}${functionName === undefined ? '' : ` in ${functionName}`}: ${text}`;
    });
    const more = own.length > listed ? [`           and ${own.length - listed} more`] : [];
    return [`  ${rewrite}: ${own.length} changed`, ...lines, ...more];
  });
}
