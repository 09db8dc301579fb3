/** What `permafrost list` prints. */
import type { CheckpointTensor } from '../api/checkpoint/checkpoint-tensor.js';
import type { OpenCheckpoint } from '../api/checkpoint/opened-checkpoint.js';
import { openCheckpoint } from '../api/open-checkpoint.js';
import { shapeInOptions } from '../graph/shape-text.js';
import { count } from './count.js';
import { formatBytes } from './format-bytes.js';
import { asJson, asText } from './print.js';
import { reportError } from './run-freeze.js';

/** How much is printed at once: a checkpoint may have very many tensors. */
const atOnce = 1_000;

/** Never rejects. */
export async function runList(path: string, json: boolean): Promise<void> {
  try {
    const checkpoint = await openCheckpoint(path);
    try {
      let waiting: string[] = [];
      for (const text of json ? jsonOf(checkpoint) : textOf(checkpoint)) {
        if (waiting.push(text) < atOnce) continue;
        console.log(waiting.join('\n'));
        waiting = [];
      }
      if (waiting.length > 0) console.log(waiting.join('\n'));
    } finally {
      await checkpoint.close();
    }
  } catch (error) {
    reportError(error, { json });
  }
}

/** Line by line; the last one is about all of them. */
function* textOf(checkpoint: OpenCheckpoint): Generator<string> {
  let tensors = 0;
  let sum = 0;
  for (const { name, dtype, shape, slices, bytes } of checkpoint) {
    const cut = slices.length > 0 ? `  in ${count(slices.length, 'slice')}` : '';
    yield asText([`${name}  ${dtype}${shapeInOptions(shape)}${cut}`]);
    tensors++;
    sum += bytes;
  }
  yield asText([`${checkpoint.prefix}: ${count(tensors, 'tensor')}, ${formatBytes(sum)}`]);
}

/** The checkpoint's prefix and its tensors as one object, tensor by tensor. */
function* jsonOf(checkpoint: OpenCheckpoint): Generator<string> {
  yield `{\n  "checkpoint": ${asJson(checkpoint.prefix)},\n  "tensors": [`;
  let last: CheckpointTensor | undefined;
  for (const tensor of checkpoint) {
    if (last) yield `${inArray(last)},`;
    last = tensor;
  }
  if (last) yield inArray(last);
  yield '  ]\n}';
}

function inArray(tensor: CheckpointTensor): string {
  return `    ${asJson(tensor).replaceAll('\n', '\n    ')}`;
}
