import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locateCheckpoint } from '../../src/checkpoint/locate.js';
import { failure } from '../support/failure.js';
import { temporaryFolder } from '../support/folder.js';
import { graphDef } from '../support/graph-def.js';
import { smallNodes, smallTensors } from '../support/model.js';
import { writeBundle } from '../support/write-bundle.mjs';
import { writeV1 } from '../support/write-v1.js';

/** Writes a checkpoint of that name into a new folder. */
function checkpoint(name = 'model.ckpt-100'): string {
  const prefix = join(temporaryFolder(), name);
  mkdirSync(dirname(prefix), { recursive: true });
  writeBundle(prefix, smallTensors);
  return prefix;
}

function state(folder: string, path: string): string {
  const file = join(folder, 'checkpoint');
  writeFileSync(file, `model_checkpoint_path: "${path}"\nall_model_checkpoint_paths: "${path}"\n`);
  return file;
}

function shardNames(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, shard) => `${prefix}-0000${shard}-of-0000${count}`);
}

describe('a checkpoint is found by', () => {
  it('its prefix', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(prefix)).toEqual({ prefix });
  });
  it('its index', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(`${prefix}.index`)).toEqual({ prefix });
  });
  it('one of its shards', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(`${prefix}.data-00000-of-00001`)).toEqual({ prefix });
  });
  it('a shard that is missing, as long as the index is there', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(`${prefix}.data-00007-of-00009`)).toEqual({ prefix });
  });
  it('the .meta beside it', async () => {
    const prefix = checkpoint();
    writeFileSync(`${prefix}.meta`, graphDef(smallNodes));
    expect(await locateCheckpoint(`${prefix}.meta`)).toEqual({ prefix });
  });
  it('a prefix that is the name of a folder as well', async () => {
    const prefix = checkpoint();
    mkdirSync(prefix);
    expect(await locateCheckpoint(prefix)).toEqual({ prefix });
  });
  it('the state file of its folder', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(state(dirname(prefix), basename(prefix)))).toEqual({ prefix });
  });
  it('its folder, where the state file names it', async () => {
    const prefix = checkpoint();
    writeBundle(join(dirname(prefix), 'model.ckpt-99'), smallTensors);
    state(dirname(prefix), basename(prefix));
    expect(await locateCheckpoint(dirname(prefix))).toEqual({ prefix });
  });
  it('its folder, where it is the only one', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(dirname(prefix))).toEqual({ prefix });
  });
  it('an absolute path in the state file', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(state(dirname(prefix), prefix))).toEqual({ prefix });
  });
  it('its name, where its folder was moved after it was saved', async () => {
    const prefix = checkpoint();
    state(dirname(prefix), join('/nowhere/training', basename(prefix)));
    expect(await locateCheckpoint(dirname(prefix))).toEqual({ prefix });
  });
  it('a relative path', async () => {
    const prefix = relative(process.cwd(), checkpoint());
    expect(await locateCheckpoint(prefix)).toEqual({ prefix });
  });
  it('a SavedModel folder', async () => {
    const prefix = checkpoint('variables/variables');
    expect(await locateCheckpoint(dirname(dirname(prefix)))).toEqual({ prefix });
    expect(await locateCheckpoint(dirname(prefix))).toEqual({ prefix });
  });
});

describe('a V1 checkpoint is found by', () => {
  it('its only file', async () => {
    const file = join(temporaryFolder(), 'model.ckpt');
    writeV1(file, smallTensors);
    writeFileSync(`${file}.meta`, graphDef(smallNodes));
    const files = [file];
    expect(await locateCheckpoint(file)).toEqual({ prefix: file, files });
    expect(await locateCheckpoint(`${file}.meta`)).toEqual({ prefix: file, files });
    expect(await locateCheckpoint(state(dirname(file), 'model.ckpt'))).toEqual({ prefix: file, files });
  });
  it('the prefix of its files, one of them, or the name that a Saver gives them', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    const files = shardNames(prefix, 2);
    for (const file of files) writeV1(file, smallTensors);
    for (const given of [prefix, files[1] as string, `${prefix}-?????-of-00002`, `${prefix}-?????-of-?????`]) {
      expect(await locateCheckpoint(given)).toEqual({ prefix, files });
    }
    const named = state(dirname(prefix), 'model.ckpt-?????-of-00002');
    expect(await locateCheckpoint(named)).toEqual({ prefix, files });
  });
  it('nothing where there is a bundle of the same name', async () => {
    const prefix = checkpoint();
    writeV1(prefix, smallTensors);
    expect(await locateCheckpoint(prefix)).toEqual({ prefix });
  });
  it('one of its files where there are two of that name', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    for (const file of [...shardNames(prefix, 1), ...shardNames(prefix, 2)]) writeV1(file, smallTensors);
    expect(await locateCheckpoint(`${prefix}-00000-of-00001`)).toEqual({ prefix, files: shardNames(prefix, 1) });
    expect(await locateCheckpoint(`${prefix}-?????-of-00002`)).toEqual({ prefix, files: shardNames(prefix, 2) });
    const { code, message } = await failure(() => locateCheckpoint(prefix));
    expect(code).toBe('CHECKPOINT_NOT_FOUND');
    expect(message).toBe(
      `${prefix} is the beginning of two checkpoints of different numbers of files: pass the first file of one, ` +
        `'${prefix}-00000-of-00001', '${prefix}-00000-of-00002'.`,
    );
  });
});

