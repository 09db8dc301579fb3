/** Constants that passes make. */
import { typeAttribute } from './attributes.js';
import { type Attribute, type Attributes, GraphNode } from './node.js';

/** One for all: there may be hundreds of thousands of constants. */
const noMore: Attributes = new Map();

/** A Const with nothing but dtype and value; `inputs` are control inputs. */
export function constantNode(name: string, dtype: number, value: Attribute, inputs: readonly string[] = []): GraphNode {
  return GraphNode.create(name, 'Const', inputs, noMore, { dtype: typeAttribute(dtype), value });
}
