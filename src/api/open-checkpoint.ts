import { Checkpoint } from '../checkpoint/checkpoint.js';
import { onAbort } from '../on-abort.js';
import { abortError, throwIfAborted } from './abort.js';
import { type OpenCheckpoint, openCheckpointOf } from './checkpoint/opened-checkpoint.js';
import { OptionReader } from './options/option-reader.js';
import { traced } from './traced.js';
import { shortTurns } from './turns/short-turns.js';

export interface OpenCheckpointOptions {
  /** Ends the opening; what is done with the open checkpoint takes signals of its own. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Opens a checkpoint for tools: its index is read and checked, of a V1 checkpoint the whole. Close it when done with it.
 * @param path what `freeze` takes: a prefix, a folder, a `checkpoint` file, or any file of the checkpoint; of format V2 or V1.
 * @throws PermafrostError INVALID_ARGUMENT, CHECKPOINT_NOT_FOUND, CHECKPOINT_MALFORMED, CHECKPOINT_UNSUPPORTED,
 * WRONG_FILE_KIND, SHARD_MISSING, CHECKSUM_MISMATCH, READ_FAILED, OUT_OF_MEMORY, ABORTED, NATIVE_UNAVAILABLE
 */
export function openCheckpoint(path: string, options: OpenCheckpointOptions = {}): Promise<OpenCheckpoint> {
  return traced('openCheckpoint', { path, ...options }, () => open(path, options));
}

async function open(path: string, options: OpenCheckpointOptions): Promise<OpenCheckpoint> {
  const read = new OptionReader(options, 'openCheckpoint');
  const signal = read.signal('signal');
  read.rejectUnknown();
  const given = new OptionReader({ path }, 'openCheckpoint').path('path');
  const opening = `Opening the checkpoint ${given}`;
  throwIfAborted(signal, opening);
  const ending = new AbortController();
  const end = (): void => ending.abort();
  const stopListening = onAbort(signal, end);
  try {
    const checkpoint = await shortTurns.take(ending.signal, () => Checkpoint.open(given, ending.signal));
    if (!signal?.aborted) return openCheckpointOf(checkpoint);
    checkpoint.close();
    throw abortError(signal, opening);
  } catch (error) {
    throwIfAborted(signal, opening);
    throw error;
  } finally {
    stopListening();
  }
}
