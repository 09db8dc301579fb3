/** What is asked for of a tensor's elements. */
import type { StoredTensor } from '../../graph/stored-tensor.js';
import type { ElementWindow } from '../../native-checkpoint.js';
import { OptionReader } from '../options/option-reader.js';

export interface ReadOptions {
  /** The first element of a window, counted in row-major order. Default: 0. */
  readonly start?: number | undefined;
  /** How many elements. Default: all from `start` on. */
  readonly count?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface StreamOptions {
  /** How long a chunk is at most; there is an element in it at least. Of strings, each is a chunk. Default: 1 MiB. */
  readonly chunkBytes?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

const usualChunk = 2 ** 20;
const longestChunk = 2 ** 30;

export function readWindow(
  options: ReadOptions,
  { elementCount }: StoredTensor,
): { readonly window: ElementWindow; readonly signal: AbortSignal | undefined } {
  const read = new OptionReader(options, 'read');
  const start = read.whole('start', 0, elementCount) ?? 0;
  const most = elementCount - start;
  const window = { start, count: read.whole('count', 0, most) ?? most };
  const signal = read.signal('signal');
  read.rejectUnknown();
  return { window, signal };
}

export function readStreamOptions(options: StreamOptions): {
  readonly chunkBytes: number;
  readonly signal: AbortSignal | undefined;
} {
  const read = new OptionReader(options, 'stream');
  const chunkBytes = read.count('chunkBytes', longestChunk) ?? usualChunk;
  const signal = read.signal('signal');
  read.rejectUnknown();
  return { chunkBytes, signal };
}
