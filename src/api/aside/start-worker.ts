/** Workers, each new and for one job, and what becomes of those that nobody waits for. */
import { type ResourceLimits, Worker } from 'node:worker_threads';
import type { Source } from '../../io/source.js';
import { workingFolder } from '../../working-folder.js';
import { foreseen } from './foreseen.js';

/**
 * How long a worker that nobody waits for any more has to end by itself, in milliseconds. Some passes over a graph take less; what
 * takes more may never end.
 */
const patience = 10_000;

export interface Start {
  readonly workerData: object;
  /** What the data has it from: bytes are a copy that nobody else has, and go there without another. */
  readonly source: Source;
  /** What JavaScript may take in it; undefined: what the engine gives. */
  readonly heapBytes: number | undefined;
}

/** @throws PermafrostError OUT_OF_MEMORY where the system has no thread for it. */
export function startWorker(file: URL, { workerData, source, heapBytes }: Start): Worker {
  // Node starts no worker without one.
  workingFolder();
  const transferList = typeof source === 'string' ? [] : [source.buffer as ArrayBuffer];
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
