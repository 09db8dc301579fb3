// Files that whoever freezes may not read. Root may read all, so as root the process becomes nobody first.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { lookups, modelWith } from '../support/frozen-saved-model.js';
import { runModule } from '../support/run.js';

it('an asset that may not be read is told by a dry run, which does not copy it', async () => {
  const asset_file_def = [{ tensor_info: { name: 'one/path:0' }, filename: 'words.txt' }];
  const graph = modelWith(lookups('one'), { asset_file_def });
  const asset = join(graph, 'assets', 'words.txt');
  mkdirSync(join(graph, 'assets'), { recursive: true });
  writeFileSync(asset, 'words');
  chmodSync(join(graph, '..'), 0o755);
  chmodSync(graph, 0o755);
  chmodSync(asset, 0);
  const { code, stdout, stderr } = await runModule(`
    import { freeze, liveHandles } from 'permafrost';
    liveHandles(); // loads the addon, as whoever it belongs to
    if (process.getuid() === 0) {
      process.setgroups([]);
      process.setgid(65534);
      process.setuid(65534);
    }
    const options = { graph: ${JSON.stringify(graph)}, layout: 'saved-model', outputs: 'z', dryRun: true };
    await freeze(options).then(console.log, (error) => console.log(error.code, error.message));
  `);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('READ_FAILED');
  expect(stdout).toContain(asset);
});
