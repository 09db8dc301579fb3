/** The calling thread's side of a freeze that runs in a worker of its own, which is new and ends with it. */
import { type ResourceLimits, Worker, type WorkerOptions } from 'node:worker_threads';
import { readVariableMap } from '../../checkpoint/variable-map.js';
import { onAbort } from '../../on-abort.js';
import { throwIfAborted } from '../abort.js';
import type { FreezeSettings } from '../options/freeze-settings.js';
import { ProgressTeller } from '../progress.js';
import type { FreezeReport } from '../report.js';
import { Stopwatch } from '../stopwatch.js';
import type { Take } from '../writing/take-plan.js';
import { foreseen } from './foreseen.js';
import type { Assignment, ToWorker } from './messages.js';
import { Reception } from './reception.js';
import { WriteGate } from './write-gate.js';

/**
 * How long a worker that nobody waits for any more has to end by itself, in milliseconds. Some passes over a graph take less; what
 * takes more may never end.
 */
const patience = 10_000;

export async function freezeInWorker(file: URL, settings: FreezeSettings, take?: Take): Promise<FreezeReport> {
  const { signal, onProgress, variableMap: map, graph, stream: _, ...rest } = settings;
  const clock = new Stopwatch();
  // Anything may be in an object; what was read from it can cross.
  const variableMap = typeof map === 'object' ? Object.fromEntries(await readVariableMap(map)) : map;
  throwIfAborted(signal);
  const gate = new WriteGate();
  // The bytes are a copy that nobody else has.
  const transferList = typeof graph === 'string' ? [] : [graph.buffer as ArrayBuffer];
  const workerData: Assignment = {
    settings: { ...rest, graph, variableMap },
    progress: onProgress !== undefined,
    takes: take !== undefined,
    gate: gate.memory,
  };
  // Without the arguments that Node was started with: what they preload is not meant for this.
  const resourceLimits = settings.heapBytes === undefined ? {} : heapOf(settings.heapBytes);
  const worker = begun(file, { workerData, transferList, execArgv: [], resourceLimits, name: 'permafrost' });
  const stop = (): void => {
    worker.postMessage('abort' satisfies ToWorker);
    // What has not begun to write leaves nothing behind, and need not be waited for: it ends itself as soon as it looks up,
    // after some passes over the graph at most. It is not ended from here before; `freeze-worker.ts` says why.
    if (!gate.close()) return;
    reception.cancel();
    const timer = setTimeout(() => worker.terminate(), patience);
    worker.once('exit', () => clearTimeout(timer));
  };
  const stopListening = onAbort(signal, stop);
  const teller = onProgress && new ProgressTeller(onProgress, stop);
  const reception = new Reception(worker, { teller, take, stop });
  try {
    const report = await reception.report;
    teller?.throwIfFailed();
    return { ...report, milliseconds: { ...report.milliseconds, total: clock.total() } };
  } catch (error) {
    teller?.throwIfFailed();
    throwIfAborted(signal);
    throw foreseen(error, settings.heapBytes);
  } finally {
    stopListening();
  }
}

/** The young generation gets a fourth, up to what the engine gives it otherwise, and the old one the rest. */
function heapOf(bytes: number): ResourceLimits {
  const all = Math.floor(bytes / 2 ** 20);
  const young = Math.min(Math.floor(all / 4), 48);
  return { maxYoungGenerationSizeMb: young, maxOldGenerationSizeMb: all - young };
}

/** @throws PermafrostError OUT_OF_MEMORY where the system has no thread for it. */
function begun(file: URL, options: WorkerOptions): Worker {
  try {
    return new Worker(file, options);
  } catch (error) {
    throw foreseen(error, undefined);
  }
}
