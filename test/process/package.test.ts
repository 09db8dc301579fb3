// The package as it is published: packed, unpacked in an empty project, and used from there.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../support/folder.js';
import { root, runModule, startNode } from '../support/run.js';

/** A project with nothing but this package, and what it depends on. */
const [project, remove] = makeFolder();
const installed = join(project, 'node_modules', 'permafrost');

function command(name: string, args: readonly string[], cwd = project): string {
  const { status, stdout, stderr } = spawnSync(name, args, { cwd, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, expect.not.stringContaining('Error')]);
  return stdout;
}

beforeAll(() => {
  const packed = command('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', project], root);
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }];
  mkdirSync(installed, { recursive: true });
  command('tar', ['-xf', join(project, filename), '-C', installed, '--strip-components=1']);
  const { dependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
  for (const name of Object.keys(dependencies)) {
    symlinkSync(join(root, 'node_modules', name), join(project, 'node_modules', name));
  }
  // Where `npm run build:native` puts it; a published package has one for each platform in `prebuilds`.
  cpSync(join(root, 'build/Release/permafrost.node'), join(installed, 'build/Release/permafrost.node'));
}, 60_000);
afterAll(remove);

const demo = join(root, 'examples', 'demo');
const options = {
  graph: join(demo, 'graph.pb'),
  checkpoint: join(demo, 'model.ckpt-200'),
  outputs: 'inference/probabilities',
};
const expected = readFileSync(join(demo, 'frozen-by-tensorflow.pb'));

describe('the packed package', () => {
  it('has its commands, by the names that npm links', () => {
    const { bin, version } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(command(process.execPath, [join(installed, bin.permafrost), '--version'])).toBe(`${version}\n`);
    const { graph, checkpoint, outputs } = options;
    const out = join(project, 'by-command.pb');
    const flags = [`--input_graph=${graph}`, `--input_checkpoint=${checkpoint}`, `--output_node_names=${outputs}`];
    command(process.execPath, [join(installed, bin.freeze_graph), ...flags, `--output_graph=${out}`]);
    expect(readFileSync(out).equals(expected)).toBe(true);
  });

  it('freezes on the calling thread and in a worker, and checks', () => {
    writeFileSync(
      join(project, 'use.mjs'),
      `import { checkGraph, freeze } from 'permafrost';
      const options = ${JSON.stringify(options)};
      let workers = 0;
      process.on('worker', () => workers++);
      await freeze({ ...options, out: 'small.pb' });
      await freeze({ ...options, out: 'flat.pb', inline: true });
      const { errors } = await checkGraph({ file: 'flat.pb' });
      console.log(JSON.stringify([workers, errors]));`,
    );
    expect(JSON.parse(command(process.execPath, ['use.mjs']))).toEqual([1, 0]);
    expect(readFileSync(join(project, 'small.pb')).equals(expected)).toBe(true);
  });

  it('has types that need nothing else than those of Node', () => {
    symlinkSync(join(root, 'node_modules', '@types'), join(project, 'node_modules', '@types'));
    writeFileSync(
      join(project, 'use.mts'),
      `import { freeze, type FreezeReport, type Progress } from 'permafrost';
      const onProgress = (progress: Progress): number => progress.written;
      export const report: FreezeReport = await freeze({ graph: 'g', onProgress, signal: AbortSignal.timeout(1) });
      // @ts-expect-error: there is no such option
      await freeze({ graphs: 'g' });`,
    );
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', 'use.mts'];
    command(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...flags]);
  });

  it('names the licence of each package that its files are made of', () => {
    const files = readdirSync(join(installed, 'dist')).filter((name) => name.endsWith('.cjs.map'));
    const sources = files.flatMap(
      (name) => JSON.parse(readFileSync(join(installed, 'dist', name), 'utf8')).sources as string[],
    );
    const bundled = sources.flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
    expect(new Set(bundled)).toContain('protobufjs');
    const licenses = readFileSync(join(installed, 'dist', 'third-party-licenses.txt'), 'utf8');
    for (const name of new Set(bundled)) expect(licenses).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
  });

  it('says in a stack where in the source it was', async () => {
    const source = `
      import { freeze } from '${join(installed, 'dist', 'index.js')}';
      await freeze({ graph: '/no/graph.pb', dryRun: true, checkpoint: '/no' }).catch(({ stack }) => console.log(stack));
    `;
    const { stdout } = await startNode('--enable-source-maps', '--input-type=module', '--eval', source).ended;
    expect(stdout).toMatch(/src\/io\/read-file\.ts:\d+/);
  });
});

describe('the package is loaded', () => {
  const small = JSON.stringify({ ...options, dryRun: true });
  const print = `.then(({ variables }) => console.log(variables.length > 0))`;

  it('by import', async () => {
    const source = `import { freeze } from 'permafrost'; freeze(${small})${print};`;
    expect(await runModule(source)).toMatchObject({ code: 0, stdout: 'true\n', stderr: '' });
  });
  it('by require', async () => {
    const source = `const { freeze } = require('permafrost'); freeze(${small})${print};`;
    const ended = await startNode('--input-type=commonjs', '--eval', source).ended;
    expect(ended).toMatchObject({ code: 0, stdout: 'true\n' });
  });
  it('twice, and errors of one copy are known to the other', async () => {
    const source = `
      import { isPermafrostError, PermafrostError } from 'permafrost';
      const other = await import('${join(installed, 'dist', 'index.js')}');
      const error = new other.PermafrostError('ABORTED', 'text');
      console.log(error instanceof PermafrostError, [error, new Error('text'), 'text'].map(isPermafrostError).join(' '));
    `;
    expect(await runModule(source)).toMatchObject({ code: 0, stdout: 'false true false false\n' });
  });
  it('with nothing but its names', async () => {
    const source = `console.log(Object.keys(await import('permafrost')).sort().join(' '));`;
    expect((await runModule(source)).stdout).toBe(
      'PermafrostError checkGraph freeze freezeGraph isPermafrostError liveHandles openCheckpoint registerDevicePlugin relocate suggest\n',
    );
  });
});
