/** Results that nobody reads, and that come of random numbers: dropout's masks, kept for its gradient. */

import { Tensor } from '../../evaluate/tensor.js';
import { encodeConstant } from '../../evaluate/tensor-proto.js';
import { readType } from '../../graph/attributes.js';
import { constantNode } from '../../graph/constant-node.js';
import { GraphNode } from '../../graph/node.js';
import { DataType, elementSize } from '../../proto/data-types.js';
import type { Scope } from '../scope.js';

/** They become noughts, so that the numbers need not be drawn. @param random names of random ops. */
export function replaceUnread(scope: Scope, random: ReadonlySet<string>): void {
  if (scope.unread.size === 0) return;
  for (const name of downstream(scope, random)) {
    const result = scope.unread.has(name) ? scope.node(name) : undefined;
    const nought = result && noughtOf(scope.freeName(`${name}/unread`), readType(result, 'T'));
    if (!result || !nought) continue;
    scope.add(nought);
    scope.replace(result.edit({ inputs: [nought.name] }));
  }
}

function noughtOf(name: string, dtype: number): GraphNode | undefined {
  // Gradients take intermediate tensors in optionals.
  if (dtype === DataType.variant) return GraphNode.create(name, 'OptionalNone', [], new Map());
  const size = elementSize(dtype);
  return size === undefined
    ? undefined
    : constantNode(name, dtype, encodeConstant(new Tensor(dtype, [], new Uint8Array(size))));
}

/** What is computed of these nodes as the graph is by now. */
function downstream(scope: Scope, from: Iterable<string>): Set<string> {
  const found = new Set(from);
  for (const name of found) {
    for (const { node, input } of scope.readers(name)) {
      if (scope.node(node.name)?.inputs[input] === node.inputs[input]) found.add(node.name);
    }
  }
  return found;
}
