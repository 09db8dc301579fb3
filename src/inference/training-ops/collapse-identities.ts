/**
 * Who reads an Identity reads what it hands on instead, as TensorFlow's `remove_training_nodes` has it. An Identity stays
 * where more hangs on it: it is an output, or control edges or colocations go to it.
 */
import { colocatedNodes } from '../../graph/colocations.js';
import type { GraphNode } from '../../graph/node.js';
import { passBy, passedIdentities } from '../../graph/pass-by.js';
import type { Scope } from '../scope.js';

export function collapseIdentities(scope: Scope): void {
  const nodes = scope.needed.nodes();
  const isKept = (node: GraphNode): boolean =>
    scope.outputs.has(node.name) || scope.controls.has(node.name) || colocatedNodes(node).length > 0;
  const instead = passedIdentities(nodes, scope.graph.byName, isKept);
  if (instead.size === 0) return;
  for (const [name, input] of instead) {
    scope.report('training-ops', name, `is passed by: its readers read ${input}`);
  }
  for (const node of nodes) {
    const edited = instead.has(node.name) ? node : passBy(node, instead);
    if (edited !== node) scope.replace(edited);
  }
}
