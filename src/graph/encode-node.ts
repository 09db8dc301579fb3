import { ByteWriter } from '../proto/byte-writer.js';
import { entryFields, fieldSize } from '../proto/wire-writer.js';
import { nodeFields } from './encoded-node.js';
import type { GraphNode } from './node.js';
import { StoredTensor } from './stored-tensor.js';

const writer = new ByteWriter();

/**
 * The NodeDef as read, or as edited; attributes in the order in which they were set. A tensor of the checkpoint is left
 * out: its bytes are not here.
 */
export function encodeNode(node: GraphNode): Uint8Array {
  const { encoded } = node;
  if (encoded) return encoded.source.subarray(encoded.start, encoded.end);
  writer.start().text(nodeFields.name, node.name).text(nodeFields.op, node.op);
  for (const input of node.inputs) writer.text(nodeFields.input, input);
  if (node.device !== '') writer.text(nodeFields.device, node.device);
  for (const [name, value] of node.attributes) {
    if (value instanceof StoredTensor) continue;
    const keySize = fieldSize(entryFields.key, Buffer.byteLength(name));
    writer.head(nodeFields.attr, keySize + fieldSize(entryFields.value, value.length));
    writer.text(entryFields.key, name).bytes(entryFields.value, value);
  }
  for (const field of node.otherFields()) writer.raw(field);
  return writer.finish();
}
