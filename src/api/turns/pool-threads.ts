/** How much of what the process has, the freezes of one thread take at once, and all else that it reads. */

/** What libuv has where nobody says otherwise. */
const usual = 4;

/**
 * What the core reads takes a thread of libuv's pool, which the whole process shares: one is left, where there are several,
 * for the files and names that the rest of the program asks for.
 * @param environment of the process, where `UV_THREADPOOL_SIZE` says how many threads the pool has: 1 to 1024.
 */
export function jobsAtOnce({ UV_THREADPOOL_SIZE: wanted }: NodeJS.ProcessEnv): number {
  // As libuv reads it: what is no number is 0, and 0 is 1.
  const threads = wanted === undefined ? usual : Number.parseInt(wanted, 10) || 1;
  return Math.min(Math.max(threads - 1, 1), usual - 1);
}
