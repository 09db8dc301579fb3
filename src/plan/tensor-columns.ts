/** Tensors as the native core takes them: one array a property. */
import type { Channels, Quantization, StoredTensor } from '../graph/stored-tensor.js';
import { PayloadEncoding } from '../native.js';
import type { TensorColumns } from '../native-checkpoint.js';

export interface EncodedTensor {
  readonly tensor: StoredTensor;
  readonly encoding: PayloadEncoding;
  /** Of a tensor that has no scales yet. */
  readonly channels?: Channels;
}

/** @param tensors undefined: no tensor in this row. */
export function tensorColumns(tensors: readonly (EncodedTensor | undefined)[]): TensorColumns {
  const count = tensors.length;
  const rows = new Int32Array(count).fill(-1);
  const encodings = new Uint8Array(count).fill(PayloadEncoding.raw);
  const extents: number[] = [];
  const extentEnds = new Uint32Array(count);
  const quantizations: Quantization[] = [];
  const scaleEnds = new Uint32Array(count);
  let scaleEnd = 0;
  const channels = new Float64Array(3 * count);
  const factors: number[] = [];
  const factorEnds = new Uint32Array(count);
  const factorChannels = new Float64Array(3 * count);
  tensors.forEach((item, index) => {
    if (item) {
      const { tensor, encoding } = item;
      rows[index] = tensor.row;
      encodings[index] = encoding;
      if (tensor.region) for (const { start, length } of tensor.region) extents.push(start, length);
      const quantization = quantizationOf(tensor);
      if (quantization) {
        quantizations.push(quantization);
        scaleEnd += quantization.scales.length;
      }
      const each = quantization?.channels ?? item.channels;
      if (each) channels.set([each.count, each.run, each.block], 3 * index);
      const scaling = tensor.scaled?.by;
      if (scaling) {
        for (const factor of scaling.factors) factors.push(factor);
        const { count: each, run, block } = scaling.channels;
        factorChannels.set([each, run, block], 3 * index);
      }
    }
    factorEnds[index] = factors.length;
    extentEnds[index] = extents.length;
    scaleEnds[index] = scaleEnd;
  });
  return {
    rows,
    encodings,
    extents: Float64Array.from(extents),
    extentEnds,
    scales: joined(quantizations, scaleEnd),
    scaleEnds,
    channels,
    factors: Float64Array.from(factors),
    factorEnds,
    factorChannels,
  };
}

function joined(quantizations: readonly Quantization[], length: number): Float32Array {
  const all = new Float32Array(length);
  let end = 0;
  for (const { scales } of quantizations) {
    all.set(scales, end);
    end += scales.length;
  }
  return all;
}

function quantizationOf({ converted }: StoredTensor): Quantization | undefined {
  const by = converted?.by;
  return by?.type === 'int8' ? by : undefined;
}
