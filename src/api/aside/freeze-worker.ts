/** What a worker runs: one freeze, and it tells the thread that started it how it goes. */
import { type MessagePort, parentPort, workerData } from 'node:worker_threads';
import { abortError, throwIfAborted } from '../abort.js';
import { freezeHere } from '../freeze.js';
import type { OnProgress } from '../progress.js';
import type { FreezeReport } from '../report.js';
import type { Take } from '../writing/take-plan.js';
import { closeWhenCalm } from './calm.js';
import type { Assignment, FromWorker, ToWorker } from './freeze-messages.js';
import { sendable } from './sent-error.js';
import { WriteGate } from './write-gate.js';

/** Variables that are sent at once: some milliseconds for the thread that takes them in. */
const variablesAtOnce = 2_000;

// This file is never loaded but by `new Worker`.
const port = parentPort as MessagePort;
const { settings, progress, takes, gate } = workerData as Assignment;

/** What to do when the other thread asks for more, and when it wants no more of the graph. */
let goOn: (() => void) | undefined;
let giveUp: ((error: Error) => void) | undefined;
const interruption = new AbortController();
port.on('message', (message: ToWorker) => {
  if (message === 'more') goOn?.();
  else {
    interruption.abort();
    giveUp?.(abortError());
  }
});

const writeGate = new WriteGate(gate);
/** No message comes in while this thread makes nodes and numbers. */
const mayGoOn = (): void => {
  if (writeGate.isClosed) throw abortError();
};
const onProgress: OnProgress = (each) => send({ kind: 'progress', progress: each });
const { signal } = interruption;
/** Sends it without a copy, and waits until the other thread wants more. */
const take: Take = async (chunk) => {
  // The other thread may have lost interest while it was made, and never ask for more.
  throwIfAborted(signal);
  send({ kind: 'chunk', chunk }, [chunk.buffer as ArrayBuffer]);
  await new Promise<void>((resolve, reject) => {
    goOn = resolve;
    giveUp = reject;
  });
};
const running = { signal, stream: undefined, onProgress: progress ? onProgress : undefined };
const gates = { mayWrite: () => writeGate.pass(), mayGoOn, take: takes ? take : undefined };
freezeHere({ ...settings, ...running }, gates)
  .then(sendReport)
  .catch((error: unknown) => {
    send({ kind: 'failure', error: sendable(error) });
  })
  .finally(() => closeWhenCalm(port));

async function sendReport({ variables, ...report }: FreezeReport): Promise<void> {
  send({ kind: 'report', report, last: variables.length === 0 });
  for (let start = 0; start < variables.length; start += variablesAtOnce) {
    await new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const end = start + variablesAtOnce;
    send({ kind: 'variables', variables: variables.slice(start, end), last: end >= variables.length });
  }
}

function send(message: FromWorker, moved: readonly ArrayBuffer[] = []): void {
  port.postMessage(message, moved);
}
