/** How much memory is asked for: the peak of a process that runs other tests too says nothing of it. */
import { vi } from 'vitest';

/** @returns the sizes, in bytes, of all arrays of bytes that `work` makes anew. */
export async function askedMemory(work: () => Promise<unknown>): Promise<number[]> {
  const asked: number[] = [];
  const counting = new Proxy(Uint8Array, {
    construct(target, given: unknown[], made) {
      if (typeof given[0] === 'number') asked.push(given[0]);
      return Reflect.construct(target, given, made) as object;
    },
  });
  vi.stubGlobal('Uint8Array', counting);
  try {
    await work();
  } finally {
    vi.unstubAllGlobals();
  }
  return asked;
}
