import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { locateCheckpoint } from '../../src/checkpoint/locate.js';
import { failure } from '../support/failure.js';
import { temporaryFolder } from '../support/folder.js';
import { graphDef } from '../support/graph-def.js';
import { smallNodes, smallTensors } from '../support/model.js';
import { table, writeBundle } from '../support/write-bundle.mjs';

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

describe('a checkpoint is found by', () => {
  it('its prefix', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(prefix)).toBe(prefix);
  });
  it('its index', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(`${prefix}.index`)).toBe(prefix);
  });
  it('one of its shards', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(`${prefix}.data-00000-of-00001`)).toBe(prefix);
  });
  it('a shard that is missing, as long as the index is there', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(`${prefix}.data-00007-of-00009`)).toBe(prefix);
  });
  it('the .meta beside it', async () => {
    const prefix = checkpoint();
    writeFileSync(`${prefix}.meta`, graphDef(smallNodes));
    expect(await locateCheckpoint(`${prefix}.meta`)).toBe(prefix);
  });
  it('a prefix that is the name of a folder as well', async () => {
    const prefix = checkpoint();
    mkdirSync(prefix);
    expect(await locateCheckpoint(prefix)).toBe(prefix);
  });
  it('the state file of its folder', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(state(dirname(prefix), basename(prefix)))).toBe(prefix);
  });
  it('its folder, where the state file names it', async () => {
    const prefix = checkpoint();
    writeBundle(join(dirname(prefix), 'model.ckpt-99'), smallTensors);
    state(dirname(prefix), basename(prefix));
    expect(await locateCheckpoint(dirname(prefix))).toBe(prefix);
  });
  it('its folder, where it is the only one', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(dirname(prefix))).toBe(prefix);
  });
  it('an absolute path in the state file', async () => {
    const prefix = checkpoint();
    expect(await locateCheckpoint(state(temporaryFolder(), prefix))).toBe(prefix);
  });
  it('its name, where its folder was moved after it was saved', async () => {
    const prefix = checkpoint();
    state(dirname(prefix), join('/nowhere/training', basename(prefix)));
    expect(await locateCheckpoint(dirname(prefix))).toBe(prefix);
  });
  it('a relative path', async () => {
    const prefix = relative(process.cwd(), checkpoint());
    expect(await locateCheckpoint(prefix)).toBe(prefix);
  });
  it('a SavedModel folder', async () => {
    const prefix = checkpoint('variables/variables');
    expect(await locateCheckpoint(dirname(dirname(prefix)))).toBe(prefix);
    expect(await locateCheckpoint(dirname(prefix))).toBe(prefix);
  });
});

describe('what is not found', () => {
  async function refusal(given: string): Promise<[code: string, message: string]> {
    const { code, message } = await failure(() => locateCheckpoint(given));
    return [code, message];
  }

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
        `/nowhere/model.ckpt-1.index and ${folder}/model.ckpt-1.index. Copy it there, or pass another prefix.`,
    ]);
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
  it('a V1 checkpoint', async () => {
    const file = join(temporaryFolder(), 'model.ckpt');
    writeFileSync(file, table([{ key: Buffer.alloc(0), value: Buffer.from([0x0a, 2, 0x12, 0]) }]));
    const [code, message] = await refusal(file);
    expect(code).toBe('CHECKPOINT_UNSUPPORTED');
    expect(message).toMatch(/is a V1 checkpoint \(one file, written by Saver\(write_version=V1\)\)/);
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
