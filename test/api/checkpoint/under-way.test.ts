// What a checkpoint that is open for long keeps of the work that is over: nothing.
import { setTimeout } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { UnderWay } from '../../../src/api/checkpoint/under-way.js';

setFlagsFromString('--expose-gc');
const gc: () => void = runInNewContext('gc');

/** How many of them are no garbage, when there was time to collect them. */
async function kept(all: readonly WeakRef<object>[]): Promise<number> {
  const count = (): number => all.filter((each) => each.deref() !== undefined).length;
  for (let round = 0; count() > 0 && round < 50; round++) {
    await setTimeout(10);
    gc();
  }
  return count();
}

it('a task that is finished is forgotten', async () => {
  const underWay = new UnderWay('model.ckpt');
  const begun = Array.from({ length: 10 }, () => {
    const task = underWay.begin('Reading', undefined);
    task.finish();
    return new WeakRef(task);
  });
  expect(await kept(begun)).toBe(0);
  await underWay.end();
});

it('so is each step of one that goes on', async () => {
  const task = new UnderWay('model.ckpt').begin('Reading', undefined);
  const results: WeakRef<object>[] = [];
  for (let step = 0; step < 10; step++) results.push(new WeakRef(await task.run(async () => ({}))));
  expect(await kept(results)).toBe(0);
  await task.close();
});
