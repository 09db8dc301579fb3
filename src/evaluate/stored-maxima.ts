/** The largest magnitudes of tensors that the checkpoint holds, channel by channel. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import type { Channels, StoredTensor } from '../graph/stored-tensor.js';
import { channelMaxima, PayloadEncoding } from '../native.js';
import { tensorColumns } from '../plan/tensor-columns.js';
import { DataType } from '../proto/data-types.js';
import { floatsOf } from './floats.js';
import { readStored } from './read-stored.js';

export interface ChannelledTensor {
  readonly tensor: StoredTensor;
  readonly channels: Channels;
}

/** One for each channel; NaN or infinite where the channel has such an element. */
export type Maxima = ArrayLike<number>;

/** Elements of another type than float32 that are held in memory, of one tensor at a time. */
const mostRead = 1 << 26;

/**
 * @param wanted floats, as they are stored; float32 is looked through by the core.
 * @returns for each; undefined for one of another type that is too large to be held in memory.
 * @throws PermafrostError what keeps a tensor from being read.
 */
export async function storedMaxima(
  wanted: readonly ChannelledTensor[],
  checkpoint: Checkpoint,
  threads: number,
): Promise<(Maxima | undefined)[]> {
  const isSingle = ({ tensor }: ChannelledTensor): boolean => tensor.dtype === DataType.float32;
  const singles = wanted.filter(isSingle).map((each) => ({ ...each, encoding: PayloadEncoding.raw }));
  const found = singles.length > 0 ? await channelMaxima(checkpoint.native, tensorColumns(singles), threads) : [];
  const inOrder = found[Symbol.iterator]();
  const all: (Maxima | undefined)[] = [];
  for (const each of wanted) all.push(isSingle(each) ? inOrder.next().value : await maximaRead(each, checkpoint));
  return all;
}

async function maximaRead({ tensor, channels }: ChannelledTensor, checkpoint: Checkpoint): Promise<Maxima | undefined> {
  if (tensor.elementCount > mostRead) return undefined;
  const value = (await readStored([tensor], checkpoint)).get(tensor);
  const floats = value && floatsOf(value);
  return floats && raised(new Float64Array(channels.count), floats, channels);
}

/**
 * Raises the maxima of channels that follow each other in one block.
 * @param first the number of the first element.
 * @returns `maxima`
 */
export function raised(maxima: Float64Array, floats: Float64Array, { count, run }: Channels, first = 0): Float64Array {
  for (let index = 0; index < floats.length; index++) {
    const channel = Math.floor((first + index) / run) % count;
    // A NaN stays one.
    maxima[channel] = Math.max(maxima[channel] as number, Math.abs(floats[index] as number));
  }
  return maxima;
}