describe('what is not found', () => {
  async function refusal(given: string): Promise<[code: string, message: string]> {
    const { code, message } = await failure(() => locateCheckpoint(given));
    return [code, message];
  }

  it('a file of a V1 checkpoint', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    const [first, second] = shardNames(prefix, 2) as [string, string];
    writeV1(first, smallTensors);
    expect(await refusal(prefix)).toEqual([
      'SHARD_MISSING',
      `${second} is missing: the checkpoint is 2 files, of which 1 are there. Copy it beside the others.`,
    ]);
  });
  it('a prefix without files', async () => {
    const given = join(temporaryFolder(), 'model.ckpt');
    expect(await refusal(given)).toEqual([
      'CHECKPOINT_NOT_FOUND',
      `There is no checkpoint '${given}': neither ${given}.index nor a file or folder of that name exists. ` +
        `There is no other checkpoint in ${dirname(given)} either.`,
    ]);
  });
  it('a prefix in a folder that is not there', async () => {
    const folder = join(temporaryFolder(), 'none');
    const [code, message] = await refusal(join(folder, 'model.ckpt'));
    expect([code, message.endsWith(`exists. Nor is there a folder ${folder}.`)]).toEqual([
      'CHECKPOINT_NOT_FOUND',
      true,
    ]);
  });
  it('a folder of several checkpoints', async () => {
    const prefix = checkpoint();
    const other = join(dirname(prefix), 'model.ckpt-99');
    writeBundle(other, smallTensors);
    const [code, message] = await refusal(dirname(prefix));
    expect(code).toBe('CHECKPOINT_NOT_FOUND');
    expect(message).toContain(`${dirname(prefix)} is a folder of several checkpoints without a 'checkpoint' file`);
    expect(message).toContain(`'${prefix}'`);
    expect(message).toContain(`'${other}'`);
  });
  it('an empty folder', async () => {
    const folder = temporaryFolder();
    expect(await refusal(folder)).toEqual([
      'CHECKPOINT_NOT_FOUND',
      `${folder} is a folder without a checkpoint: it has neither a 'checkpoint' file nor an .index file.`,
    ]);
  });
  it('what the state file names', async () => {
    const folder = temporaryFolder();
    const file = state(folder, '/nowhere/model.ckpt-1');
    expect(await refusal(file)).toEqual([
      'CHECKPOINT_NOT_FOUND',
      `${file} names the checkpoint '/nowhere/model.ckpt-1', and there is no such file: looked for ` +
        `${folder}/model.ckpt-1.index. What it names is outside of ${folder}: if that is meant, pass ` +
        "'/nowhere/model.ckpt-1' itself.",
    ]);
  });
  it('what the state file names out of its folder, though it is there', async () => {
    const prefix = checkpoint('run/model.ckpt-100');
    for (const path of [prefix, '../run/model.ckpt-100']) {
      const folder = join(dirname(dirname(prefix)), 'other');
      mkdirSync(folder, { recursive: true });
      const [code, message] = await refusal(state(folder, path));
      expect(code).toBe('CHECKPOINT_NOT_FOUND');
      expect(message).toContain(`outside of ${folder}: if that is meant, pass '${prefix}' itself.`);
    }
  });
  it('a state file that names none', async () => {
    const file = join(temporaryFolder(), 'checkpoint');
    writeFileSync(file, 'all_model_checkpoint_paths: "a"\n');
    expect(await refusal(file)).toEqual([
      'CHECKPOINT_NOT_FOUND',
      `${file} names no checkpoint (its model_checkpoint_path is empty). Pass the prefix of one instead.`,
    ]);
  });
  it('a shard without its index', async () => {
    const prefix = checkpoint();
    rmSync(`${prefix}.index`);
    const shard = `${prefix}.data-00000-of-00001`;
    expect(await refusal(shard)).toEqual([
      'CHECKPOINT_NOT_FOUND',
      `${shard} is a shard of a checkpoint whose index is missing: there is no ${prefix}.index. ` +
        'A checkpoint is readable only with its index; copy both.',
    ]);
  });
  it('a graph', async () => {
    const file = join(temporaryFolder(), 'graph.pb');
    writeFileSync(file, graphDef(smallNodes));
    expect(await refusal(file)).toEqual([
      'WRONG_FILE_KIND',
      `${file} is a binary GraphDef, not a checkpoint. Pass a checkpoint's prefix, as in model.ckpt-100 ` +
        '(the part before .index), its folder, or its index.',
    ]);
  });
});
