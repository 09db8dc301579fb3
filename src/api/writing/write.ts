/** Hands a plan to the native core, with progress and an early end. */
import { stat } from 'node:fs/promises';
import { isUint8Array } from 'node:util/types';
import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import { PermafrostError } from '../../errors.js';
import { type NativePlan, writePlan } from '../../native.js';
import { onAbort } from '../../on-abort.js';
import { refuseUnwritable } from '../../permission.js';
import { isTensor, type Plan, type Segment } from '../../plan/plan.js';
import { tensorColumns } from '../../plan/tensor-columns.js';
import { abortError, throwIfAborted } from '../abort.js';
import { type OnProgress, ProgressTeller, progressInterval } from '../progress.js';

export interface WriteSettings {
  /** The target. */
  readonly out: string;
  /** Paths of what was read, besides the checkpoint's own files: the target must be none of them. */
  readonly sources: readonly string[];
  readonly durable: boolean;
  /** Only find out whether it can be written, without a trace and without progress. */
  readonly dryRun: boolean;
  /** 0: as many as are of use. */
  readonly threads: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: OnProgress | undefined;
}

export interface WriteSteps {
  readonly mayBegin?: (() => boolean) | undefined;
  readonly inPlace?: () => Promise<void>;
}

/**
 * @param steps `mayBegin` is asked last of all before anything is written; false: the freeze was aborted elsewhere.
 * `inPlace` is what else there is to do once the target is in place.
 * @returns for each segment of the plan, how many of its numbers became infinite, or lost their upper bits, because their new
 * type has no place for them.
 * @throws PermafrostError WRITE_FAILED, ABORTED, CHECKSUM_MISMATCH, SHARD_MISSING, READ_FAILED, INVALID_ARGUMENT
 */
export async function write(
  plan: Plan,
  checkpoint: Checkpoint,
  settings: WriteSettings,
  { mayBegin, inPlace }: WriteSteps = {},
): Promise<Float64Array> {
  const { signal, dryRun } = settings;
  const onProgress = dryRun ? undefined : settings.onProgress;
  // The core writes, which Node does not know of.
  refuseUnwritable(settings.out);
  await refuseSource(checkpoint, settings);
  const native = columns(plan, settings);
  throwIfAborted(signal);
  if (!dryRun && mayBegin?.() === false) throw abortError();
  const job = writePlan(checkpoint.native, native);
  const abort = (): void => job.abort();
  const stopListening = onAbort(signal, abort);
  const teller = onProgress && new ProgressTeller(onProgress, abort);
  const timer =
    teller && setInterval(() => teller.tell({ written: job.bytesWritten(), total: plan.size }), progressInterval);
  let overflows: Float64Array;
  try {
    overflows = await job.done;
  } catch (error) {
    teller?.throwIfFailed();
    throw error;
  } finally {
    clearInterval(timer);
    stopListening();
  }
  await inPlace?.();
  // The file is in place: what the callback throws now cannot undo that, and is the caller's own to handle.
  teller?.tell({ written: plan.size, total: plan.size });
  teller?.throwIfFailed();
  return overflows;
}

function columns(plan: Plan, { out, durable, dryRun, threads }: WriteSettings): NativePlan {
  const { segments } = plan;
  return {
    ...tensorColumns(segments.map((segment) => (isTensor(segment) ? segment : undefined))),
    literals: segments.flatMap((segment) => literalOf(segment) ?? []),
    sizes: Float64Array.from(segments, (segment) => (isUint8Array(segment) ? segment.length : segment.size)),
    paths: plan.files.map(({ path }) => path),
    fileSizes: Float64Array.from(plan.files, ({ size }) => size),
    target: out,
    durable,
    dryRun,
    threads,
  };
}

function literalOf(segment: Segment): Uint8Array | string | undefined {
  if (isUint8Array(segment)) return segment;
  return isTensor(segment) ? undefined : segment.path;
}

/** Replacing a file that is being read would destroy a training run. */
export async function refuseSource(
  checkpoint: Checkpoint,
  { out, sources: given }: Pick<WriteSettings, 'out' | 'sources'>,
): Promise<void> {
  const target = await identity(out);
  if (!target) return;
  const sources = [...given, ...checkpoint.files()];
  const identities = await Promise.all(sources.map(identity));
  const same = sources[identities.indexOf(target)];
  if (same === undefined) return;
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    `The target ${out} is the same file as the source ${same}. Choose another target.`,
  );
}

/** What one file has alone; undefined where there is none. */
async function identity(path: string): Promise<string | undefined> {
  const info = await stat(path, { bigint: true }).catch(() => undefined);
  return info && `${info.dev}:${info.ino}`;
}
