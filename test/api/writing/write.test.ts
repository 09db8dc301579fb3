import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type WriteSettings, write } from '../../../src/api/writing/write.js';
import { Checkpoint } from '../../../src/checkpoint/checkpoint.js';
import { type Plan, PlanBuilder } from '../../../src/plan/plan.js';
import { failure } from '../../support/failure.js';
import { namesIn, temporaryFolder } from '../../support/folder.js';

function plan(): Plan {
  const builder = new PlanBuilder();
  builder.literal(Buffer.from('all of it'));
  builder.endFile('');
  return builder.finish();
}

function settingsOf(folder: string): WriteSettings {
  const out = join(folder, 'out.pb');
  return { out, sources: [], durable: false, dryRun: false, threads: 1, signal: undefined, onProgress: undefined };
}

/** How many timers keep this process. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
}

describe('a write', () => {
  it('is not begun with a signal that is aborted already', async () => {
    const folder = temporaryFolder();
    const settings = { ...settingsOf(folder), signal: AbortSignal.abort('why') };
    const error = await failure(() => write(plan(), Checkpoint.empty(), settings));
    expect(error).toMatchObject({ code: 'ABORTED', cause: 'why' });
    expect(namesIn(folder)).toEqual([]);
  });

  it('is not begun where it may not, and a dry run does not ask', async () => {
    const folder = temporaryFolder();
    const settings = settingsOf(folder);
    let asked = 0;
    const mayBegin = (): boolean => {
      asked++;
      return false;
    };
    expect((await failure(() => write(plan(), Checkpoint.empty(), settings, { mayBegin }))).code).toBe('ABORTED');
    const onProgress = (): void => expect.fail('nothing is written');
    await write(plan(), Checkpoint.empty(), { ...settings, dryRun: true, onProgress }, { mayBegin });
    expect([asked, namesIn(folder)]).toEqual([1, []]);
  });

  it('passes on what the callback throws at the end, when the file is in place', async () => {
    const settings = settingsOf(temporaryFolder());
    const thrown = new Error('on purpose');
    const onProgress = (): void => {
      throw thrown;
    };
    await expect(write(plan(), Checkpoint.empty(), { ...settings, onProgress })).rejects.toBe(thrown);
    expect(readFileSync(settings.out, 'latin1')).toBe('all of it');
  });

  it('leaves no timer, at its end and when it fails', async () => {
    const folder = temporaryFolder();
    const settings = { ...settingsOf(folder), onProgress: () => undefined };
    const before = timers();
    await write(plan(), Checkpoint.empty(), settings);
    expect(readFileSync(settings.out, 'latin1')).toBe('all of it');
    const nowhere = { ...settings, out: join(folder, 'none', 'out.pb') };
    expect((await failure(() => write(plan(), Checkpoint.empty(), nowhere))).code).toBe('WRITE_FAILED');
    expect(timers()).toBeLessThanOrEqual(before);
  });
});
