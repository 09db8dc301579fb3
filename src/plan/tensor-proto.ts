/** A tensor of a checkpoint as a TensorProto: everything before the payload, which the native core writes. */
import type { StoredTensor } from '../graph/stored-tensor.js';
import { PayloadEncoding } from '../native.js';
import { ByteWriter } from '../proto/byte-writer.js';
import { fieldSize, varintSize } from '../proto/wire-writer.js';
import type { TensorForm } from './tensor-form.js';

const fields = { dtype: 1, shape: 2 } as const;
const shapeFields = { dim: 2, size: 1 } as const;

const writer = new ByteWriter();

/** dtype, shape, and the payload's tag and length, until the next one is asked for; a tensor of any size. */
export function tensorProtoHead(tensor: StoredTensor, form: TensorForm | undefined, payloadSize: number): Uint8Array {
  writer.start().number(fields.dtype, tensor.dtype);
  let shapeSize = 0;
  for (const size of tensor.shape) shapeSize += fieldSize(shapeFields.dim, dimSize(size));
  writer.head(fields.shape, shapeSize);
  for (const size of tensor.shape) {
    writer.head(shapeFields.dim, dimSize(size));
    if (size > 0) writer.number(shapeFields.size, size);
  }
  // Strings carry a tag and a length each, which the core writes with them.
  if (form && form.encoding !== PayloadEncoding.strings) writer.head(form.field, payloadSize);
  return writer.view();
}

/** Bytes of a Dim: its tag has one; a size of zero goes without saying. */
function dimSize(size: number): number {
  return size > 0 ? 1 + varintSize(size) : 0;
}
