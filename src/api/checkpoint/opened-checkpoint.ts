import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import { StoredPieces } from '../../checkpoint/stored-pieces.js';
import { PermafrostError } from '../../errors.js';
import type { StoredTensor } from '../../graph/stored-tensor.js';
import type { ElementWindow } from '../../native-checkpoint.js';
import { listNames, nearest } from '../../nearest.js';
import { DataType } from '../../proto/data-types.js';
import { describe } from '../options/option-reader.js';
import { traced, tracedPieces } from '../traced.js';
import { type CheckpointTensor, describeTensor } from './checkpoint-tensor.js';
import { allStringsOf, chunksOf, stringsOf } from './chunks.js';
import { arrayFor, elementEncoding, refuseStrings, type TensorElements } from './elements.js';
import { type ReadOptions, readStreamOptions, readWindow, type StreamOptions } from './read-options.js';
import { TensorBytes } from './tensor-bytes.js';
import { UnderWay } from './under-way.js';
import { type VerifyOptions, type VerifyReport, verifyCheckpoint } from './verify.js';

let make: (checkpoint: Checkpoint) => OpenCheckpoint;
let isOpened: (value: unknown) => value is OpenCheckpoint;

/** For `openCheckpoint`: what users see has no constructor, and so nothing of what is behind it. */
export function openCheckpointOf(checkpoint: Checkpoint): OpenCheckpoint {
  return make(checkpoint);
}

/**
 * A checkpoint whose tensors can be listed, read, streamed and verified, several at once, until it is closed. It belongs to
 * the thread that has opened it; other threads open their own. The end of its thread or of the process ends what is under way.
 */
export class OpenCheckpoint implements AsyncDisposable, Disposable, Iterable<CheckpointTensor> {
  /** The checkpoint's prefix, an absolute path. */
  readonly prefix: string;
  readonly #checkpoint: Checkpoint;
  readonly #pieces: StoredPieces;
  readonly #underWay: UnderWay;

  static {
    make = (checkpoint) => new OpenCheckpoint(checkpoint);
    isOpened = (value): value is OpenCheckpoint => typeof value === 'object' && value !== null && #checkpoint in value;
  }

  private constructor(checkpoint: Checkpoint) {
    this.prefix = checkpoint.path;
    this.#checkpoint = checkpoint;
    this.#pieces = new StoredPieces(checkpoint.native);
    this.#underWay = new UnderWay(checkpoint.prefix);
  }

  /**
   * All tensors, in the order of the index, which is that of their names' bytes.
   * @throws PermafrostError INVALID_ARGUMENT where the checkpoint is closed.
   */
  list(): CheckpointTensor[] {
    return [...opened(this)];
  }

