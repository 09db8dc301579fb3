/** What `permafrost list` prints. */
import type { OpenCheckpoint } from '../api/checkpoint/opened-checkpoint.js';
import { openCheckpoint } from '../api/open-checkpoint.js';
import { shapeInOptions } from '../graph/shape-text.js';
import { count } from './count.js';
import { formatBytes } from './format-bytes.js';
import { asJsonByItem, asText, printAll } from './print.js';
import { reportError } from './run-freeze.js';

/** Never rejects. */
export async function runList(path: string, json: boolean): Promise<void> {
  try {
    const checkpoint = await openCheckpoint(path);
    try {
      await printAll(json ? asJsonByItem({ checkpoint: checkpoint.prefix, tensors: checkpoint }) : textOf(checkpoint));
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
