// A system that has no more threads. Root may have all that there are, so as root the process becomes nobody first.
import { spawnSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { expect, it } from 'vitest';
import { smallModel } from '../support/model.js';
import { runModule } from '../support/run.js';

/** Of util-linux: sets the limits of a process that runs. */
const hasLimits = spawnSync('prlimit', ['--version']).status === 0;

it.runIf(hasLimits)('a freeze that gets no thread fails, on the calling thread and in a worker', async () => {
  const { folder, graph, checkpoint } = smallModel();
  chmodSync(folder, 0o755);
  const { code, stdout, stderr } = await runModule(`
    import { execFileSync } from 'node:child_process';
    import { freeze } from 'permafrost';
    const options = { graph: ${JSON.stringify(graph)}, checkpoint: ${JSON.stringify(checkpoint)}, outputs: 'y', inMemory: true };
    // Loads what it needs, as whoever that belongs to, and starts the threads that libuv cannot do without.
    await freeze({ ...options, inline: true });
    if (process.getuid() === 0) {
      process.setgroups([]);
      process.setgid(65534);
      process.setuid(65534);
    }
    execFileSync('prlimit', ['--nproc=1', '--pid', String(process.pid)]);
    for (const inline of [false, true]) {
      const { content } = await freeze({ ...options, inline }).catch((error) => console.log(error.code, error.message) ?? {});
      if (content) console.log('frozen');
    }
  `);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(/^OUT_OF_MEMORY no thread to be had /),
    expect.stringMatching(/^OUT_OF_MEMORY There is no thread to be had for a worker /),
    '',
  ]);
});
