/** Hands what is not written to a path to whoever wants it: a stream of Node, or the caller. */
import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PermafrostError, reason } from '../../errors.js';
import { abortError } from '../abort.js';
import type { FreezeSettings } from '../options/freeze-settings.js';
import type { FreezeReport } from '../report.js';
import type { Take } from './take-plan.js';

/** @param take without it, the graph goes to the path of the settings. @param signal in place of that of the settings. */
type Freeze = (take?: Take, signal?: AbortSignal) => Promise<FreezeReport>;

export async function handOver(
  { stream, inMemory, dryRun, signal }: Pick<FreezeSettings, 'stream' | 'inMemory' | 'dryRun' | 'signal'>,
  freeze: Freeze,
): Promise<FreezeReport> {
  if (dryRun) return freeze();
  if (stream) return intoStream(stream, signal, freeze);
  if (!inMemory) return freeze();
  let content: Uint8Array | undefined;
  const report = await freeze(async (whole) => {
    content = whole;
  });
  return { ...report, content };
}

/** The stream ends with the graph, or is destroyed with the error that there was. */
async function intoStream(stream: Writable, signal: AbortSignal | undefined, freeze: Freeze): Promise<FreezeReport> {
  let wantsMore = (): void => undefined;
  const source = new Readable({ read: () => wantsMore() });
  const ending = new AbortController();
  let failure: PermafrostError | undefined;
  const piping = pipeline(source, stream).catch((error: unknown) => {
    failure = streamFailed(error);
    // Where nothing is wanted any more, nothing need be made of it, nor waited for.
    ending.abort(error);
    throw failure;
  });
  // Whoever takes hears of it, or whoever waits for the end; until then it is no unhandled rejection.
  piping.catch(() => undefined);
  const take: Take = (chunk) => {
    const more = new Promise<void>((resolve) => {
      wantsMore = resolve;
    });
    source.push(chunk);
    return Promise.race([more, piping]);
  };
  // A stream that takes nothing any more would keep the freeze for ever.
  const abort = (): void => {
    ending.abort(signal?.reason);
    source.destroy(abortError(signal));
  };
  if (signal?.aborted) abort();
  signal?.addEventListener('abort', abort, { once: true });
  try {
    const report = await freeze(take, ending.signal);
    source.push(null);
    await piping;
    return report;
  } catch (error) {
    // What failed first: a stream that has failed aborts the freeze, and a freeze that has failed destroys the stream.
    const first = signal?.aborted ? abortError(signal) : (failure ?? error);
    source.destroy(first as Error);
    throw first;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
}

function streamFailed(error: unknown): PermafrostError {
  return new PermafrostError(
    'WRITE_FAILED',
    `The stream that the frozen graph goes to ended before all of it was there (${reason(error)}). Freeze again, to another.`,
    { cause: error },
  );
}
