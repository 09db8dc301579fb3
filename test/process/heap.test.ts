// Freezes with a heap of their own. The sources have no workers, so the built package is run.
import { writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { graphDef } from '../support/graph-def.js';
import { type SmallModel, smallModel, smallNodes } from '../support/model.js';
import { peakMemorySource } from '../support/peak-memory.js';
import { runModule } from '../support/run.js';

const heapBytes = 32 * 2 ** 20;

async function run({ graph, checkpoint }: SmallModel, source: string): Promise<unknown> {
  const options = JSON.stringify({ graph, checkpoint, outputs: 'y', inMemory: true });
  const { code, signal, stdout, stderr } = await runModule(`
    import { freeze } from 'permafrost';
    ${peakMemorySource}
    const options = ${options};
    const heapBytes = ${heapBytes};
    ${source}
  `);
  expect([code, signal, stderr]).toEqual([0, null, '']);
  return JSON.parse(stdout);
}

it('a small freeze with a heap of its own gives the same bytes, from a worker', async () => {
  const source = `
    let workers = 0;
    process.on('worker', () => workers++);
    const [here, aside] = [await freeze(options), await freeze({ ...options, heapBytes })];
    console.log(JSON.stringify([workers, Buffer.compare(here.content, aside.content)]));
  `;
  expect(await run(smallModel(), source)).toEqual([1, 0]);
});

it('a function, which cannot go to a worker, is refused', async () => {
  const source = `
    const placeRules = () => 'cpu:0';
    const { code, message } = await freeze({ ...options, place: 'cpu', placeRules, heapBytes }).catch((error) => error);
    console.log(JSON.stringify([code, message]));
  `;
  expect(await run(smallModel(), source)).toEqual([
    'INVALID_ARGUMENT',
    'A freeze with heapBytes runs in a worker, and no function can go there. Give placeRules as data, or leave one out.',
  ]);
});

it('no graph takes much more than its heap: it is frozen with less, or refused', { timeout: 60_000 }, async () => {
  const model = smallModel();
  const count = 100_000;
  const nodes = Array.from({ length: count }, (_, at) => ({
    name: `n${at}`,
    op: 'AddV2',
    input: Array(2).fill(at === 0 ? 'y' : `n${at - 1}`),
  }));
  writeFileSync(model.graph, graphDef([...smallNodes, ...nodes]));
  const freezing = (heap: number | undefined): string => `
    const settings = { ...options, outputs: 'n${count - 1}', inference: true, heapBytes: ${heap} };
    const { nodesAfter, code } = await freeze(settings).catch((error) => error);
    console.log(JSON.stringify({ nodesAfter, code, peak: peakMemory() / 1024 }));
  `;
  const runs: { nodesAfter?: number; code?: string; peak: number }[] = [];
  // A process each: a peak stays.
  for (const heap of [heapBytes, 3 * heapBytes, undefined])
    runs.push((await run(model, freezing(heap))) as (typeof runs)[number]);
  expect(runs.map(({ nodesAfter, code }) => nodesAfter ?? code)).toEqual(['OUT_OF_MEMORY', count + 4, count + 4]);
  // Mebibytes, Node itself among them.
  const [refused = 0, bounded = 0, otherwise = 0] = runs.map(({ peak }) => peak);
  console.log(`${refused.toFixed(0)}, ${bounded.toFixed(0)} and ${otherwise.toFixed(0)} MiB`);
  expect(refused).toBeLessThan(150);
  expect(bounded).toBeLessThan(200);
  expect(otherwise).toBeGreaterThan(bounded);
});