  /** As `list`, one after the other. */
  *[Symbol.iterator](): Generator<CheckpointTensor> {
    opened(this).#underWay.throwIfClosed();
    for (const name of this.#checkpoint.keys()) {
      // Meanwhile it may have been.
      this.#underWay.throwIfClosed();
      yield describeTensor(this.#find(name), this.#pieces);
    }
  }

  /**
   * One tensor; undefined where there is none of that name.
   * @throws PermafrostError INVALID_ARGUMENT where the checkpoint is closed.
   */
  get(name: string): CheckpointTensor | undefined {
    opened(this).#underWay.throwIfClosed();
    const tensor = this.#checkpoint.get(name);
    return tensor && describeTensor(tensor, this.#pieces);
  }

  /**
   * The elements of a tensor, or a window of them, in memory of their own. The checksums are verified where all of the tensor is
   * read. A window reads no more than it has to, for which reason none of its checksums is verified: `verify` does that.
   * @throws PermafrostError INVALID_ARGUMENT (also for more than 4 GiB: read windows), VARIABLE_NOT_IN_CHECKPOINT, UNSUPPORTED
   * (resources and variants), SHARD_MISSING, READ_FAILED, CHECKPOINT_MALFORMED, CHECKSUM_MISMATCH, OUT_OF_MEMORY, ABORTED
   */
  async read(name: string, options: ReadOptions = {}): Promise<TensorElements> {
    return traced('read', { checkpoint: opened(this).prefix, name, ...options }, () => this.#read(name, options));
  }

  async #read(name: string, options: ReadOptions): Promise<TensorElements> {
    this.#underWay.throwIfClosed();
    const tensor = this.#find(name);
    const { window, signal } = readWindow(options, tensor);
    elementEncoding(tensor);
    const isText = tensor.dtype === DataType.string;
    if (isText) refuseStrings(tensor, window.count);
    const elements = isText ? undefined : arrayFor(tensor, window.count);
    const bytes = this.#open(tensor, window, signal);
    try {
      if (!elements) return await allStringsOf(bytes, tensor.key);
      await bytes.fill(new Uint8Array(elements.buffer));
      return elements;
    } finally {
      bytes.close();
    }
  }

  /**
   * The bytes of a tensor's elements, little-endian, in chunks of whole elements, each with memory of its own; of a string tensor
   * each chunk is an element. The last chunk is given only when the checksums are verified: whoever has it has what was saved.
   * Nothing is read before it is asked for; leaving a `for await` early gives everything back.
   * @throws PermafrostError as `read`, when it is iterated.
   */
  stream(name: string, options: StreamOptions = {}): AsyncGenerator<Uint8Array, void, undefined> {
    const asked = { checkpoint: opened(this).prefix, name, ...options };
    return tracedPieces('stream', asked, (fail) => this.#stream(name, options, fail));
  }

  /** @param fail is told of an end that comes while nobody asks for more. */
  async *#stream(
    name: string,
    options: StreamOptions,
    fail: (error: unknown) => void,
  ): AsyncGenerator<Uint8Array, void> {
    this.#underWay.throwIfClosed();
    const tensor = this.#find(name);
    const { chunkBytes, signal } = readStreamOptions(options);
    elementEncoding(tensor);
    const bytes = this.#open(tensor, { start: 0, count: tensor.elementCount }, signal, fail);
    try {
      if (tensor.dtype === DataType.string) yield* stringsOf(bytes, tensor.key);
      else yield* chunksOf(bytes, tensor, chunkBytes);
    } finally {
      bytes.close();
    }
  }

  /**
   * Reads all tensors with several threads and holds them against their checksums. Damage does not end it: the report names
   * every damaged tensor. Those of a V1 checkpoint, whose checksums were verified when it was opened, are held against their
   * shapes.
   * @throws PermafrostError INVALID_ARGUMENT, OUT_OF_MEMORY, ABORTED
   */
  async verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    return traced('verify', { checkpoint: opened(this).prefix, ...options }, async () => {
      this.#underWay.throwIfClosed();
      return verifyCheckpoint(this.#checkpoint, this.#underWay, options);
    });
  }

  /**
   * Ends what is under way, which rejects with `ABORTED`, and gives back files and memory; everything that is asked for
   * afterwards fails with `INVALID_ARGUMENT`. Resolves when nothing reads any more, and never rejects. May be called again.
   */
  async close(): Promise<void> {
    await opened(this).#underWay.end();
    this.#checkpoint.close();
  }

  /** Closes without waiting for the end of what is under way. */
  [Symbol.dispose](): void {
    void this.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #open(
    tensor: StoredTensor,
    window: ElementWindow,
    signal: AbortSignal | undefined,
    onEarlyEnd?: (error: unknown) => void,
  ): TensorBytes {
    const task = this.#underWay.begin(`Reading the tensor '${tensor.key}'`, signal);
    if (onEarlyEnd) task.onEarlyEnd(onEarlyEnd);
    return new TensorBytes(this.#checkpoint, tensor, window, task);
  }

  #find(name: string): StoredTensor {
    const tensor = this.#checkpoint.get(name);
    if (tensor) return tensor;
    if (typeof name !== 'string') {
      throw new PermafrostError('INVALID_ARGUMENT', `Expected the name of a tensor but received ${describe(name)}.`);
    }
    const near = nearest(name, [...this.#checkpoint.keys()]);
    throw new PermafrostError(
      'VARIABLE_NOT_IN_CHECKPOINT',
      `There is no tensor '${name}' in the checkpoint ${this.#checkpoint.prefix}. ` +
        (near.length > 0 ? `The nearest are ${listNames(near)}.` : 'list() has the names of all.'),
    );
  }
}

/**
 * What a method was called on, which may be anything: `const { read } = checkpoint` leaves the checkpoint behind.
 * @throws PermafrostError INVALID_ARGUMENT
 */
function opened(self: OpenCheckpoint): OpenCheckpoint {
  if (isOpened(self)) return self;
  throw new PermafrostError(
    'INVALID_ARGUMENT',
    'A method of an open checkpoint was called on something else. Call it on the checkpoint, as in `checkpoint.read(name)`.',
  );
}
