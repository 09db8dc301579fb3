import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { foreseen } from '../../../src/api/aside/foreseen.js';

it('names the flag of Node for a worker that has run out of what the engine gives', async () => {
  // A real one: nothing but the engine says how it ends them.
  const source = "'use strict'; const all = []; for (;;) all.push(new Array(100_000).fill(all.length));";
  const worker = new Worker(source, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 16 } });
  const [error] = (await once(worker, 'error')) as [Error];
  expect(foreseen(error, undefined)).toMatchObject({
    name: 'PermafrostError',
    code: 'OUT_OF_MEMORY',
    message: expect.stringContaining("'--max-old-space-size'"),
    cause: error,
  });
});

it('leaves all else as it is', () => {
  const error = new Error('on purpose');
  expect(foreseen(error, undefined)).toBe(error);
});
