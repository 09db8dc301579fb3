// The calls to the system that Node makes for the second file, which the core knows nothing of.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type * as promises from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { WriteSettings } from '../../../src/api/writing/write.js';
import { writeBeside } from '../../../src/api/writing/write-beside.js';
import { Checkpoint } from '../../../src/checkpoint/checkpoint.js';
import { failure } from '../../support/failure.js';
import { namesIn, temporaryFolder } from '../../support/folder.js';

const { calls } = vi.hoisted(() => ({ calls: [] as string[] }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof promises>();
  return {
    ...real,
    rename: async (from: string, to: string) => {
      await real.rename(from, to);
      calls.push(`rename to ${to}`);
    },
    open: async (path: string) => {
      const opened = await real.open(path);
      return {
        sync: () => opened.sync().then(() => calls.push(`sync ${path}`)),
        close: () => opened.close().then(() => calls.push(`close ${path}`)),
      };
    },
  };
});

beforeEach(() => {
  calls.length = 0;
});

const file = { name: 'functions.pb', bytes: Buffer.from('functions') };

function settingsOf(folder: string): WriteSettings {
  const out = join(folder, 'out.pb');
  const paths = { out, sources: [], signal: undefined, onProgress: undefined };
  return { ...paths, durable: true, dryRun: false, threads: 1 };
}

describe('a file beside the target', () => {
  it('gets its name after the target has, and where that must last, it is synced', async () => {
    const folder = temporaryFolder();
    const path = join(folder, file.name);
    for (const durable of [false, true]) {
      calls.length = 0;
      await writeBeside(file, Checkpoint.empty(), { ...settingsOf(folder), durable }, async (inPlace) => {
        expect(namesIn(folder)).toContainEqual(expect.stringMatching(/^\.permafrost-[0-9a-f]{8}\.tmp$/));
        expect(calls).toEqual([]);
        await inPlace();
      });
      const synced = durable ? [`sync ${folder}`, `close ${folder}`] : [];
      expect(calls).toEqual([`rename to ${path}`, ...synced]);
      expect(readFileSync(path, 'latin1')).toBe('functions');
      expect(namesIn(folder)).toEqual([file.name]);
    }
  });

  it('is as it was when the target fails, with nothing left', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, file.name), 'old');
    const first = async (): Promise<void> => {
      throw new Error('no target');
    };
    await expect(writeBeside(file, Checkpoint.empty(), settingsOf(folder), first)).rejects.toThrow('no target');
    expect(namesIn(folder)).toEqual([file.name]);
    expect(readFileSync(join(folder, file.name), 'latin1')).toBe('old');
  });

  it('that cannot get its name leaves nothing', async () => {
    const folder = temporaryFolder();
    const error = await failure(() =>
      writeBeside(file, Checkpoint.empty(), settingsOf(folder), async (inPlace) => {
        mkdirSync(join(folder, file.name));
        await inPlace();
      }),
    );
    expect(error.code).toBe('WRITE_FAILED');
    expect(namesIn(folder)).toEqual([file.name]);
  });
});
