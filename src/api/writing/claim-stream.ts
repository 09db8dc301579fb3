import type { Writable } from 'node:stream';
import { PermafrostError } from '../../errors.js';

/** Streams that freezes of this thread write to. */
const claimed = new WeakSet<Writable>();

/**
 * Runs `work`, which writes to the stream. Of two freezes into one, the pieces would be mixed, and both would say that all went
 * well; so the second fails, and with it, as its stream is destroyed, the first.
 * @throws PermafrostError WRITE_FAILED
 */
export async function claimStream<T>(stream: Writable, work: () => Promise<T>): Promise<T> {
  if (claimed.has(stream)) {
    throw new PermafrostError(
      'WRITE_FAILED',
      'Another freeze of this program is writing to the same stream. Give each a stream of its own.',
    );
  }
  claimed.add(stream);
  try {
    return await work();
  } finally {
    claimed.delete(stream);
  }
}
