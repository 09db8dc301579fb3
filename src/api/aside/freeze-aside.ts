/** Where a freeze runs: small ones on the calling thread, all others in a worker, so that nobody is kept waiting. */
import type { FreezeSettings } from '../freeze-options.js';
import type { FreezeReport } from '../report.js';
import { freezeInWorker } from './freeze-in-worker.js';
import { isSmall } from './is-small.js';
import { Turns } from './turns.js';

/**
 * The core's long work takes a thread of libuv's pool, which has four for the whole process: one must be left for the files
 * and names that the rest of the program asks for.
 */
const turns = new Turns(3);

/** Beside this file once it is built. The sources, as tests run them, have none: they freeze on the calling thread. */
const worker = import.meta.url.endsWith('.ts') ? undefined : new URL('./freeze-worker.js', import.meta.url);

/** @param freeze does it on this thread. */
export function freezeAside(
  settings: FreezeSettings,
  freeze: (settings: FreezeSettings) => Promise<FreezeReport>,
): Promise<FreezeReport> {
  return turns.take(settings.signal, async () =>
    worker === undefined || (await isSmall(settings)) ? freeze(settings) : freezeInWorker(worker, settings),
  );
}
