/** Whether all tensors of a checkpoint are what was saved. */
import type { Checkpoint } from '../../checkpoint/checkpoint.js';
import type { PermafrostErrorCode } from '../../errors.js';
import type { StoredTensor } from '../../graph/stored-tensor.js';
import { damageSearch } from '../../native.js';
import type { NativeDamage } from '../../native-checkpoint.js';
import { DataType } from '../../proto/data-types.js';
import { OptionReader } from '../options/option-reader.js';
import { ProgressTeller, progressInterval } from '../progress.js';
import { shortTurns } from '../turns/short-turns.js';
import type { Task, UnderWay } from './under-way.js';

export interface VerifyProgress {
  /** Bytes read so far, as stored. */
  readonly read: number;
  /** Bytes of all tensors that are read. */
  readonly total: number;
}

export interface VerifyOptions {
  /** Called 20 times a second at most, and once at the end. What it throws ends the verification, as that of `freeze`. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** How many threads read. Default: as many as are of use. */
  readonly threads?: number | undefined;
}

export interface DamagedTensor {
  readonly name: string;
  /** Why reading it fails: `CHECKSUM_MISMATCH`, `SHARD_MISSING`, `CHECKPOINT_MALFORMED`, `READ_FAILED` or another. */
  readonly code: PermafrostErrorCode;
  /** What is wrong, and in which bytes of which file. */
  readonly message: string;
}

export interface VerifyReport {
  /** How many tensors were read. */
  readonly tensors: number;
  /** What they take, as stored. */
  readonly bytes: number;
  /** Those that are not what was saved, or not there, in the order of the index. */
  readonly damaged: readonly DamagedTensor[];
  /** Resources and variants: nothing but the code of TensorFlow that wrote them can read them. */
  readonly unread: readonly string[];
}

export async function verifyCheckpoint(
  checkpoint: Checkpoint,
  underWay: UnderWay,
  options: VerifyOptions,
): Promise<VerifyReport> {
  const read = new OptionReader(options, 'verify');
  const onProgress = read.callback<(progress: VerifyProgress) => void>('onProgress');
  const signal = read.signal('signal');
  const threads = read.count('threads', 256) ?? 0;
  read.rejectUnknown();
  const task = underWay.begin(`Verifying the checkpoint ${checkpoint.prefix}`, signal);
  try {
    const unread: string[] = [];
    let tensors = 0;
    let total = 0;
    // One after the other: there may be very many.
    for (const key of checkpoint.keys()) {
      const { dtype, byteLength } = checkpoint.get(key) as StoredTensor;
      if (dtype === DataType.resource || dtype === DataType.variant) {
        unread.push(key);
      } else {
        tensors++;
        total += byteLength;
      }
    }
    const damaged = await search(checkpoint, task, { threads, total, onProgress });
    return { tensors, bytes: total, damaged, unread };
  } finally {
    task.finish();
  }
}

interface Search {
  readonly threads: number;
  readonly total: number;
  readonly onProgress: VerifyOptions['onProgress'];
}

async function search(
  checkpoint: Checkpoint,
  task: Task,
  { threads, total, onProgress }: Search,
): Promise<DamagedTensor[]> {
  const { step, takeDamage, bytesRead, close } = damageSearch(checkpoint.native);
  const end = (): void => {
    clearInterval(timer);
    close();
  };
  const teller = onProgress && new ProgressTeller<VerifyProgress>(onProgress, end);
  const timer = teller && setInterval(() => teller.tell({ read: bytesRead(), total }), progressInterval);
  task.signal.addEventListener('abort', end, { once: true });
  try {
    const readOn = async (): Promise<readonly NativeDamage[] | undefined> => {
      const hasMore = await shortTurns.take(task.signal, () => step(threads));
      return hasMore ? undefined : takeDamage();
    };
    let damage: readonly NativeDamage[] | undefined;
    do damage = await task.run(readOn);
    while (!damage);
    teller?.tell({ read: total, total });
    const keys = damage.length > 0 ? [...checkpoint.keys()] : [];
    return damage.map(({ row, code, message }) => ({ name: keys[row] as string, code, message }));
  } finally {
    end();
    teller?.throwIfFailed();
  }
}
