/** What the optimisations did, as people read it. */
import type { FreezeReport } from '../api/report.js';

/** How many nodes of each are told; `--json` has all. */
const listed = 5;

export function formatOptimizations(optimizations: FreezeReport['optimizations']): string[] {
  return optimizations.flatMap(({ name, nodesBefore, nodesAfter, counts, changes, left }) => {
    const ops = counts.map(({ op, before, after }) => `${op} ${before} to ${after}`);
    const nodes = `from ${nodesBefore} nodes to ${nodesAfter}${ops.length > 0 ? ` (${ops.join(', ')})` : ''}`;
    const lines = [`  optimised ${name}: ${changes.length} changed, ${nodes}`, ...nodeLines(changes)];
    return left.length === 0 ? lines : [...lines, `  optimised ${name}: ${left.length} left`, ...nodeLines(left)];
  });
}

function nodeLines(nodes: FreezeReport['optimizations'][number]['changes']): string[] {
  const lines = nodes.slice(0, listed).map(({ node, text }) => `           ${node}: ${text}`);
  return nodes.length > listed ? [...lines, `           and ${nodes.length - listed} more`] : lines;
}
