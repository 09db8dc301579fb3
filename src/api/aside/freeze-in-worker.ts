/** The calling thread's side of a freeze that runs in a worker of its own, which is new and ends with it. */
import { readVariableMap } from '../../checkpoint/variable-map.js';
import { onAbort } from '../../on-abort.js';
import { throwIfAborted } from '../abort.js';
import type { FreezeSettings } from '../options/freeze-settings.js';
import { ProgressTeller } from '../progress.js';
import type { FreezeReport } from '../report.js';
import { Stopwatch } from '../stopwatch.js';
import type { Take } from '../writing/take-plan.js';
import { foreseen } from './foreseen.js';
import type { Assignment, ToWorker } from './freeze-messages.js';
import { Reception } from './reception.js';
import { endIfDeaf, startWorker } from './start-worker.js';
import { WriteGate } from './write-gate.js';

export async function freezeInWorker(file: URL, settings: FreezeSettings, take?: Take): Promise<FreezeReport> {
  const { signal, onProgress, variableMap: map, graph, heapBytes, stream: _, ...rest } = settings;
  const clock = new Stopwatch();
  // Anything may be in an object; what was read from it can cross.
  const variableMap = typeof map === 'object' ? Object.fromEntries(await readVariableMap(map)) : map;
  throwIfAborted(signal);
  const gate = new WriteGate();
  const workerData: Assignment = {
    settings: { ...rest, graph, heapBytes, variableMap },
    progress: onProgress !== undefined,
    takes: take !== undefined,
    gate: gate.memory,
  };
  const worker = startWorker(file, { workerData, source: graph, heapBytes });
  const stop = (): void => {
    worker.postMessage('abort' satisfies ToWorker);
    // What has not begun to write leaves nothing behind, and need not be waited for: it ends itself as soon as it looks up,
    // after some passes over the graph at most.
    if (!gate.close()) return;
    reception.cancel();
    endIfDeaf(worker);
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
    throw foreseen(error, heapBytes);
  } finally {
    stopListening();
  }
}
