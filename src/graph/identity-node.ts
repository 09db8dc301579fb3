/** Nodes that become Identities. */
import { messageType } from '../proto/types.js';
import { readAttribute, typeAttribute } from './attributes.js';
import { isControlInput } from './edges.js';
import type { Attribute, GraphNode } from './node.js';

const outputShapes = '_output_shapes';

/**
 * The node as one that hands a tensor on, under its name and on its device; it waits for what it waited for, and hands a
 * reference on where it did.
 * @param dtype DataType number of the tensor.
 * @param port of the output of the node that is left, as the only one.
 */
export function asIdentity(node: GraphNode, input: string, dtype: number, port = 0): GraphNode {
  const notes = [...node.attributes].filter(([name]) => name.startsWith('_') && name !== outputShapes);
  const attributes = new Map<string, Attribute>([['T', typeAttribute(dtype)], ...notes, ...shapeNote(node, port)]);
  const op = node.op.startsWith('Ref') ? 'RefIdentity' : 'Identity';
  return node.edit({ op, inputs: [input, ...node.inputs.filter(isControlInput)], attributes });
}

/** What is noted of the shape of one output. */
function shapeNote(node: GraphNode, port: number): [string, Attribute][] {
  const shape = readAttribute(node, outputShapes)?.list?.shape?.[port];
  return shape
    ? [
        [
          outputShapes,
          messageType('AttrValue')
            .encode({ list: { shape: [shape] } })
            .finish(),
        ],
      ]
    : [];
}
