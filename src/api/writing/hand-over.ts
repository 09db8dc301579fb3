/** Hands what is not written to a path to whoever wants it: a stream of Node, or the caller. */
import type { Writable } from 'node:stream';
import type { PermafrostError } from '../../errors.js';
import { onAbort } from '../../on-abort.js';
import { abortError } from '../abort.js';
import type { FreezeSettings } from '../options/freeze-settings.js';
import type { FreezeReport } from '../report.js';
import { claimStream } from './claim-stream.js';
import { Outlet } from './outlet.js';
import type { Take } from './take-plan.js';

/** @param take without it, the graph goes to the path of the settings. @param signal in place of that of the settings. */
type Freeze = (take?: Take, signal?: AbortSignal) => Promise<FreezeReport>;

export async function handOver(
  { stream, inMemory, dryRun, signal }: Pick<FreezeSettings, 'stream' | 'inMemory' | 'dryRun' | 'signal'>,
  freeze: Freeze,
): Promise<FreezeReport> {
  if (!stream && !inMemory) return freeze();
  const report = await (stream
    ? claimStream(stream, () => intoStream(stream, { dryRun, signal }, freeze))
    : intoMemory(dryRun, freeze));
  // A dry run goes through with those of a path, which nobody has named.
  return { ...report, files: [] };
}

async function intoMemory(dryRun: boolean, freeze: Freeze): Promise<FreezeReport> {
  if (dryRun) return freeze();
  let content: Uint8Array | undefined;
  const report = await freeze(async (whole) => {
    content = whole;
  });
  return { ...report, content };
}

/** The stream ends with the graph, of a dry run with nothing in it; or is destroyed with the error that there was. */
async function intoStream(
  stream: Writable,
  { dryRun, signal }: Pick<FreezeSettings, 'dryRun' | 'signal'>,
  freeze: Freeze,
): Promise<FreezeReport> {
  const ending = new AbortController();
  // Where nothing is wanted any more, nothing need be made of it, nor waited for.
  const outlet = new Outlet(stream, (failure) => ending.abort(failure));
  // A stream that takes nothing any more would keep the freeze for ever.
  let aborted: PermafrostError | undefined;
  const abort = (): void => {
    aborted = abortError(signal);
    outlet.abandon(aborted);
    ending.abort(signal?.reason);
  };
  if (signal?.aborted) abort();
  const stopListening = onAbort(signal, abort);
  try {
    const report = await freeze(dryRun ? undefined : (chunk) => outlet.take(chunk), ending.signal);
    await outlet.end();
    return report;
  } catch (error) {
    // What came first: a stream that has failed aborts the freeze.
    throw aborted ?? outlet.failure ?? error;
  } finally {
    stopListening();
  }
}
