// The files that come along with a frozen SavedModel.
import { mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freeze } from '../support/freeze.js';
import { frozen, lookups, modelWith, refused, view } from '../support/frozen-saved-model.js';
import { encode } from '../support/graph-def.js';
import { smallModel, smallNodes } from '../support/model.js';
import { metaGraph } from '../support/saved-model.js';

describe('assets', () => {
  const withAssets = (...files: string[]): string => {
    const names = files.map((_, index) => `table${index}`);
    const asset_file_def = files.map((filename, index) => ({
      tensor_info: { name: `table${index}/path:0` },
      filename,
    }));
    const unused = { tensor_info: { name: 'nobody:0' }, filename: 'unused.txt' };
    return modelWith(lookups(...names), { asset_file_def: [...asset_file_def, unused] });
  };
  it('that the graph still names come along, each once', async () => {
    const graph = withAssets('words.txt', 'deep/er/numbers.txt', 'words.txt', 'empty');
    mkdirSync(join(graph, 'assets', 'deep', 'er'), { recursive: true });
    writeFileSync(join(graph, 'assets', 'words.txt'), 'red\n');
    writeFileSync(join(graph, 'assets', 'empty'), '');
    // Larger than what is copied into a block of literals.
    const numbers = Buffer.alloc(3 << 20, '0123456789\n');
    writeFileSync(join(graph, 'assets', 'deep', 'er', 'numbers.txt'), numbers);
    const [folder, { files, assets }] = await frozen(graph, { outputs: 'z' });
    expect(files.map(({ path }) => path.slice(folder.length + 1))).toEqual([
      'saved_model.pb',
      'assets/words.txt',
      'assets/deep/er/numbers.txt',
      'assets/empty',
    ]);
    expect(readFileSync(join(folder, 'assets', 'words.txt'), 'utf8')).toBe('red\n');
    expect(readFileSync(join(folder, 'assets', 'empty'), 'utf8')).toBe('');
    expect(readFileSync(join(folder, 'assets', 'deep', 'er', 'numbers.txt')).equals(numbers)).toBe(true);
    expect(view(folder).asset_file_def).toEqual(
      ['words.txt', 'deep/er/numbers.txt', 'words.txt', 'empty'].map((filename, index) => ({
        tensor_info: { name: `table${index}/path:0` },
        filename,
      })),
    );
    expect(assets).toHaveLength(4);
  });
  it('of any size are copied, and not read before', async () => {
    const graph = withAssets('large.bin');
    const path = join(graph, 'assets', 'large.bin');
    writeFileSync(path, '');
    truncateSync(path, 3 * 2 ** 30);
    const { files } = await freeze({ graph, layout: 'saved-model', outputs: 'z', dryRun: true });
    expect(files.map(({ bytes }) => bytes)).toEqual([expect.any(Number), 3 * 2 ** 30]);
  });
  it('that are missing are asked for', async () => {
    const { code, message: text } = await refused(withAssets('words.txt'), { outputs: 'z' });
    expect([code, text]).toEqual([
      'FILE_NOT_FOUND',
      expect.stringMatching(
        /^The model needs its asset 'words.txt', and there is no file '.*assets\/words\.txt'\. A SavedModel/,
      ),
    ]);
  });
  it('of a MetaGraphDef have no place', async () => {
    const { graph, checkpoint } = smallModel();
    const asset_file_def = [{ tensor_info: { name: 'one/path:0' }, filename: 'words.txt' }];
    writeFileSync(graph, encode('MetaGraphDef', metaGraph({ asset_file_def }, [], [...smallNodes, ...lookups('one')])));
    expect((await refused(graph, { checkpoint, outputs: 'z' })).message).toMatch(
      /pass the folder of the SavedModel\.$/,
    );
  });
  it('that are links are copied within the folder, and not from elsewhere', async () => {
    const graph = withAssets('words.txt');
    const link = join(graph, 'assets', 'words.txt');
    writeFileSync(join(graph, 'real.txt'), 'words');
    symlinkSync('../real.txt', link);
    const { files } = await freeze({ graph, layout: 'saved-model', outputs: 'z', dryRun: true });
    expect(files.map(({ bytes }) => bytes)).toEqual([expect.any(Number), 5]);
    rmSync(link);
    symlinkSync('/etc/hostname', link);
    const { code, message: text } = await refused(graph, { outputs: 'z' });
    expect([code, text]).toEqual(['READ_FAILED', expect.stringMatching(/is a link to .*, which is outside of /)]);
  });
  it('that are no files are not read', async () => {
    const graph = withAssets('words.txt');
    mkdirSync(join(graph, 'assets', 'words.txt'));
    expect((await refused(graph, { outputs: 'z' })).code).toBe('READ_FAILED');
  });
  for (const name of ['../../stolen', '/etc/hostname', 'a/../../b', '..', '.', '', 'a//b', 'a/', 'a\0b']) {
    it(`that lead elsewhere are refused: '${name.replace('\0', '\\0')}'`, async () => {
      const { code, message: text } = await refused(withAssets(name), { outputs: 'z' });
      expect([code, text]).toEqual([
        'GRAPH_MALFORMED',
        expect.stringMatching(/and that is no path of a file in the folder/),
      ]);
    });
  }
});
