/** What the optimisations did, as people read it. */
import type { FreezeReport } from '../api/report.js';

/** How many nodes of each are told; `--json` has all. */
const listed = 5;

export function formatOptimizations(optimizations: FreezeReport['optimizations']): string[] {
  return optimizations.flatMap(({ name, nodesBefore, nodesAfter, counts, changes }) => {
    const lines = changes.slice(0, listed).map(({ node, text }) => `           ${node}: ${text}`);
    const more = changes.length > listed ? [`           and ${changes.length - listed} more`] : [];
    const ops = counts.map(({ op, before, after }) => `${op} ${before} to ${after}`);
    const nodes = `from ${nodesBefore} nodes to ${nodesAfter}${ops.length > 0 ? ` (${ops.join(', ')})` : ''}`;
    return [`  optimised ${name}: ${changes.length} changed, ${nodes}`, ...lines, ...more];
  });
}
