/**
 * Where a freeze runs: small ones on the calling thread, all others in a worker, so that nobody is kept waiting; under Node's
 * permission model, which workers know nothing of, all on the calling thread.
 */
import { isRestricted } from '../../permission.js';
import type { Gates } from '../gates.js';
import type { FreezeSettings } from '../options/freeze-settings.js';
import type { FreezeReport } from '../report.js';
import { PlaceInLine } from '../turns/place-in-line.js';
import { jobsAtOnce } from '../turns/pool-threads.js';
import { Turns } from '../turns/turns.js';
import type { Take } from '../writing/take-plan.js';
import { isSmall } from './is-small.js';
import { workerFile } from './worker-file.js';

const turns = new Turns(jobsAtOnce(process.env));

const worker = workerFile('freeze-worker');

type Freeze = (settings: FreezeSettings, gates?: Gates) => Promise<FreezeReport>;

/**
 * @param freeze does it on this thread.
 * @param take gets the graph, in place of a path.
 */
export async function freezeAside(settings: FreezeSettings, freeze: Freeze, take?: Take): Promise<FreezeReport> {
  const { signal, stream } = settings;
  const place = new PlaceInLine(await turns.begin(signal), signal);
  try {
    return await freezeWhereItFits(settings, freeze, take && stream ? place.givenUpDuring(take) : take);
  } finally {
    place.end();
  }
}

async function freezeWhereItFits(
  settings: FreezeSettings,
  freeze: Freeze,
  take: Take | undefined,
): Promise<FreezeReport> {
  // A function cannot cross to another thread, nor does what Node denies this one.
  const staysHere = typeof settings.placeRules === 'function' || isRestricted();
  if (worker === undefined || staysHere) return freeze(settings, { take });
  const report = (await isSmall(settings)) ? await freezeWhatStaysSmall(settings, freeze, take) : undefined;
  if (report) return report;
  // The commands never come here: without it they start sooner.
  const { freezeInWorker } = await import('./freeze-in-worker.js');
  return freezeInWorker(worker, settings, take);
}

/** Undefined: functions have to be put into the graph that calls them, or values computed, of nobody knows what size. */
async function freezeWhatStaysSmall(
  settings: FreezeSettings,
  freeze: Freeze,
  take: Take | undefined,
): Promise<FreezeReport | undefined> {
  const growing = new Error('The graph grows.');
  const mayGoOn = (): void => {
    throw growing;
  };
  try {
    return await freeze(settings, { mayGoOn, take });
  } catch (error) {
    if (error === growing) return undefined;
    throw error;
  }
}
