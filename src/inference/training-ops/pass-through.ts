/** Ops that hand their first input on, and do more only for training or for those who watch it, become Identity. */
import { readType } from '../../graph/attributes.js';
import { asIdentity } from '../../graph/identity-node.js';
import type { Scope } from '../scope.js';

const ops: ReadonlySet<string> = new Set([
  ...['StopGradient', 'PreventGradient', 'CheckNumerics', 'CheckNumericsV2', 'Print'],
]);

export function passThrough(scope: Scope): void {
  for (const node of scope.needed.nodes()) {
    const [input] = node.inputs;
    if (!ops.has(node.op) || input === undefined) continue;
    scope.replace(asIdentity(node, input, readType(node, 'T')));
    scope.report('training-ops', node.name, `hands its input on, as an Identity and not as ${node.op}`);
  }
}
