import type { Writable } from 'node:stream';
import { claim } from './claim.js';

/** Streams that freezes of this thread write to. */
const claimed = new WeakSet<Writable>();

/**
 * Runs `work`, which writes to the stream. Of two freezes into one, the pieces would be mixed, and both would say that all went
 * well; so the second fails, and with it, as its stream is destroyed, the first.
 * @throws PermafrostError WRITE_FAILED
 */
export function claimStream<T>(stream: Writable, work: () => Promise<T>): Promise<T> {
  const told = { name: 'the same stream', remedy: 'Give each a stream of its own.' };
  return claim(claimed, stream, told, work);
}
