/** The bytes of a plan, one after the other, for whoever takes them in. */
import { isUint8Array } from 'node:util/types';
import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import { PermafrostError } from '../../errors.js';
import { payloadStream } from '../../native.js';
import { isTensor, type Plan, type Segment } from '../../plan/plan.js';
import { tensorColumns } from '../../plan/tensor-columns.js';
import { throwIfAborted } from '../abort.js';
import type { FreezeSettings } from '../options/freeze-settings.js';
import { PacedProgress } from '../progress.js';

/** Takes in the next bytes, which are its own from then on; resolves when it has room for more. */
export type Take = (chunk: Uint8Array) => Promise<void>;

/** Where the bytes of a segment come from. */
interface Source {
  /** Resolves to how many came: fewer than there is room for only at the end. */
  fill(room: Uint8Array): Promise<number>;
  /** Of numbers that have become others for lack of a place in their type. */
  overflows(): number;
  close(): void;
}

/** Bytes that a stream is given at once. */
const streamed = 1 << 20;

/**
 * Hands over the whole plan, without files among its segments: in memory as one piece, else piece by piece. Each tensor's last
 * bytes come only where its checksum holds.
 * @returns as `write` does.
 * @throws PermafrostError CHECKSUM_MISMATCH, SHARD_MISSING, READ_FAILED, CHECKPOINT_MALFORMED, ABORTED, OUT_OF_MEMORY; and
 * whatever `take` or the callback throws.
 */
export async function takePlan(
  { segments, size }: Plan,
  checkpoint: Checkpoint,
  { inMemory, signal, onProgress }: Pick<FreezeSettings, 'inMemory' | 'signal' | 'onProgress'>,
  take: Take,
): Promise<Float64Array> {
  const chunkSize = inMemory ? size : streamed;
  const progress = onProgress && new PacedProgress(onProgress, size);
  const overflows = new Float64Array(segments.length);
  let left = size;
  let chunk = newChunk(Math.min(chunkSize, left));
  let used = 0;
  for (const [index, segment] of segments.entries()) {
    const source = open(segment, checkpoint);
    try {
      for (;;) {
        const room = chunk.subarray(used);
        const count = await source.fill(room);
        used += count;
        if (count < room.length) break;
        left -= chunk.length;
        await take(chunk);
        throwIfAborted(signal);
        progress?.tell(size - left);
        chunk = newChunk(Math.min(chunkSize, left));
        used = 0;
        if (left === 0) break;
      }
      overflows[index] = source.overflows();
    } finally {
      source.close();
    }
  }
  return overflows;
}

function newChunk(size: number): Uint8Array {
  try {
    return new Uint8Array(size);
  } catch (error) {
    throw new PermafrostError(
      'OUT_OF_MEMORY',
      `There is no memory for ${size} bytes of the frozen graph. Write it to a file, or to a stream.`,
      { cause: error },
    );
  }
}

function open(segment: Segment, checkpoint: Checkpoint): Source {
  if (isUint8Array(segment)) return literalSource(segment);
  if (!isTensor(segment)) throw new TypeError(`the file ${segment.path} is no part of a graph`);
  return payloadStream(checkpoint.native, tensorColumns([segment]));
}

function literalSource(bytes: Uint8Array): Source {
  let taken = 0;
  return {
    fill: async (room) => {
      const part = bytes.subarray(taken, taken + room.length);
      room.set(part);
      taken += part.length;
      return part.length;
    },
    overflows: () => 0,
    close: () => undefined,
  };
}
