// What a freeze holds on to when its promise settles: nothing, without waiting for anything else.
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { type FreezeOptions, freeze, liveHandles } from '../../src/index.js';
import { smallModel } from '../support/model.js';

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
});
