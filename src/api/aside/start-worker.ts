/** Workers, each new and for one job, and what becomes of those that nobody waits for. */
import { type ResourceLimits, type TransferListItem, Worker } from 'node:worker_threads';
import { workingFolder } from '../../working-folder.js';
import { foreseen } from './foreseen.js';

/**
 * How long a worker that nobody waits for any more has to end by itself, in milliseconds. Some passes over a graph take less; what
 * takes more may never end.
 */
const patience = 10_000;

export interface Start {
  readonly workerData: object;
  readonly transferList: TransferListItem[];
  /** What JavaScript may take in it; undefined: what the engine gives. */
  readonly heapBytes: number | undefined;
}

/** @throws PermafrostError OUT_OF_MEMORY where the system has no thread for it. */
export function startWorker(file: URL, { workerData, transferList, heapBytes }: Start): Worker {
  // Node starts no worker without one.
  workingFolder();
  const resourceLimits = heapBytes === undefined ? {} : heapOf(heapBytes);
  try {
    // Without the arguments that Node was started with: what they preload is not meant for this.
    return new Worker(file, { workerData, transferList, execArgv: [], resourceLimits, name: 'permafrost' });
  } catch (error) {
    throw foreseen(error, heapBytes);
  }
}

/**
 * Ends a worker that does not end by itself. Not at once, since the engine may compile for it on other threads; `calm.ts` says
 * what may come of that.
 */
export function endIfDeaf(worker: Worker): void {
  const timer = setTimeout(() => worker.terminate(), patience);
  worker.once('exit', () => clearTimeout(timer));
}

/** The young generation gets a fourth, up to what the engine gives it otherwise, and the old one the rest. */
function heapOf(bytes: number): ResourceLimits {
  const all = Math.floor(bytes / 2 ** 20);
  const young = Math.min(Math.floor(all / 4), 48);
  return { maxYoungGenerationSizeMb: young, maxOldGenerationSizeMb: all - young };
}
