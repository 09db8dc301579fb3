/** A tensor of a checkpoint as a TensorProto: everything before the payload, which the native core writes. */
import protobuf from 'protobufjs/light.js';
import type { StoredTensor } from '../graph/stored-tensor.js';
import { PayloadEncoding } from '../native.js';
import { WireType } from '../proto/wire-schema.js';
import { fieldHead, tag } from '../proto/wire-writer.js';
import type { TensorForm } from './tensor-form.js';

const fields = { dtype: 1, shape: 2 } as const;
const shapeFields = { dim: 2, size: 1 } as const;

/** dtype, shape, and the payload's tag and length; a tensor of any size. */
export function tensorProtoHead(tensor: StoredTensor, form: TensorForm | undefined, payloadSize: number): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32(tag(fields.dtype, WireType.varint)).uint32(tensor.dtype);
  writer.uint32(tag(fields.shape)).fork();
  for (const size of tensor.shape) {
    writer.uint32(tag(shapeFields.dim)).fork();
    if (size > 0) writer.uint32(tag(shapeFields.size, WireType.varint)).uint64(size);
    writer.ldelim();
  }
  writer.ldelim();
  // Strings carry a tag and a length each, which the core writes with them.
  if (form && form.encoding !== PayloadEncoding.strings) {
    writer.raw(fieldHead(form.field, payloadSize));
  }
  return writer.finish();
}
