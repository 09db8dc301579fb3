import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PermafrostError } from '../../src/index.js';
import { float32 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { namesIn } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import { encode, float } from '../support/graph-def.js';
import { type SmallModel, smallModel, smallNodes } from '../support/model.js';

function refusal({ graph, checkpoint, out }: SmallModel): Promise<PermafrostError> {
  return failure(() => freeze({ graph, checkpoint, outputs: 'y', out }));
}

describe('the checkpoint', () => {
  it('a shard that is missing is named, with the tensor that needs it', async () => {
    const model = smallModel();
    const shard = `${model.checkpoint}.data-00000-of-00001`;
    rmSync(shard);
    const error = await refusal(model);
    expect([error.code, error.message]).toEqual([
      'SHARD_MISSING',
      `shard missing (no such file): ${shard}, needed for tensor 'w'. ` +
        'Copy it beside the index: a checkpoint is all of its files.',
    ]);
    expect(namesIn(model.outFolder)).toEqual([]);
  });

  it('a checksum that is wrong names tensor, place and file', async () => {
    const model = smallModel(smallNodes, [
      { key: 'w', dtype: float, shape: [2], bytes: float32(1, 2), crc32c: 0xa282ead8 },
    ]);
    const error = await refusal(model);
    expect(error.code).toBe('CHECKSUM_MISMATCH');
    expect(error.message).toMatch(/^checksum mismatch \(stored 00000000, computed [0-9a-f]{8}\): tensor 'w', /);
    expect(error.message).toContain(`${model.checkpoint}.data-00000-of-00001`);
    expect(namesIn(model.outFolder)).toEqual([]);
  });

  it('a flipped bit in a shard is found', async () => {
    const model = smallModel();
    const shard = `${model.checkpoint}.data-00000-of-00001`;
    const bytes = readFileSync(shard);
    bytes.writeUInt8(bytes.readUInt8(5) ^ 0x10, 5);
    writeFileSync(shard, bytes);
    expect((await refusal(model)).code).toBe('CHECKSUM_MISMATCH');
  });

  it('one that is not there says where it was looked for', async () => {
    const model = smallModel();
    const checkpoint = join(model.folder, 'none');
    const error = await refusal({ ...model, checkpoint });
    expect([error.code, error.message]).toEqual([
      'CHECKPOINT_NOT_FOUND',
      `There is no checkpoint '${checkpoint}': neither ${checkpoint}.index nor a file or folder of that name exists. ` +
        `The checkpoints in ${model.folder} are 'model.ckpt'.`,
    ]);
  });
});

it('a target that existed stays as it was when the freeze fails', async () => {
  const model = smallModel(smallNodes, [{ key: 'w', dtype: float, shape: [2], bytes: float32(1, 2), crc32c: 1 }]);
  writeFileSync(model.out, 'the old one');
  expect((await refusal(model)).code).toBe('CHECKSUM_MISMATCH');
  expect(readFileSync(model.out, 'utf8')).toBe('the old one');
  expect(namesIn(model.outFolder)).toEqual(['frozen.pb']);
});

it('a target that existed is replaced when it succeeds', async () => {
  const { graph, checkpoint, out, outFolder } = smallModel();
  writeFileSync(out, 'the old one, which is longer than the new one will ever be'.repeat(10));
  const { bytes } = await freeze({ graph, checkpoint, outputs: 'y', out, durable: true });
  expect(readFileSync(out)).toHaveLength(bytes);
  expect(namesIn(outFolder)).toEqual(['frozen.pb']);
});

describe('a target that is a source is refused:', () => {
  async function expectRefused(model: SmallModel, source: string, out: string): Promise<void> {
    const before = readFileSync(source);
    const saver = join(model.folder, 'saver.pb');
    const { graph, checkpoint } = model;
    const error = await failure(() => freeze({ graph, checkpoint, outputs: 'y', out, saver }));
    expect([error.code, error.message]).toEqual([
      'INVALID_ARGUMENT',
      `The target ${out} is the same file as the source ${source}. Choose another target.`,
    ]);
    expect(readFileSync(source).equals(before)).toBe(true);
  }

  function model(): SmallModel {
    const made = smallModel();
    const names = { filename_tensor_name: 'save/Const:0', save_tensor_name: 'save/c:0', restore_op_name: 'y' };
    writeFileSync(join(made.folder, 'saver.pb'), encode('SaverDef', names));
    return made;
  }

  it('the graph', async () => {
    const made = model();
    await expectRefused(made, made.graph, made.graph);
  });
  it('the index', async () => {
    const made = model();
    await expectRefused(made, `${made.checkpoint}.index`, `${made.checkpoint}.index`);
  });
  it('a shard', async () => {
    const made = model();
    await expectRefused(made, `${made.checkpoint}.data-00000-of-00001`, `${made.checkpoint}.data-00000-of-00001`);
  });
  it('the SaverDef', async () => {
    const made = model();
    const saver = join(made.folder, 'saver.pb');
    await expectRefused(made, saver, saver);
  });
  it('a symbolic link to one', async () => {
    const made = model();
    symlinkSync(made.graph, made.out);
    await expectRefused(made, made.graph, made.out);
  });
  it('a hard link to one', async () => {
    const made = model();
    linkSync(made.graph, made.out);
    await expectRefused(made, made.graph, made.out);
  });
});

describe('a target that cannot be written:', () => {
  it('a folder', async () => {
    const model = smallModel();
    const error = await refusal({ ...model, out: model.outFolder });
    expect([error.code, error.message]).toEqual([
      'WRITE_FAILED',
      `target not writable (a directory): ${model.outFolder}`,
    ]);
    expect(namesIn(model.outFolder)).toEqual([]);
  });
  it('a file in a folder that is not there', async () => {
    const model = smallModel();
    const out = join(model.outFolder, 'none', 'frozen.pb');
    const error = await refusal({ ...model, out });
    expect(error.code).toBe('WRITE_FAILED');
    expect(error.message).toMatch(/^target not writable \(No such file or directory\): .*none/);
  });
  it('the name of a folder that is not there', async () => {
    const model = smallModel();
    expect((await refusal({ ...model, out: `${model.outFolder}/none/` })).code).toBe('WRITE_FAILED');
  });
  it.skipIf(process.getuid?.() === 0)(
    'a file in a folder that is closed (skipped for root, who may write everywhere)',
    async () => {
      const model = smallModel();
      const closed = join(model.outFolder, 'closed');
      mkdirSync(closed);
      chmodSync(closed, 0o500);
      const error = await refusal({ ...model, out: join(closed, 'frozen.pb') });
      expect([error.code, error.message]).toEqual([
        'WRITE_FAILED',
        `target not writable (Permission denied): ${join(closed, 'frozen.pb')}`,
      ]);
    },
  );
});
