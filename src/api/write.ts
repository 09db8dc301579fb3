/** Hands a plan to the native core, with progress and an early end. */
import { stat } from 'node:fs/promises';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { PermafrostError } from '../errors.js';
import { type NativePlan, PayloadEncoding, writePlan } from '../native.js';
import type { Plan } from '../plan/plan.js';

export interface Progress {
  /** Bytes in the file so far. */
  readonly written: number;
  /** Bytes of the whole file. */
  readonly total: number;
}

export interface WriteSettings {
  /** The target. */
  readonly out: string;
  /** The graph file, which the target must not be. */
  readonly graph: string;
  /** The SaverDef file, if there is one; the target must not be that either. */
  readonly saver: string | undefined;
  readonly durable: boolean;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: Progress) => void) | undefined;
}

/** 20 times a second. */
const progressInterval = 50;

/** @throws PermafrostError WRITE_FAILED, ABORTED, CHECKSUM_MISMATCH, SHARD_MISSING, READ_FAILED, INVALID_ARGUMENT */
export async function write(plan: Plan, checkpoint: Checkpoint, settings: WriteSettings): Promise<void> {
  const { out, durable, signal, onProgress } = settings;
  await refuseSource(checkpoint, settings);
  throwIfAborted(signal);
  const job = writePlan(checkpoint.bundle, columns(plan, out, durable));
  const abort = (): void => job.abort();
  signal?.addEventListener('abort', abort, { once: true });
  const timer =
    onProgress && setInterval(() => onProgress({ written: job.bytesWritten(), total: plan.size }), progressInterval);
  try {
    await job.done;
  } finally {
    clearInterval(timer);
    signal?.removeEventListener('abort', abort);
  }
  onProgress?.({ written: plan.size, total: plan.size });
}

/** @throws PermafrostError ABORTED */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new PermafrostError('ABORTED', 'The freeze was aborted.', { cause: signal.reason });
}

function columns(plan: Plan, target: string, durable: boolean): NativePlan {
  const count = plan.segments.length;
  const literals: Uint8Array[] = [];
  const rows = new Int32Array(count);
  const encodings = new Uint8Array(count);
  const sizes = new Float64Array(count);
  plan.segments.forEach((segment, index) => {
    const isLiteral = segment instanceof Uint8Array;
    if (isLiteral) literals.push(segment);
    rows[index] = isLiteral ? -1 : segment.tensor.row;
    encodings[index] = isLiteral ? PayloadEncoding.raw : segment.encoding;
    sizes[index] = isLiteral ? segment.length : segment.size;
  });
  return { literals, rows, encodings, sizes, target, durable };
}

/** Replacing a file that is being read would destroy a training run. */
async function refuseSource(checkpoint: Checkpoint, { out, graph, saver }: WriteSettings): Promise<void> {
  const target = await stat(out).catch(() => undefined);
  if (!target) return;
  for (const source of [graph, ...(saver === undefined ? [] : [saver]), ...checkpoint.files()]) {
    const info = await stat(source).catch(() => undefined);
    if (info?.ino !== target.ino || info.dev !== target.dev) continue;
    throw new PermafrostError(
      'INVALID_ARGUMENT',
      `The target ${out} is the same file as the source ${source}. Choose another target.`,
    );
  }
}
