/** The calling thread's side of a look that has a worker of its own. */
import { onAbort } from '../../on-abort.js';
import { abortError, throwIfAborted } from '../abort.js';
import { foreseen } from './foreseen.js';
import type { LookSettings } from './look-aside.js';
import type { FromLookWorker, LookAssignment, LookName } from './look-messages.js';
import { received } from './sent-error.js';
import { endIfDeaf, startWorker } from './start-worker.js';

/** @returns what the worker sends. */
export async function lookInWorker(file: URL, name: LookName, settings: LookSettings): Promise<unknown> {
  const { signal, heapBytes, source } = settings;
  throwIfAborted(signal);
  const workerData: LookAssignment = { name, settings: { ...settings, signal: undefined } };
  // The bytes are a copy that nobody else has.
  const transferList = typeof source === 'string' ? [] : [source.buffer as ArrayBuffer];
  const worker = startWorker(file, { workerData, transferList, heapBytes });
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
      worker.once('exit', (code) => reject(new Error(`The worker of ${name} ended with code ${code}.`)));
    });
  } catch (error) {
    throw foreseen(error, heapBytes);
  } finally {
    stopListening();
  }
}
