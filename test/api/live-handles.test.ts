// What a freeze holds on to when its promise settles: nothing, without waiting for anything else.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type FreezeOptions, freeze, liveHandles } from '../../src/index.js';
import { failure } from '../support/failure.js';
import { float } from '../support/graph-def.js';
import { smallModel } from '../support/model.js';
import { writeV1 } from '../support/write-v1.js';

const none = { checkpoints: 0, streams: 0, jobs: 0 };

describe('a freeze that is over holds nothing', () => {
  const ways: readonly [string, (out: string) => Partial<FreezeOptions>][] = [
    ['that has written a file', (out) => ({ out })],
    ['that has written a folder', (out) => ({ out, layout: 'mmap' })],
    ['that has written to a stream', () => ({ out: new PassThrough() })],
    ['that has given the graph back', () => ({ inMemory: true })],
    ['that was a dry run', (out) => ({ out, dryRun: true })],
  ];
  it.each(ways)('%s', async (_, wayTo) => {
    const { graph, checkpoint, out } = smallModel();
    await freeze({ graph, checkpoint, outputs: 'y', ...wayTo(out) });
    expect(liveHandles()).toEqual(none);
  });

  it('that could not begin to write', async () => {
    const { graph, checkpoint, folder } = smallModel();
    const error = await failure(() => freeze({ graph, checkpoint, outputs: 'y', out: join(folder, 'none', 'out.pb') }));
    expect([error.code, liveHandles()]).toEqual(['WRITE_FAILED', none]);
  });

  it('whose graph was refused while a checkpoint was opened that takes long', async () => {
    const { folder, graph, out } = smallModel();
    const checkpoint = join(folder, 'old.ckpt');
    writeV1(checkpoint, [{ key: 'w', dtype: float, shape: [2 ** 22], bytes: new Uint8Array(2 ** 24) }]);
    writeFileSync(graph, '');
    const refused = (): Promise<Error> => failure(() => freeze({ graph, checkpoint, outputs: 'y', out }));
    // The first time, modules are loaded meanwhile.
    await refused();
    expect(await refused()).toMatchObject({ code: 'WRONG_FILE_KIND' });
    // Nor does the opening begin afterwards.
    for (let turn = 0; turn < 20; turn++) {
      expect(liveHandles()).toEqual(none);
      await setTimeout(1);
    }
  });
});
