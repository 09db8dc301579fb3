/**
 * The native core as TypeScript sees it: the only file that asks for the addon. Arguments are trusted here; whoever calls
 * has checked them. What the core reports as a failure arrives as a `PermafrostError`.
 */
import { fileURLToPath } from 'node:url';
import { errorCodes, PermafrostError, type PermafrostErrorCode, reason } from './errors.js';
import { loadBinary } from './native-binary.js';
import type {
  ElementWindow,
  NativeCheckpoint,
  NativeDamageSearch,
  NativeLiveHandles,
  NativeOpening,
  NativePayloadStream,
  TensorColumns,
} from './native-checkpoint.js';
import type { ConstantWish, DeviceTarget, PlacementColumns, PlacementResult } from './native-placement.js';

/** How a stored tensor becomes the payload of a TensorProto; the numbers are the core's (`plan/encoder.h`). */
export const PayloadEncoding = {
  raw: 0,
  bool: 1,
  varint: 2,
  strings: 3,
  float16: 4,
  bfloat16: 5,
  int8: 6,
  int32: 7,
  float32: 8,
} as const;
export type PayloadEncoding = (typeof PayloadEncoding)[keyof typeof PayloadEncoding];

/**
 * An output as columns: segment i is the next of `literals` where `rows[i]` is -1, else that tensor. A literal is the bytes
 * themselves, or the absolute path of a file that is copied whole.
 */
export interface NativePlan extends TensorColumns {
  readonly literals: readonly (Uint8Array | string)[];
  /** Bytes of each segment. */
  readonly sizes: Float64Array;
  /** The files that the segments, one after the other, are cut into; a single empty path is the target itself. */
  readonly paths: readonly string[];
  readonly fileSizes: Float64Array;
  readonly target: string;
  readonly durable: boolean;
  /** Only find out whether it can be written. */
  readonly dryRun: boolean;
  /** 0: as many as are of use. */
  readonly threads: number;
}

/** A plan that is being written on another thread. */
export interface NativeWrite {
  /**
   * Settles when the target is in place, or when nothing of the file is left. For each segment, how many elements its new
   * type has no place for: finite numbers that became infinite, integers that lost their upper bits.
   */
  readonly done: Promise<Float64Array>;
  bytesWritten(): number;
  /** Asks for an early end; `done` then rejects with `ABORTED`, unless the file was already complete. */
  abort(): void;
}

interface NativeBinding {
  openBundle(prefix: string): NativeOpening;
  openV1(prefix: string, files: readonly string[]): NativeOpening;
  emptyCheckpoint(): NativeCheckpoint;
  channelMaxima(
    checkpoint: NativeCheckpoint,
    tensors: TensorColumns,
    threads: number,
  ): Promise<readonly Float32Array[]>;
  writePlan(checkpoint: NativeCheckpoint, plan: NativePlan): NativeWrite;
  payloadStream(
    checkpoint: NativeCheckpoint,
    tensors: TensorColumns,
    start: number | undefined,
    count: number | undefined,
  ): NativePayloadStream;
  damageSearch(checkpoint: NativeCheckpoint): NativeDamageSearch;
  liveHandles(): NativeLiveHandles;
  deviceTargets(): readonly DeviceTarget[];
  loadDevicePlugin(path: string): readonly DeviceTarget[];
  deviceString(target: string, index: number): string;
  wantedConstant(target: string, dtype: number): ConstantWish;
  placeNodes(columns: PlacementColumns): Promise<PlacementResult>;
}

let binding: NativeBinding | undefined;

/** The addon, loaded when it is first needed: `--help` and a wrong flag do not pay for it. */
function native(): NativeBinding {
  binding ??= loadBinary(fileURLToPath(new URL('..', import.meta.url))) as NativeBinding;
  return binding;
}

/** What to do about what the core reports; its own messages say what was met, and where. */
const advice: Partial<Record<PermafrostErrorCode, string>> = {
  CHECKPOINT_MALFORMED: 'The checkpoint is damaged or cut off; copy it again, or take an older one.',
  SHARD_MISSING: 'Copy it beside the index: a checkpoint is all of its files.',
  CHECKSUM_MISMATCH: 'These are not the bytes that were saved; take another copy of the checkpoint.',
  DEVICE_PLUGIN_UNUSABLE: 'docs/devices.md says what permafrost expects of a plugin.',
  OUT_OF_MEMORY: 'Freeze on a machine with more of it, or fewer at once.',
};

/** Turns what the core reports (an Error whose `code` is one of ours) into a PermafrostError; passes the rest on. */
function translate(error: unknown): never {
  const code = errorCodes.find((known) => known === (error as { code?: unknown } | undefined)?.code);
  if (code === undefined) throw error;
  const hint = advice[code];
  throw new PermafrostError(code, hint === undefined ? reason(error) : `${reason(error)}. ${hint}`, { cause: error });
}

