// Under Node's permission model: what it denies is named, and the flag that allows it.
import { existsSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { padGraph, type SmallModel, smallModel } from '../support/model.js';
import { root, startNode } from '../support/run.js';
import { savedModel } from '../support/saved-model.js';

/** The package, what it needs to be loaded, and how it is started. */
const always = [
  Number(process.versions.node.split('.')[0]) < 24 ? '--experimental-permission' : '--permission',
  ...[root, realpathSync(join(root, 'node_modules'))].map((path) => `--allow-fs-read=${path}`),
];
const all = ['--allow-addons', '--allow-fs-read=*', '--allow-fs-write=*'];

/** What a freeze ends with. */
async function ending(flags: readonly string[], options: object): Promise<string> {
  const source = `
    import { freeze } from ${JSON.stringify(`${root}/dist/index.js`)};
    const print = ({ name, code, message }) => console.log([name, code, message].join(' '));
    await freeze(${JSON.stringify(options)}).then(() => console.log('done'), print);`;
  const { code, stdout } = await startNode(...always, ...flags, '--input-type=module', '-e', source).ended;
  expect(code).toBe(0);
  return stdout.trim();
}

const optionsOf = ({ graph, checkpoint, out }: SmallModel): object => ({ graph, checkpoint, outputs: 'y', out });
const denied = (what: string, flag: string): string =>
  `PermafrostError ${what}: Node's permission model denies it. Start Node with ${flag} too.`;

describe('Node denies', () => {
  it('nothing of what its flags name', async () => {
    expect(await ending(all, optionsOf(smallModel()))).toBe('done');
  });
  it('reading the graph', async () => {
    const model = smallModel();
    const { graph } = model;
    expect(await ending(['--allow-addons'], optionsOf(model))).toBe(
      denied(`READ_FAILED ${graph} cannot be read`, `--allow-fs-read=${graph}`),
    );
  });
  it('reading the checkpoint', async () => {
    const model = smallModel();
    const { graph, checkpoint } = model;
    expect(await ending(['--allow-addons', `--allow-fs-read=${graph}`], optionsOf(model))).toBe(
      denied(`READ_FAILED ${checkpoint} cannot be read`, `--allow-fs-read=${checkpoint}`),
    );
  });
  it('reading what is in a SavedModel', async () => {
    const graph = savedModel();
    const options = { graph, dryRun: true };
    const file = join(graph, 'saved_model.pb');
    expect(await ending(['--allow-addons', `--allow-fs-read=${graph}`], options)).toBe('done');
    const flags = ['--allow-addons', `--allow-fs-read=${file}`];
    const index = join(graph, 'variables', 'variables.index');
    expect(await ending(flags, { ...options, graph: file })).toBe(
      denied(`READ_FAILED ${index} cannot be read`, `--allow-fs-read=${index}`),
    );
  });
  it('writing', async () => {
    const model = smallModel();
    const { out } = model;
    expect(await ending(['--allow-addons', '--allow-fs-read=*'], optionsOf(model))).toBe(
      denied(`WRITE_FAILED ${out} cannot be written`, `--allow-fs-write=${out}`),
    );
  });
  it('loading the core', async () => {
    expect(await ending(['--allow-fs-read=*'], optionsOf(smallModel()))).toMatch(
      /^PermafrostError NATIVE_UNAVAILABLE .* Start Node with --allow-addons too\.$/,
    );
  });
  it('reading a shard, which the core does', async () => {
    const model = smallModel();
    const { graph, checkpoint } = model;
    const shard = `${checkpoint}.data-00000-of-00001`;
    const flags = ['--allow-addons', ...[graph, `${checkpoint}.index`].map((path) => `--allow-fs-read=${path}`)];
    expect(await ending(flags, optionsOf(model))).toBe(
      denied(`READ_FAILED ${shard} cannot be read`, `--allow-fs-read=${shard}`),
    );
  });
  it('a heap of its own, which only a worker would have', async () => {
    expect(await ending(all, { ...optionsOf(smallModel()), heapBytes: 2 ** 26 })).toMatch(
      /^PermafrostError INVALID_ARGUMENT Only a worker has a heap of its own .* Leave it out\.$/,
    );
  });
  it('all of that to large freezes too, which would run in a worker otherwise', async () => {
    const large = smallModel();
    padGraph(large);
    const { graph, out } = large;
    expect(await ending(all, optionsOf(large))).toBe('done');
    const mayStart = ['--allow-addons', '--allow-worker'];
    for (const options of [optionsOf(large), { ...optionsOf(large), inline: true }]) {
      expect(await ending(mayStart, options)).toBe(
        denied(`READ_FAILED ${graph} cannot be read`, `--allow-fs-read=${graph}`),
      );
      rmSync(out, { force: true });
      expect(await ending([...mayStart, '--allow-fs-read=*'], options)).toBe(
        denied(`WRITE_FAILED ${out} cannot be written`, `--allow-fs-write=${out}`),
      );
      expect(existsSync(out)).toBe(false);
    }
  });
});
