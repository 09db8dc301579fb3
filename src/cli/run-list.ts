/** What `permafrost list` prints. */
import type { CheckpointTensor } from '../api/checkpoint/checkpoint-tensor.js';
import { openCheckpoint } from '../api/open-checkpoint.js';
import { shapeInOptions } from '../graph/shape-text.js';
import { count } from './count.js';
import { formatBytes } from './format-bytes.js';
import { reportError } from './run-freeze.js';

/** Never rejects. */
export async function runList(path: string, json: boolean): Promise<void> {
  try {
    const checkpoint = await openCheckpoint(path);
    const tensors = checkpoint.list();
    await checkpoint.close();
    const listing = { checkpoint: checkpoint.prefix, tensors };
    console.log(json ? JSON.stringify(listing, null, 2) : formatTensors(checkpoint.prefix, tensors));
  } catch (error) {
    reportError(error, { json });
  }
}

export function formatTensors(prefix: string, tensors: readonly CheckpointTensor[]): string {
  const lines = tensors.map(({ name, dtype, shape, slices }) => {
    const cut = slices.length > 0 ? `  in ${count(slices.length, 'slice')}` : '';
    return `${name}  ${dtype}${shapeInOptions(shape)}${cut}`;
  });
  const bytes = tensors.reduce((sum, tensor) => sum + tensor.bytes, 0);
  return [...lines, `${prefix}: ${count(tensors.length, 'tensor')}, ${formatBytes(bytes)}`].join('\n');
}
