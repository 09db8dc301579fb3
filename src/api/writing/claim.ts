import { PermafrostError } from '../../errors.js';

/**
 * Runs `work` while the target is claimed, which no other freeze of this thread may be writing to.
 * @param of its kind, those that are claimed.
 * @param name of the target, as a freeze writes to it.
 * @throws PermafrostError WRITE_FAILED
 */
export async function claim<Target, T>(
  of: Pick<Set<Target>, 'has' | 'delete'> & { add(target: Target): unknown },
  target: Target,
  { name, remedy }: { readonly name: string; readonly remedy: string },
  work: () => Promise<T>,
): Promise<T> {
  if (of.has(target)) {
    throw new PermafrostError('WRITE_FAILED', `Another freeze of this program is writing to ${name}. ${remedy}`);
  }
  of.add(target);
  try {
    return await work();
  } finally {
    of.delete(target);
  }
}
