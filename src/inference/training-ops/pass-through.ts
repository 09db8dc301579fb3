/** Ops that hand their first input on and matter to training alone become Identity. */
import { readType, typeAttribute } from '../../graph/attributes.js';
import type { Scope } from '../scope.js';

const ops: ReadonlySet<string> = new Set(['StopGradient', 'CheckNumerics', 'CheckNumericsV2', 'PreventGradient']);

export function passThrough(scope: Scope): void {
  for (const node of scope.needed.nodes()) {
    if (!ops.has(node.op)) continue;
    const attributes = new Map([['T', typeAttribute(readType(node, 'T'))]]);
    scope.replace(node.edit({ op: 'Identity', attributes }));
    scope.report('training-ops', node.name, `hands its input on, as an Identity and not as ${node.op}`);
  }
}
