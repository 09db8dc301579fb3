/** From the types that weights are to be stored in to what is stored: of int8, the scales are found in the checkpoint. */
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { PermafrostError } from '../errors.js';
import type { ChannelledTensor } from '../evaluate/stored-maxima.js';
import type { Graph } from '../graph/graph.js';
import { StoredTensor, storedPart } from '../graph/stored-tensor.js';
import { beyond, limits } from '../limits.js';
import { channelMaxima, PayloadEncoding } from '../native.js';
import type { StoredWeight } from '../passes/store-weights.js';
import { ChannelFinder, layOutChannels } from '../passes/weights/channels.js';
import type { ChosenWeight } from '../passes/weights/weight-rules.js';
import { tensorColumns } from '../plan/tensor-columns.js';
import type { FreezeSettings } from './options/freeze-settings.js';

/** The largest number of a channel is stored as this, and the smallest as its negative: 0 stays 0. */
const most = 127;

const scaleSize = 4;

/** Below, numbers lose precision, and TensorFlow takes them for 0. */
const smallestNormal = 2 ** -126;

/** The largest float32 of which `most` times is finite. The next one is what a 127th of the largest float32 is rounded to. */
const largestScale = 8_454_659 * 2 ** 98;

/**
 * @param chosen by the names of the variables, which are constants of the graph, or were.
 * @throws PermafrostError UNSUPPORTED where a weight that is to be int8 has a NaN or an infinity; ABORTED; and what keeps a
 * tensor from being read.
 */
export async function convertWeights(
  graph: Graph,
  chosen: ReadonlyMap<string, ChosenWeight>,
  checkpoint: Checkpoint,
  settings: Pick<FreezeSettings, 'threads'>,
): Promise<Map<string, StoredWeight>> {
  const weights = new Map<string, StoredWeight>();
  const quantized = new Map<string, StoredTensor>();
  for (const [name, { type }] of chosen) {
    // Optimisations scale constants, and some are gone after them.
    const tensor = graph.byName.get(name)?.getEdited('value');
    if (!(tensor instanceof StoredTensor)) continue;
    if (type === 'int8') quantized.set(name, tensor);
    else weights.set(name, { tensor: tensor.as({ type }), scaleShape: undefined });
  }
  if (quantized.size > 0) {
    for (const [name, weight] of await quantize(graph, quantized, checkpoint, settings.threads))
      weights.set(name, weight);
  }
  return weights;
}

async function quantize(
  graph: Graph,
  tensors: ReadonlyMap<string, StoredTensor>,
  checkpoint: Checkpoint,
  threads: number,
): Promise<[string, StoredWeight][]> {
  const finder = new ChannelFinder(graph);
  const wanted = Array.from(tensors, ([name, tensor]) => {
    const axes = finder.axesOf(name, tensor.shape);
    return { name, tensor, encoding: PayloadEncoding.raw, ...layOutChannels(tensor.shape, axes) };
  });
  refuseRepeatedScales(wanted);
  const columns = tensorColumns(wanted);
  const maxima = await channelMaxima(checkpoint.native, columns, threads);
  return wanted.map(({ name, tensor, channels, scaleShape }, index) => {
    const scales = (maxima[index] as Float32Array).map((maximum) => scaleOf(maximum, name));
    return [name, { tensor: tensor.as({ type: 'int8', scales, channels }), scaleShape }];
  });
}

/** Thousands of variables may be one tensor, each with scales of its own. */
function refuseRepeatedScales(wanted: readonly Pick<ChannelledTensor, 'tensor' | 'channels'>[]): void {
  const known = new Set<string>();
  const mostBytes = Math.floor(limits().computedBytes / 4);
  let bytes = 0;
  for (const { tensor, channels } of wanted) {
    const part = storedPart(tensor);
    if (known.has(part)) bytes += scaleSize * channels.count * (tensor.elementCount / Math.max(1, channels.block));
    known.add(part);
    if (bytes > mostBytes) {
      const what = `The scales of weights that are the same tensor again, such as '${tensor.key}', come to more than ${mostBytes} bytes`;
      throw beyond('computedBytes', what);
    }
  }
}

/** A channel of nothing but numbers that are next to 0 is stored as zeros. */
function scaleOf(maximum: number, name: string): number {
  if (!Number.isFinite(maximum)) {
    throw new PermafrostError(
      'UNSUPPORTED',
      `Variable '${name}' has values that are no finite numbers, and int8 has no place for them. ` +
        `Store it in another type ('${name}=float32' keeps it as it is), or mend the checkpoint.`,
    );
  }
  const scale = Math.fround(maximum / most);
  if (scale < smallestNormal) return 1;
  // Rounded up, next to the largest float32, it would be restored as an infinity.
  return Number.isFinite(Math.fround(most * scale)) ? scale : largestScale;
}
