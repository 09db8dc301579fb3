import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { float, viewGraphDef } from '../support/graph-def.js';
import { modelOf, pattern, regionOf } from '../support/large-constants.js';
import type { SmallModel } from '../support/model.js';
import { runCommand } from '../support/run.js';

function largeModel(): SmallModel {
  return modelOf([{ name: 'w', dtype: float, length: 16_384, bytes: pattern(65_536, 1) }]);
}

function freezeFlags({ graph, checkpoint, out }: SmallModel, ...more: string[]): string[] {
  return ['freeze', '--graph', graph, '--checkpoint', checkpoint, '--outputs', 'y', '--out', out, ...more];
}

function regionIn(folder: string): string {
  return regionOf(viewGraphDef(readFileSync(join(folder, 'graph.pb'))).nodes.get('w'));
}

describe('permafrost freeze --layout', () => {
  it('mmap writes a folder, and says how many files', async () => {
    const model = largeModel();
    const { code, stdout } = await runCommand('permafrost', ...freezeFlags(model, '--layout', 'mmap'));
    expect(code).toBe(0);
    expect(stdout).toMatch(/frozen {3}.*frozen\.pb, 6\d\.\d kB in 2 files\n/);
    expect(regionIn(model.out)).toBe(join(model.out, 'weights', 'w.bin'));
  });
  it('mmap names the files by --weights-root', async () => {
    const model = largeModel();
    const flags = freezeFlags(model, '--layout', 'mmap', '--weights-root', '/srv/m', '--json');
    const { stdout } = await runCommand('permafrost', ...flags);
    expect(JSON.parse(stdout).files.map(({ path }: { path: string }) => path)).toEqual([
      join(model.out, 'graph.pb'),
      join(model.out, 'weights', 'w.bin'),
    ]);
    expect(regionIn(model.out)).toBe('/srv/m/weights/w.bin');
  });
  it('memmapped writes one file', async () => {
    const model = largeModel();
    const { stdout } = await runCommand('permafrost', ...freezeFlags(model, '--layout', 'memmapped', '--json'));
    expect(JSON.parse(stdout).files).toEqual([{ path: model.out, bytes: readFileSync(model.out).length }]);
  });
  it('of no such name is refused with those that there are', async () => {
    const model = largeModel();
    const { code, stderr } = await runCommand('permafrost', ...freezeFlags(model, '--layout', 'maps'));
    expect(code).toBe(2);
    expect(stderr).toMatch(/Expected graph-def or .*mmap or .* for layout but received the string 'maps'\./);
    expect(existsSync(model.out)).toBe(false);
  });
});

describe('permafrost relocate', () => {
  it('says what it did, and whether the files are there', async () => {
    const model = largeModel();
    await runCommand('permafrost', ...freezeFlags(model, '--layout', 'mmap', '--weights-root', '/srv/m', '--quiet'));
    expect(await runCommand('permafrost', 'relocate', model.out)).toMatchObject({
      code: 0,
      stdout: `Relocated ${model.out}/graph.pb: it maps 1 constant (65.5 kB) under ${model.out}\n  all files are there\n`,
    });
    expect(regionIn(model.out)).toBe(join(model.out, 'weights', 'w.bin'));
    expect((await runCommand('permafrost', 'relocate', model.out, '--weights-root', '/srv/n')).stdout).toBe(
      `Relocated ${model.out}/graph.pb: it maps 1 constant (65.5 kB) under /srv/n\n` +
        '  not checked: there is no such folder on this machine\n',
    );
  });

  it('says that a graph of small constants needs nothing', async () => {
    const model = modelOf([{ name: 'w', dtype: float, length: 2, bytes: pattern(8, 1) }]);
    await runCommand('permafrost', ...freezeFlags(model, '--layout', 'mmap', '--quiet'));
    expect(await runCommand('permafrost', 'relocate', model.out, '--weights-root', '/srv/n')).toMatchObject({
      code: 0,
      stdout: `${model.out}/graph.pb maps no files, so there is nothing to relocate\n`,
    });
  });
  it('--json prints the report, or the error', async () => {
    const model = largeModel();
    await runCommand('permafrost', ...freezeFlags(model, '--layout', 'mmap', '--quiet'));
    const { stdout } = await runCommand('permafrost', 'relocate', model.out, '--json');
    expect(JSON.parse(stdout)).toMatchObject({ constants: 1, bytes: 65_536, checked: true });
    const failed = await runCommand('permafrost', 'relocate', model.graph, '--json');
    expect(failed.code).toBe(3);
    expect(JSON.parse(failed.stdout)).toMatchObject({ error: { code: 'WRONG_FILE_KIND' } });
  });
  it('ends with 2 without a path, or with a relative root', async () => {
    expect((await runCommand('permafrost', 'relocate')).code).toBe(2);
    expect((await runCommand('permafrost', 'relocate', '/tmp', '--weights-root', 'x')).code).toBe(2);
  });
});
