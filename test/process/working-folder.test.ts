// Programs that outlive the folder that they were started in.
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { smallModel } from '../support/model.js';
import { runModule } from '../support/run.js';

it('who gives absolute paths needs no working folder, but for a worker; who needs one is told so', async () => {
  const { folder, graph, checkpoint, out } = smallModel();
  const gone = join(folder, 'gone');
  const { code, signal, stdout, stderr } = await runModule(`
    import { mkdirSync, rmdirSync } from 'node:fs';
    import { freeze, openCheckpoint } from 'permafrost';
    mkdirSync(${JSON.stringify(gone)});
    process.chdir(${JSON.stringify(gone)});
    rmdirSync(${JSON.stringify(gone)});
    const options = ${JSON.stringify({ graph, checkpoint, outputs: 'y' })};
    const out = ${JSON.stringify(out)};
    const { bytes } = await freeze({ ...options, out });
    const { content } = await freeze({ ...options, inMemory: true });
    await openCheckpoint(options.checkpoint).then((opened) => opened.close());
    const errors = [];
    for (const work of [
      freeze({ ...options, out: 'frozen.pb' }),
      openCheckpoint('model.ckpt'),
      // Node starts no worker then.
      freeze({ ...options, inline: true, inMemory: true }),
    ]) {
      errors.push(await work.then(() => 'none', ({ code, message }) => code + ': ' + message));
    }
    console.log(JSON.stringify([content.length === bytes, errors]));
  `);
  expect([code, signal, stderr]).toEqual([0, null, '']);
  const told = expect.stringMatching(/^READ_FAILED: The working folder of this process cannot be found/);
  expect(JSON.parse(stdout)).toEqual([true, [told, told, told]]);
});
