/** Ops that hand their first input on, and do more only for training or for those who watch it, become Identity. */
import { readType } from '../../graph/attributes.js';
import { asIdentity } from '../../graph/identity-node.js';
import type { Scope } from '../scope.js';

const ops: ReadonlySet<string> = new Set([
  ...['StopGradient', 'PreventGradient', 'CheckNumerics', 'CheckNumericsV2', 'Print'],
]);

export function passThrough(scope: Scope): void {
  const { graph, needed, functionName } = scope;
  // A body computes results that nobody reads, too.
  for (const node of functionName === undefined ? needed.nodes() : graph.nodes) {
    const [input] = node.inputs;
    if (!ops.has(node.op) || input === undefined) continue;
    scope.replace(asIdentity(node, input, readType(node, 'T')));
    if (!needed.has(node.name)) continue;
    scope.report('training-ops', node.name, `hands its input on, as an Identity and not as ${node.op}`);
  }
}
