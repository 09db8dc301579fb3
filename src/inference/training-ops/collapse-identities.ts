/**
 * Who reads an Identity reads what it hands on instead, as TensorFlow's `remove_training_nodes` has it. An Identity stays
 * where more hangs on it: it is an output, or control edges or colocations go to it.
 */
import { colocatedNodes } from '../../graph/colocations.js';
import { handedOnInTheEnd, heldNames, passBy } from '../../graph/pass-by.js';
import { handedOn } from '../../graph/plain-identity.js';
import type { Scope } from '../scope.js';

export function collapseIdentities(scope: Scope): void {
  const nodes = scope.needed.nodes();
  const held = heldNames(nodes);
  const identities = new Map<string, string>();
  for (const node of nodes) {
    const { name } = node;
    const isKept = held.has(name) || scope.outputs.has(name) || scope.controls.has(name);
    const input = isKept || colocatedNodes(node).length > 0 ? undefined : handedOn(node, scope.graph.byName);
    if (input !== undefined) identities.set(name, input);
  }
  const instead = handedOnInTheEnd(identities);
  for (const [name, input] of instead) {
    scope.report('training-ops', name, `is passed by: its readers read ${input}`);
  }
  for (const node of nodes) {
    const edited = instead.has(node.name) ? node : passBy(node, instead);
    if (edited !== node) scope.replace(edited);
  }
}
