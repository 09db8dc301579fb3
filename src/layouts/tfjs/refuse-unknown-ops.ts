import { PermafrostError } from '../../errors.js';
import type { GraphNode } from '../../graph/node.js';
import { listNames } from '../../nearest.js';
import { tfjsOps, tfjsVersion } from './op-list.generated.js';

/** A loader takes any op and fails when it comes to run it, so the answer is better given here. */
export function refuseUnknownOps(nodes: readonly GraphNode[]): void {
  const unknown = new Map<string, string[]>();
  for (const { name, op } of nodes) {
    if (tfjsOps.has(op)) continue;
    const named = unknown.get(op);
    if (named) named.push(name);
    else unknown.set(op, [name]);
  }
  if (unknown.size === 0) return;
  const list = Array.from(
    unknown,
    ([op, names]) => `${op} (${names.length === 1 ? 'node' : 'nodes'} ${listNames(names, 3)})`,
  );
  throw new PermafrostError(
    'UNSUPPORTED',
    `TensorFlow.js ${tfjsVersion} has no such ops as this model needs: ${list.join('; ')}. ` +
      'Choose outputs that do without them, or another layout.',
  );
}
