/** What a worker runs: one look at a graph. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { type CheckSettings, checkHere, sentCheck } from '../check-graph.js';
import { suggestHere } from '../suggest.js';
import { closeWhenCalm } from './calm.js';
import type { LookSettings } from './look-aside.js';
import type { FromLookWorker, LookAssignment, LookName } from './look-messages.js';
import { sendable } from './sent-error.js';

const looks: Readonly<Record<LookName, (settings: LookSettings) => Promise<unknown>>> = {
  checkGraph: async (settings) => sentCheck(await checkHere(settings as CheckSettings)),
  suggest: suggestHere,
};

// This file is never loaded but by `new Worker`.
const port = parentPort as MessagePort;
const { name, settings } = workerData as LookAssignment;
const send = (message: FromLookWorker): void => port.postMessage(message);
looks[name](settings)
  .then((report) => send({ report }))
  .catch((error: unknown) => send({ error: sendable(error) }))
  .finally(() => closeWhenCalm(port));
