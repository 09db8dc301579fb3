/** The calling thread's side of a look that has a worker of its own. */
import type { Worker } from 'node:worker_threads';
import { onAbort } from '../../on-abort.js';
import { abortError } from '../abort.js';
import { foreseen } from './foreseen.js';
import type { LookSettings } from './look-aside.js';
import type { FromLookWorker, LookAssignment, LookName } from './look-messages.js';
import { received } from './sent-error.js';
import { endIfDeaf, startWorker } from './start-worker.js';

export function startLook(file: URL, name: LookName, settings: LookSettings): Worker {
  const { heapBytes, source } = settings;
  const workerData: LookAssignment = { name, settings: { ...settings, signal: undefined } };
  return startWorker(file, { workerData, source, heapBytes });
}

/** What the worker sends. It hears of no signal: one that nobody waits for any more is left to end, or ended. */
export async function reportOf(worker: Worker, { signal, heapBytes }: LookSettings): Promise<unknown> {
  let stopListening = (): void => undefined;
  try {
    return await new Promise((resolve, reject) => {
      stopListening = onAbort(signal, () => {
        reject(abortError(signal));
        endIfDeaf(worker);
      });
      worker.once('message', (message: FromLookWorker) => {
        if ('error' in message) reject(received(message.error));
        else resolve(message.report);
      });
      worker.once('error', reject);
      worker.once('exit', (code) => reject(new Error(`The worker of a look at a graph ended with code ${code}.`)));
    });
  } catch (error) {
    throw foreseen(error, heapBytes);
  } finally {
    stopListening();
  }
}
