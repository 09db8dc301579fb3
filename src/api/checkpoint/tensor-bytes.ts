/** The bytes of a tensor's elements, as the core reads them. */
import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import type { StoredTensor } from '../../graph/stored-tensor.js';
import { payloadStream } from '../../native.js';
import type { ElementWindow, NativePayloadStream } from '../../native-checkpoint.js';
import { tensorColumns } from '../../plan/tensor-columns.js';
import { shortTurns } from '../turns/short-turns.js';
import { elementEncoding } from './elements.js';
import type { Task } from './under-way.js';

/** What one turn reads at most: whoever else waits for a thread of libuv's pool gets one within milliseconds. */
const bytesInTurn = 16 * 2 ** 20;

export class TensorBytes {
  readonly #stream: NativePayloadStream;
  readonly #task: Task;

  /**
   * @param task is finished when the bytes are closed.
   * @throws PermafrostError UNSUPPORTED
   */
  constructor(checkpoint: Checkpoint, tensor: StoredTensor, window: ElementWindow, task: Task) {
    const columns = tensorColumns([{ tensor, encoding: elementEncoding(tensor) }]);
    this.#stream = payloadStream(checkpoint.native, columns, window);
    this.#task = task;
    task.signal.addEventListener('abort', () => this.#stream.close(), { once: true });
  }

  /**
   * Fills the array with what comes next.
   * @returns how many bytes came: fewer than there is room for only at the end. The last ones come only where the checksum
   * holds, if all of the tensor is read.
   * @throws PermafrostError SHARD_MISSING, READ_FAILED, CHECKPOINT_MALFORMED, CHECKSUM_MISMATCH, ABORTED
   */
  async fill(bytes: Uint8Array): Promise<number> {
    const { signal } = this.#task;
    let filled = 0;
    do {
      const room = bytes.subarray(filled, filled + bytesInTurn);
      const count = await this.#task.run(() => shortTurns.take(signal, () => this.#stream.fill(room)));
      filled += count;
      if (count < room.length) break;
    } while (filled < bytes.length);
    return filled;
  }

  close(): void {
    this.#stream.close();
    this.#task.finish();
  }
}
