// Disks of every size from too small to large enough: the old output or the new one, whole, and nothing beside it.
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { namesIn } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import { float, identity, refVariable } from '../support/graph-def.js';
import { smallModel } from '../support/model.js';
import { savedModel } from '../support/saved-model.js';
import { smallDisk } from '../support/small-disk.js';

const page = 4096;
const pages = 12;
const notRoot = 'only root may mount a file system';

const sizes = Array.from({ length: 8 }, (_, index) => (index + 1) * 2 * page);

it('a file is the old one or the new one', async ({ skip }) => {
  const bytes = Buffer.alloc(pages * page, 1);
  const nodes = [refVariable('w', float, bytes.length / 4), identity('y', 'w')];
  const model = smallModel(nodes, [{ key: 'w', dtype: float, shape: [bytes.length / 4], bytes }]);
  const { graph, checkpoint } = model;
  await freeze({ graph, checkpoint, outputs: 'y', out: model.out });
  const outcomes = new Set<string>();
  for (const size of sizes) {
    const disk = smallDisk(`size=${size}`) ?? skip(notRoot);
    const out = join(disk, 'frozen.pb');
    writeFileSync(out, 'old');
    const error = await freeze({ graph, checkpoint, outputs: 'y', out }).then(
      () => undefined,
      (thrown) => thrown,
    );
    outcomes.add(error?.code ?? 'written');
    expect(readFileSync(out).equals(error ? Buffer.from('old') : readFileSync(model.out)), `${size} bytes`).toBe(true);
    expect(namesIn(disk)).toEqual(['frozen.pb']);
  }
  expect([...outcomes]).toEqual(['WRITE_FAILED', 'written']);
});

it('a folder is there with all that is in it, or not at all', async ({ skip }) => {
  const graph = savedModel();
  let refused = 0;
  // Each file and each folder takes one, and so does the disk itself.
  for (const inodes of [2, 3, 4, 5, 6, 7, 8]) {
    const disk = smallDisk(`nr_inodes=${inodes}`) ?? skip(notRoot);
    const out = join(disk, 'frozen');
    const written = await freeze({ graph, layout: 'saved-model', out }).then(
      ({ files }) => files,
      (thrown) => void expect(thrown.code).toBe('WRITE_FAILED'),
    );
    if (!written) refused++;
    expect(namesIn(disk)).toEqual(written ? ['frozen'] : []);
    if (!written) continue;
    for (const { path, bytes } of written) expect(statSync(path).size).toBe(bytes);
    expect(existsSync(join(out, 'saved_model.pb'))).toBe(true);
    expect(readdirSync(out)).not.toEqual([]);
  }
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(7);
});
