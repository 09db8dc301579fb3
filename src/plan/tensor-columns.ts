/** Tensors as the native core takes them: one array a property. */
import type { Channels, Quantization, StoredTensor } from '../graph/stored-tensor.js';
import { PayloadEncoding, type TensorColumns } from '../native.js';

export interface EncodedTensor {
  readonly tensor: StoredTensor;
  readonly encoding: PayloadEncoding;
  /** Of a tensor that has no scales yet. */
  readonly channels?: Channels;
}

/** @param tensors undefined: no tensor in this row. */
export function tensorColumns(tensors: readonly (EncodedTensor | undefined)[]): TensorColumns {
  const extents: number[] = [];
  const extentEnds = new Uint32Array(tensors.length);
  const quantizations = tensors.map((item) => quantizationOf(item?.tensor));
  const scaleEnds = new Uint32Array(tensors.length);
  let scaleEnd = 0;
  tensors.forEach((item, index) => {
    for (const { start, length } of item?.tensor.region ?? []) extents.push(start, length);
    extentEnds[index] = extents.length;
    scaleEnd += quantizations[index]?.scales.length ?? 0;
    scaleEnds[index] = scaleEnd;
  });
  const scales = new Float32Array(scaleEnd);
  quantizations.forEach((each, index) => {
    if (each) scales.set(each.scales, (scaleEnds[index] as number) - each.scales.length);
  });
  return {
    rows: Int32Array.from(tensors, (item) => item?.tensor.row ?? -1),
    encodings: Uint8Array.from(tensors, (item) => item?.encoding ?? PayloadEncoding.raw),
    extents: Float64Array.from(extents),
    extentEnds,
    scales,
    scaleEnds,
    channels: channelColumn(tensors.map((item, index) => quantizations[index]?.channels ?? item?.channels)),
  };
}

function channelColumn(channels: readonly (Channels | undefined)[]): Float64Array {
  const column = new Float64Array(3 * channels.length);
  channels.forEach((each, index) => {
    if (each) column.set([each.count, each.run, each.block], 3 * index);
  });
  return column;
}

function quantizationOf(tensor: StoredTensor | undefined): Quantization | undefined {
  const by = tensor?.converted?.by;
  return by?.type === 'int8' ? by : undefined;
}
