// A process that freezes again and again is killed at random moments. The core's own test of this kills 200 times more
// (test/native/killed_test.cc); this one sees all of the package do it.
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { float32 } from '../support/bytes.js';
import { namesIn } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import { float } from '../support/graph-def.js';
import { smallModel } from '../support/model.js';
import { startNode } from '../support/run.js';

const kills = 16;
const atOnce = 4;

/** Kills one such process; returns how many temporary files it has left. */
async function killOne(): Promise<number> {
  const model = smallModel();
  const other = smallModel(undefined, [{ key: 'w', dtype: float, shape: [2], bytes: float32(3, 4) }]);
  const options = [model, other].map(({ graph, checkpoint }) => ({ graph, checkpoint, outputs: 'y', out: model.out }));
  const whole: Buffer[] = [];
  for (const each of options) {
    await freeze({ ...each, out: other.out });
    whole.push(readFileSync(other.out));
  }
  const { child, ended } = startNode(
    '--input-type=module',
    '--eval',
    `import { freeze } from 'permafrost';
     const options = ${JSON.stringify(options)};
     for (let round = 0; ; round++) {
       await freeze(options[round % options.length]);
       if (round === 0) console.log('started');
     }`,
  );
  await new Promise((resolve) => child.stdout?.once('data', resolve));
  await setTimeout(Math.random() * 50);
  child.kill('SIGKILL');
  expect(await ended).toMatchObject({ signal: 'SIGKILL', stderr: '' });
  const frozen = readFileSync(model.out);
  expect(whole.some((bytes) => bytes.equals(frozen))).toBe(true);
  const leftovers = namesIn(model.outFolder).filter((name) => name !== 'frozen.pb');
  for (const name of leftovers) expect(name).toMatch(/^\.permafrost-[0-9a-f]{8}\.tmp$/);
  return leftovers.length;
}

it('a killed process leaves the old output or the new one', { timeout: 120_000 }, async () => {
  let leftovers = 0;
  for (let killed = 0; killed < kills; killed += atOnce) {
    const left = await Promise.all(Array.from({ length: atOnce }, killOne));
    leftovers += left.reduce((sum, count) => sum + count, 0);
  }
  console.log(`${kills} processes killed, every output whole; ${leftovers} temporary files were left`);
});
