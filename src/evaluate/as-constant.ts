import { typeAttribute } from '../graph/attributes.js';
import type { GraphNode } from '../graph/node.js';
import type { Tensor } from './tensor.js';
import { encodeConstant } from './tensor-proto.js';

/** The node as a constant of that value, under its name and on its device; it waits for nothing. */
export function asConstant(node: GraphNode, value: Tensor): GraphNode {
  const attributes = new Map([
    ['dtype', typeAttribute(value.dtype)],
    ['value', encodeConstant(value)],
  ]);
  return node.edit({ op: 'Const', inputs: [], attributes });
}
