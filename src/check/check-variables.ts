/** Whether anything is left that a checkpoint would have to fill. */
import type { GraphNode } from '../graph/node.js';
import { isVariable } from '../graph/variables.js';
import type { Findings } from './finding.js';

export function checkVariable(node: GraphNode, allowed: ReadonlySet<string> | 'all', findings: Findings): void {
  if (!isVariable(node) || allowed === 'all' || allowed.has(node.name)) return;
  findings.error(
    'VARIABLE_LEFT',
    node.name,
    `the node is a variable (${node.op}), which a frozen graph has none of. If it was kept on purpose, deny it here too`,
  );
}