export function openBundle(prefix: string): NativeOpening {
  return translated(native().openBundle(prefix));
}

/** Reads the files whole: in a V1 checkpoint nothing says where a tensor is but the records themselves. */
export function openV1(prefix: string, files: readonly string[]): NativeOpening {
  return translated(native().openV1(prefix, files));
}

function translated({ done, abort }: NativeOpening): NativeOpening {
  return { done: done.catch(translate), abort };
}

/** Of no tensors and no files. */
export function emptyCheckpoint(): NativeCheckpoint {
  return native().emptyCheckpoint();
}

export function payloadSizes(checkpoint: NativeCheckpoint, tensors: TensorColumns): Promise<Float64Array> {
  return checkpoint.payloadSizes(tensors).catch(translate);
}

export function payloads(checkpoint: NativeCheckpoint, tensors: TensorColumns): Promise<readonly Uint8Array[]> {
  return checkpoint.payloads(tensors).catch(translate);
}

export function strings(checkpoint: NativeCheckpoint, row: number): Promise<Uint8Array> {
  return checkpoint.strings(row).catch(translate);
}

/**
 * Reads all elements, which are float32, and verifies no checksums.
 * @param tensors each with its channels; they need no scales.
 * @param threads 0: as many as are of use.
 * @returns for each tensor the largest magnitude of each of its channels: a NaN or an infinity where the channel has one.
 */
export function channelMaxima(
  checkpoint: NativeCheckpoint,
  tensors: TensorColumns,
  threads: number,
): Promise<readonly Float32Array[]> {
  return native().channelMaxima(checkpoint, tensors, threads).catch(translate);
}

export function writePlan(checkpoint: NativeCheckpoint, plan: NativePlan): NativeWrite {
  const write = native().writePlan(checkpoint, plan);
  return {
    done: write.done.catch(translate),
    bytesWritten: () => write.bytesWritten(),
    abort: () => write.abort(),
  };
}

/**
 * @param tensor one row.
 * @param window which elements are wanted; undefined: all of the tensor or part. Where it leaves some out, no more is read
 * than has to be, and no checksum is verified.
 */
export function payloadStream(
  checkpoint: NativeCheckpoint,
  tensor: TensorColumns,
  window?: ElementWindow,
): NativePayloadStream {
  const stream = native().payloadStream(checkpoint, tensor, window?.start, window?.count);
  const { overflows, close } = stream;
  return { fill: (bytes) => stream.fill(bytes).catch(translate), overflows, close };
}

/** Those of a V1 checkpoint, whose checksums were verified when it was opened, are held against their shapes. */
export function damageSearch(checkpoint: NativeCheckpoint): NativeDamageSearch {
  const search = native().damageSearch(checkpoint);
  return { ...search, step: (threads) => search.step(threads).catch(translate) };
}

export function liveHandles(): NativeLiveHandles {
  return native().liveHandles();
}

/** Of the whole process: cpu, gpu and npu, then those of plugins in the order of their loading, whichever thread loaded. */
export function deviceTargets(): readonly DeviceTarget[] {
  return native().deviceTargets();
}

/**
 * Loads a shared library for as long as the process lives. Loading one again changes nothing.
 * @param path a relative one is taken from the working folder.
 * @returns the targets that it has.
 * @throws DEVICE_PLUGIN_UNUSABLE
 */
export function loadDevicePlugin(path: string): readonly DeviceTarget[] {
  return translatedCall(() => native().loadDevicePlugin(path));
}

/**
 * As in "/device:GPU:1"; what stands before may be there too.
 * @param index a whole number from 0 to 2^32 - 1.
 * @throws DEVICE_UNKNOWN for no such target, or no such device of it; DEVICE_PLUGIN_UNUSABLE for an answer that is none.
 */
export function deviceString(target: string, index: number): string {
  return translatedCall(() => native().deviceString(target, index));
}

/**
 * @param dtype a DataType number that a tensor can have.
 * @throws DEVICE_UNKNOWN for no such target; DEVICE_PLUGIN_UNUSABLE for an answer that is none.
 */
export function wantedConstant(target: string, dtype: number): ConstantWish {
  return translatedCall(() => native().wantedConstant(target, dtype));
}

function translatedCall<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    return translate(error);
  }
}

/**
 * Decides where each node goes; docs/devices.md says how. Rejects with `DEVICE_PLUGIN_UNUSABLE` where a target answers
 * junk.
 * @throws PermafrostError DEVICE_UNKNOWN where there is no such target.
 */
export function placeNodes(columns: PlacementColumns): Promise<PlacementResult> {
  try {
    return native().placeNodes(columns).catch(translate);
  } catch (error) {
    return translate(error);
  }
}
