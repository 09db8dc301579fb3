/** `tf.where` whose condition is one known truth value hands the side on that it chooses. */
import { readType } from '../../../graph/attributes.js';
import { asIdentity } from '../../../graph/identity-node.js';
import { selectOps } from '../../../graph/op-kinds/handing-on.js';
import type { Scope } from '../../scope.js';
import type { Liveness } from './liveness.js';
import { scalarOrigin, shapeOrigin } from './shape-origin.js';

export function resolveSelects(scope: Scope, liveness: Liveness): void {
  for (const { name, op, inputs } of scope.needed.nodes()) {
    if (!selectOps.has(op) || liveness.isDeadNode(name)) continue;
    const condition = inputs[0] ?? '';
    const isTrue = liveness.values.tensor(condition)?.shape.length === 0 ? liveness.values.bool(condition) : undefined;
    const node = scope.node(name);
    if (isTrue === undefined || !node) continue;
    const [, yes = '', no = ''] = node.inputs;
    const [kept, other] = isTrue ? [yes, no] : [no, yes];
    // Sides of Select are of one shape; the one that SelectV2 leaves out may stretch the other.
    if (op === 'SelectV2' && !fits(scope, kept, other)) continue;
    scope.replace(asIdentity(node, kept, readType(node, 'T')));
    scope.report('bindings', name, `hands '${kept}' on: '${condition}' is ${isTrue}`);
  }
}

function fits(scope: Scope, kept: string, other: string): boolean {
  const origin = shapeOrigin(scope, other);
  return origin === scalarOrigin || origin === shapeOrigin(scope, kept);
}
