// Targets that cannot be written, and such that should not be, for every layout.
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FreezeOptions, freeze, type LayoutName, type PermafrostError } from '../../src/index.js';
import { layoutFacts, layoutNames } from '../../src/layouts/layout-name.js';
import { failure } from '../support/failure.js';
import { namesIn, temporaryFolder } from '../support/folder.js';
import { largeModel, smallModel } from '../support/model.js';
import { metaGraph, savedModel, savedModelBytes } from '../support/saved-model.js';
import { smallDisk } from '../support/small-disk.js';

const notRoot = 'only root may mount a file system';

/** Freezes a small SavedModel and returns the error, which a dry run has foreseen. */
const refusal = (layout: LayoutName, out: string, graph = savedModel()): Promise<PermafrostError> =>
  foreseen({ graph, layout, out });

async function foreseen(options: FreezeOptions): Promise<PermafrostError> {
  const dry = await failure(() => freeze({ ...options, dryRun: true }));
  const error = await failure(() => freeze(options));
  expect([dry.code, dry.message]).toEqual([error.code, error.message]);
  return error;
}

/** Whether a layout is a folder. */
async function isFolder(layout: LayoutName): Promise<boolean> {
  const out = join(temporaryFolder(), 'frozen');
  const { files } = await freeze({ graph: savedModel(), layout, out, dryRun: true });
  return files[0]?.path !== out;
}

/** All that is in a folder, by its path, with what is in it. */
function contents(folder: string): Record<string, string> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  const text = (path: string): string => (statSync(path).isDirectory() ? 'folder' : readFileSync(path, 'latin1'));
  return Object.fromEntries(paths.map((path) => [path, text(join(folder, path))]));
}

describe.each(layoutNames)('the layout %s', (layout) => {
  it('is a folder or a file, as its table says', async () => {
    expect(layoutFacts[layout].isFolder).toBe(await isFolder(layout));
  });

  it('does not write where something of the other kind is', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'frozen');
    if (await isFolder(layout)) writeFileSync(out, 'mine');
    else mkdirSync(out);
    const before = contents(folder);
    const { code, message } = await refusal(layout, out);
    expect([code, message]).toEqual([
      'WRITE_FAILED',
      expect.stringMatching(/writable \((a|not a) directory.*: .*frozen$/),
    ]);
    expect(contents(folder)).toEqual(before);
  });

  it('does not write into a folder that is not empty', async () => {
    const folder = temporaryFolder();
    const out = join(folder, 'frozen');
    mkdirSync(out);
    writeFileSync(join(out, 'mine'), '');
    expect((await refusal(layout, out)).code).toBe('WRITE_FAILED');
    expect(contents(folder)).toEqual({ frozen: 'folder', 'frozen/mine': '' });
  });

  it('does not write in a folder that is not there, or that is a file', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    expect((await refusal(layout, join(folder, 'none', 'frozen'))).code).toBe('WRITE_FAILED');
    expect((await refusal(layout, join(folder, 'file', 'frozen'))).code).toBe('WRITE_FAILED');
    expect(contents(folder)).toEqual({ file: '' });
  });

  it('does not take the place of the SavedModel that it is made of', async () => {
    const graph = savedModel();
    const link = join(temporaryFolder(), 'link');
    symlinkSync(graph, link);
    const before = contents(graph);
    for (const [source, out] of [
      [graph, graph],
      [graph, `${graph}/`],
      [graph, link],
      [link, graph],
      [join(graph, 'saved_model.pb'), graph],
      [graph, join(graph, 'saved_model.pb')],
      [graph, join(graph, 'variables', 'variables.index')],
    ] as const) {
      const { code, message } = await refusal(layout, out, source);
      expect([code, message]).toEqual(['INVALID_ARGUMENT', expect.stringMatching(/ is the same .* as the source /)]);
    }
    expect(contents(graph)).toEqual(before);
  });

  it('does not take the place of a checkpoint that was named by its folder', async () => {
    const { folder, graph, checkpoint } = smallModel();
    const before = contents(folder);
    writeFileSync(join(folder, 'checkpoint'), `model_checkpoint_path: ${JSON.stringify(checkpoint)}\n`);
    const error = await foreseen({ graph, checkpoint: folder, outputs: 'y', layout, out: folder });
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(contents(folder)).toMatchObject(before);
  });

  it('may be written inside of its source', async () => {
    const graph = savedModel();
    const before = contents(graph);
    await freeze({ graph, layout, out: join(graph, 'frozen') });
    expect(contents(graph)).toMatchObject(before);
    expect(namesIn(graph)).toEqual(['assets', 'frozen', 'saved_model.pb', 'variables']);
  });

  it('is written to where a link points, whether anything is there or not', async () => {
    const folder = temporaryFolder();
    const link = join(folder, 'link');
    symlinkSync('real', link);
    const direct = join(temporaryFolder(), 'frozen');
    await freeze({ graph: savedModel(), layout, out: link });
    await freeze({ graph: savedModel(), layout, out: direct });
    expect(namesIn(folder)).toEqual(['link', 'real']);
    expect(statSync(link).isDirectory()).toBe(await isFolder(layout));
  });

  it('is not written to a link to itself', async () => {
    const folder = temporaryFolder();
    const loop = join(folder, 'loop');
    symlinkSync('loop', loop);
    expect((await refusal(layout, loop)).code).toBe('WRITE_FAILED');
    expect(namesIn(folder)).toEqual(['loop']);
  });

  it('is not written to a disk that is too small', async ({ skip }) => {
    const disk = smallDisk('size=1m') ?? skip(notRoot);
    const { graph, checkpoint } = largeModel(4 << 20);
    const out = join(disk, 'frozen');
    const { code, message } = await foreseen({ graph, checkpoint, outputs: 'y', layout, out });
    expect([code, message]).toEqual(['WRITE_FAILED', expect.stringMatching(/No space left on device/)]);
    expect(namesIn(disk)).toEqual([]);
  });

  it('is not written where nobody may write', async ({ skip }) => {
    const disk = smallDisk('ro') ?? skip(notRoot);
    const { code, message } = await refusal(layout, join(disk, 'frozen'));
    expect([code, message]).toEqual(['WRITE_FAILED', expect.stringMatching(/Read-only file system/)]);
    expect(namesIn(disk)).toEqual([]);
  });
});

it('a disk that gets full in the middle of a folder is left as it was', async ({ skip }) => {
  // One for the disk itself, one for the temporary folder, one for the first file, one for `assets`.
  const disk = smallDisk('nr_inodes=4') ?? skip(notRoot);
  const path = { name: 'path', op: 'Const', attr: { dtype: { type: 7 }, value: { tensor: { dtype: 7 } } } };
  const y = { name: 'y', op: 'Identity', input: ['x', '^path'], attr: { T: { type: 1 } } };
  const nodes = [{ name: 'x', op: 'Placeholder', attr: { dtype: { type: 1 } } }, path, y];
  const asset_file_def = [{ tensor_info: { name: 'path:0' }, filename: 'words.txt' }];
  const graph = savedModel(savedModelBytes(metaGraph({ asset_file_def }, ['serve'], nodes)));
  writeFileSync(join(graph, 'assets', 'words.txt'), 'red\n');
  const { code, message } = await failure(() => freeze({ graph, layout: 'saved-model', out: join(disk, 'frozen') }));
  expect([code, message]).toEqual(['WRITE_FAILED', expect.stringMatching(/No space left on device/)]);
  expect(namesIn(disk)).toEqual([]);
});
