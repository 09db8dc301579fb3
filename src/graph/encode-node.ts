import protobuf from 'protobufjs/light.js';
import { entryFields, tag } from '../proto/wire-writer.js';
import { nodeFields } from './encoded-node.js';
import type { GraphNode } from './node.js';
import { StoredTensor } from './stored-tensor.js';

/**
 * The NodeDef as read, or as edited; attributes in the order in which they were set. A tensor of the checkpoint is left
 * out: its bytes are not here.
 */
export function encodeNode(node: GraphNode): Uint8Array {
  if (node.encoded) return node.encoded.source.subarray(node.encoded.start, node.encoded.end);
  const writer = protobuf.Writer.create();
  writer.uint32(tag(nodeFields.name)).string(node.name).uint32(tag(nodeFields.op)).string(node.op);
  for (const input of node.inputs) writer.uint32(tag(nodeFields.input)).string(input);
  if (node.device !== '') writer.uint32(tag(nodeFields.device)).string(node.device);
  for (const [name, value] of node.attributes) {
    if (value instanceof StoredTensor) continue;
    writer.uint32(tag(nodeFields.attr)).fork();
    writer.uint32(tag(entryFields.key)).string(name);
    writer.uint32(tag(entryFields.value)).bytes(value);
    writer.ldelim();
  }
  for (const field of node.otherFields()) writer.raw(field);
  return writer.finish();
}
