import { typeAttribute } from '../graph/attributes.js';
import { isControlInput } from '../graph/edges.js';
import type { GraphNode } from '../graph/node.js';

/**
 * The node as one that hands a tensor on, under its name and on its device; it waits for what it waited for.
 * @param dtype DataType number of the tensor.
 */
export function asIdentity(node: GraphNode, input: string, dtype: number): GraphNode {
  const notes = [...node.attributes].filter(([name]) => name.startsWith('_'));
  const attributes = new Map([['T', typeAttribute(dtype)] as const, ...notes]);
  return node.edit({ op: 'Identity', inputs: [input, ...node.inputs.filter(isControlInput)], attributes });
}
