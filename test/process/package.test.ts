// The package as it is published, used in the ways that users have.
import { readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type InstalledPackage, installPackage, runTool } from '../support/installed-package.js';
import { brokenLinks, pagesIn } from '../support/markdown-links.js';
import { root, runModule, startNode, startNodeWith } from '../support/run.js';

let installed: InstalledPackage;
beforeAll(() => {
  installed = installPackage();
}, 120_000);
afterAll(() => installed.remove(), 120_000);

const demo = join(root, 'examples', 'demo');
const options = {
  graph: join(demo, 'graph.pb'),
  checkpoint: join(demo, 'model.ckpt-200'),
  outputs: 'inference/probabilities',
};
const expected = readFileSync(join(demo, 'frozen-by-tensorflow.pb'));

const written = (name: string): Buffer => readFileSync(join(installed.project, name));
const write = (name: string, source: string): void => writeFileSync(join(installed.project, name), source);

describe('the installed package', () => {
  it('brings nothing else along', () => {
    const names = readdirSync(join(installed.project, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(names).toEqual(['permafrost']);
    // Compiled code is of the machine that compiled it.
    const files = readdirSync(installed.folder, { recursive: true, encoding: 'utf8' });
    expect(files.filter((name) => name.endsWith('.code'))).toEqual([]);
  });

  it('has its commands, by the names that npm links', () => {
    const { version } = JSON.parse(readFileSync(join(installed.folder, 'package.json'), 'utf8'));
    const commands = join('node_modules', '.bin');
    expect(installed.node(join(commands, 'permafrost'), '--version')).toBe(`${version}\n`);
    const { graph, checkpoint, outputs } = options;
    const flags = [`--input_graph=${graph}`, `--input_checkpoint=${checkpoint}`, `--output_node_names=${outputs}`];
    installed.node(join(commands, 'freeze_graph'), ...flags, '--output_graph=by-command.pb');
    expect(written('by-command.pb').equals(expected)).toBe(true);
  });

  it('freezes on the calling thread and in a worker, and checks', () => {
    write(
      'use.mjs',
      `import { checkGraph, freeze } from 'permafrost';
      const options = ${JSON.stringify(options)};
      let workers = 0;
      process.on('worker', () => workers++);
      await freeze({ ...options, out: 'small.pb' });
      await freeze({ ...options, out: 'flat.pb', inline: true });
      const { errors } = await checkGraph({ file: 'flat.pb' });
      console.log(JSON.stringify([workers, errors]));`,
    );
    expect(JSON.parse(installed.node('use.mjs'))).toEqual([1, 0]);
    expect(written('small.pb').equals(expected)).toBe(true);
  });

  it('has types that need nothing else than those of Node', () => {
    symlinkSync(join(root, 'node_modules', '@types'), join(installed.project, 'node_modules', '@types'));
    write(
      'use.mts',
      `import { freeze, type FreezeReport, type Progress } from 'permafrost';
      const onProgress = (progress: Progress): number => progress.written;
      export const report: FreezeReport = await freeze({ graph: 'g', onProgress, signal: AbortSignal.timeout(1) });
      // @ts-expect-error: there is no such option
      await freeze({ graphs: 'g' });`,
    );
    const flags = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2023', '--types', 'node', 'use.mts'];
    installed.node(join(root, 'node_modules/typescript/bin/tsc'), ...flags);
  });

  it('names the licence of each package that its files are made of', () => {
    const files = readdirSync(join(installed.folder, 'dist')).filter((name) => name.endsWith('.cjs.map'));
    const sources = files.flatMap(
      (name) => JSON.parse(readFileSync(join(installed.folder, 'dist', name), 'utf8')).sources as string[],
    );
    const bundled = sources.flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(source)?.[1] ?? []);
    expect(new Set(bundled)).toContain('protobufjs');
    const licenses = readFileSync(join(installed.folder, 'dist', 'third-party-licenses.txt'), 'utf8');
    for (const name of new Set(bundled)) expect(licenses).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
  });

  it('has types for those who require it, which are the same', () => {
    write(
      'open.cts',
      `import { isPermafrostError, type OpenCheckpoint, openCheckpoint, PermafrostError } from 'permafrost';
      export const open = (): Promise<OpenCheckpoint> => openCheckpoint('model.ckpt-100');
      export class Refusal extends PermafrostError {}
      export const shown = (error: PermafrostError): string => error.message;
      export const codeOf = (error: unknown) => (isPermafrostError(error) ? error.code : undefined);
      // @ts-expect-error: there is no such option
      openCheckpoint('model.ckpt-100', { thread: 1 });`,
    );
    write(
      'mixed.mts',
      `import { type OpenCheckpoint, PermafrostError } from 'permafrost';
      import { open, Refusal } from './open.cjs';
      export const checkpoint: OpenCheckpoint = await open();
      export const error: PermafrostError = new Refusal('ABORTED', 'text');`,
    );
    const flags = ['--noEmit', '--strict', '--module', 'node16', '--target', 'es2023', '--types', 'node', 'mixed.mts'];
    installed.node(join(root, 'node_modules/typescript/bin/tsc'), ...flags);
  });

  it('can be required', () => {
    write('use.cjs', `require('permafrost').freeze(${JSON.stringify({ ...options, out: 'required.pb' })});`);
    installed.node('use.cjs');
    expect(written('required.pb').equals(expected)).toBe(true);
  });

  it('is used by a bundle that leaves it out', async () => {
    const source = `import { freeze } from 'permafrost'; freeze(${JSON.stringify({ ...options, out: 'bundled.pb' })});`;
    write('program.ts', source);
    const { project } = installed;
    await build({
      absWorkingDir: project,
      entryPoints: ['program.ts'],
      outfile: 'program.cjs',
      bundle: true,
      platform: 'node',
      external: ['permafrost'],
    });
    installed.node('program.cjs');
    expect(written('bundled.pb').equals(expected)).toBe(true);
  });

  it('has the manifest and the types that tools expect', () => {
    runTool('publint', installed.tarball, '--strict');
    runTool('attw', installed.tarball, '--no-definitely-typed', '--entrypoints', '.');
  });

  it('has pages whose links lead to what is in it', () => {
    const pages = pagesIn(installed.folder);
    expect(pages.map((page) => relative(installed.folder, page))).toEqual(
      expect.arrayContaining(['README.md', 'CHANGELOG.md', 'docs/cli.md']),
    );
    expect(brokenLinks(pages, installed.folder)).toEqual([]);
  });

  it('is small', () => {
    expect(installed.tarballBytes).toBeLessThan(3_000_000);
  });

  it('outlasts a worker that alone has loaded its addon', async () => {
    // Node unloads what nobody has loaded any more; the process may end then in what it has registered for its end.
    const source = `require('permafrost').openCheckpoint(${JSON.stringify(options.checkpoint)}).then((each) => each.close())`;
    write(
      'aside.cjs',
      `const { Worker } = require('node:worker_threads');
      const loaded = () => process.report.getReport().sharedObjects.some((path) => path.endsWith('.node'));
      new Worker(${JSON.stringify(source)}, { eval: true }).on('exit', (code) => setTimeout(() => console.log(code, loaded()), 100));`,
    );
    const { code, signal, stdout, stderr } = await startNodeWith({ cwd: installed.project }, 'aside.cjs').ended;
    expect([code, signal, stdout, stderr]).toEqual([0, null, '0 true\n', '']);
  });

  it('says in a stack where in the source it was', async () => {
    const source = `
      import { freeze } from '${join(installed.folder, 'dist', 'index.js')}';
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
  it.each(['', '--enable-source-maps'])('by both, as one and the same %s', async (flag) => {
    const source = `
      import { createRequire } from 'node:module';
      import * as imported from 'permafrost';
      const required = createRequire(import.meta.url)('permafrost');
      const error = await required.freeze(7).catch((thrown) => thrown);
      const checkpoint = await required.openCheckpoint(${JSON.stringify(options.checkpoint)});
      console.log(error instanceof imported.PermafrostError, imported.liveHandles().checkpoints);
      console.log(Object.entries(imported).every(([name, value]) => required[name] === value));
      await checkpoint.close();`;
    const flags = flag === '' ? [] : [flag];
    const ended = await startNode(...flags, '--input-type=module', '--eval', source).ended;
    expect(ended).toMatchObject({ code: 0, stdout: 'true 1\ntrue\n', stderr: '' });
  });
  it('twice, and errors of one copy are known to the other', async () => {
    const source = `
      import { isPermafrostError, PermafrostError } from 'permafrost';
      const other = await import('${join(installed.folder, 'dist', 'index.js')}');
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
