/** The calling thread's side of a freeze that runs in a worker of its own, which is new and ends with it. */
import { Worker } from 'node:worker_threads';
import { readVariableMap } from '../../checkpoint/variable-map.js';
import { PermafrostError } from '../../errors.js';
import { deniedBy, missingFlag } from '../../permission.js';
import { throwIfAborted } from '../abort.js';
import type { FreezeSettings } from '../options/freeze-settings.js';
import { ProgressTeller } from '../progress.js';
import type { FreezeReport } from '../report.js';
import { Stopwatch } from '../stopwatch.js';
import type { Take } from '../writing/take-plan.js';
import type { Assignment, ToWorker } from './messages.js';
import { Reception } from './reception.js';
import { WriteGate } from './write-gate.js';

/** How long a program waits for a worker that nobody waits for, before it may end, in milliseconds. */
const patience = 10_000;

export async function freezeInWorker(file: URL, settings: FreezeSettings, take?: Take): Promise<FreezeReport> {
  const { signal, onProgress, variableMap: map, graph: given, stream: _, ...rest } = settings;
  const clock = new Stopwatch();
  // Anything may be in an object; what was read from it can cross.
  const variableMap = typeof map === 'object' ? Object.fromEntries(await readVariableMap(map)) : map;
  throwIfAborted(signal);
  const gate = new WriteGate();
  // A copy of its own that goes over whole: a view, such as a Buffer of Node's pool, would take all that it is a view of along.
  const graph = typeof given === 'string' ? given : new Uint8Array(given);
  const transferList = typeof graph === 'string' ? [] : [graph.buffer];
  const workerData: Assignment = {
    settings: { ...rest, graph, variableMap },
    progress: onProgress !== undefined,
    takes: take !== undefined,
    gate: gate.memory,
  };
  // Without the arguments that Node was started with: what they preload is not meant for this.
  const worker = started(() => new Worker(file, { workerData, transferList, execArgv: [], name: 'permafrost' }));
  const stop = (): void => {
    worker.postMessage('abort' satisfies ToWorker);
    // What has not begun to write leaves nothing behind, and need not be waited for: it ends itself as soon as it looks up,
    // after some passes over the graph at most. It is never ended from here; `freeze-worker.ts` says why.
    if (!gate.close()) return;
    reception.cancel();
    const timer = setTimeout(() => worker.unref(), patience);
    worker.once('exit', () => clearTimeout(timer));
  };
  signal?.addEventListener('abort', stop, { once: true });
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
    signal?.removeEventListener('abort', stop);
  }
}

function started(start: () => Worker): Worker {
  try {
    return start();
  } catch (error) {
    const flag = missingFlag(error);
    if (flag === undefined) throw error;
    throw new PermafrostError('UNSUPPORTED', `A freeze of this size runs in a worker thread: ${deniedBy(flag)}`, {
      cause: error,
    });
  }
}
