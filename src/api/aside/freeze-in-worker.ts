/** The calling thread's side of a freeze that runs in a worker of its own, which is new and ends with it. */
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { readVariableMap } from '../../checkpoint/variable-map.js';
import { onAbort } from '../../on-abort.js';
import { throwIfAborted } from '../abort.js';
import type { FreezeSettings } from '../options/freeze-settings.js';
import { ProgressTeller } from '../progress.js';
import type { FreezeReport } from '../report.js';
import { Stopwatch } from '../stopwatch.js';
import type { Take } from '../writing/take-plan.js';
import type { Assignment, ToWorker } from './messages.js';
import { foreseen, Reception } from './reception.js';
import { WriteGate } from './write-gate.js';

/** How long a program waits for a worker that nobody waits for, before it may end, in milliseconds. */
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
  const worker = begun(file, { workerData, transferList, execArgv: [], name: 'permafrost' });
  const stop = (): void => {
    worker.postMessage('abort' satisfies ToWorker);
    // What has not begun to write leaves nothing behind, and need not be waited for: it ends itself as soon as it looks up,
    // after some passes over the graph at most. It is never ended from here; `freeze-worker.ts` says why.
    if (!gate.close()) return;
    reception.cancel();
    const timer = setTimeout(() => worker.unref(), patience);
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
    throw error;
  } finally {
    stopListening();
  }
}

/** @throws PermafrostError OUT_OF_MEMORY where the system has no thread for it. */
function begun(file: URL, options: WorkerOptions): Worker {
  try {
    return new Worker(file, options);
  } catch (error) {
    throw foreseen(error);
  }
}
