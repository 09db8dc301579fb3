/** Tensors as the native core takes them: one array a property. */
import type { StoredTensor } from '../graph/stored-tensor.js';
import { PayloadEncoding, type TensorColumns } from '../native.js';

export interface EncodedTensor {
  readonly tensor: StoredTensor;
  readonly encoding: PayloadEncoding;
}

/** @param tensors undefined: no tensor in this row. */
export function tensorColumns(tensors: readonly (EncodedTensor | undefined)[]): TensorColumns {
  const extents: number[] = [];
  const extentEnds = new Uint32Array(tensors.length);
  tensors.forEach((item, index) => {
    for (const { start, length } of item?.tensor.region ?? []) extents.push(start, length);
    extentEnds[index] = extents.length;
  });
  return {
    rows: Int32Array.from(tensors, (item) => item?.tensor.row ?? -1),
    encodings: Uint8Array.from(tensors, (item) => item?.encoding ?? PayloadEncoding.raw),
    extents: Float64Array.from(extents),
    extentEnds,
  };
}
