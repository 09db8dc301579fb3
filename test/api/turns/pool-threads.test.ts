import { expect, it } from 'vitest';
import { jobsAtOnce } from '../../../src/api/turns/pool-threads.js';

it.each([
  [undefined, 3],
  ['1', 1],
  ['2', 1],
  ['3', 2],
  ['4', 3],
  ['128', 3],
  ['0', 1],
  ['', 1],
  ['many', 1],
  // libuv takes this for a very large number.
  ['-1', 1],
])('leaves one thread of a pool of %s, where there are several', (UV_THREADPOOL_SIZE, freezes) => {
  expect(jobsAtOnce({ UV_THREADPOOL_SIZE })).toBe(freezes);
});
