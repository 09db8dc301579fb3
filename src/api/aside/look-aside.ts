/** Where a graph is looked at that is not frozen: by the rules of `freeze-aside.ts`, so that nobody is kept waiting here either. */
import type { Worker } from 'node:worker_threads';
import type { Source } from '../../io/source.js';
import type { Limits } from '../../limits.js';
import { isRestricted } from '../../permission.js';
import { throwIfAborted } from '../abort.js';
import { jobsAtOnce } from '../turns/pool-threads.js';
import { Turns } from '../turns/turns.js';
import { isSmallGraph } from './is-small.js';
import type { LookName } from './look-messages.js';
import { workerFile } from './worker-file.js';

/** What every look is given. */
export interface LookSettings {
  readonly source: Source;
  readonly tags: readonly string[] | undefined;
  readonly limits: Partial<Limits>;
  /** Undefined: as much as the engine gives. */
  readonly heapBytes: number | undefined;
  readonly signal: AbortSignal | undefined;
}

export interface Look<Settings, Report, Sent> {
  readonly name: LookName;
  /** Does it on this thread. */
  readonly here: (settings: Settings) => Promise<Report>;
  /** Makes the report of what a worker has sent. */
  readonly received: (sent: Sent) => Report;
}

/** Not those of freezes, which may take minutes. */
const turns = new Turns(jobsAtOnce(process.env));

/** What a message calls it. */
const work = 'The work on the graph';

const worker = workerFile('look-worker');

export async function lookAside<Settings extends LookSettings, Report, Sent>(
  { name, here, received }: Look<Settings, Report, Sent>,
  settings: Settings,
): Promise<Report> {
  const { signal, heapBytes, source } = settings;
  const staysHere = worker === undefined || isRestricted() || (heapBytes === undefined && (await isSmallGraph(source)));
  try {
    throwIfAborted(signal, work);
    const report = staysHere ? await here(settings) : received((await lookInTurn(worker, name, settings)) as Sent);
    throwIfAborted(signal, work);
    return report;
  } catch (error) {
    throwIfAborted(signal, work);
    throw error;
  }
}

/** A turn ends when the worker has answered, whether anybody waits for it or not, or is gone. */
async function lookInTurn(file: URL, name: LookName, settings: LookSettings): Promise<unknown> {
  const { reportOf, startLook } = await import('./look-in-worker.js');
  const leave = await turns.begin(settings.signal);
  let started: Worker;
  try {
    throwIfAborted(settings.signal, work);
    started = startLook(file, name, settings);
  } catch (error) {
    leave();
    throw error;
  }
  started.once('message', leave);
  started.once('exit', leave);
  return reportOf(started, settings);
}
