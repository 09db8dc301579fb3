import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Checkpoint } from '../../src/checkpoint/checkpoint.js';
import type { StoredTensor } from '../../src/graph/stored-tensor.js';
import { failure } from '../support/failure.js';
import { temporaryFolder } from '../support/folder.js';
import { float, int64Type, stringType } from '../support/graph-def.js';
import { storedStrings } from '../support/stored-string.js';
import { type TensorToWrite, writeBundle } from '../support/write-bundle.mjs';

function open(tensors: TensorToWrite[], options?: { shards?: number }): Promise<Checkpoint> {
  const prefix = join(temporaryFolder(), 'model.ckpt');
  writeBundle(prefix, tensors, options);
  return Checkpoint.open(prefix);
}

function tensor(key: string | Uint8Array, shape: number[] = [2], dtype: number = float): TensorToWrite {
  const size = dtype === int64Type ? 8 : 4;
  return { key, dtype, shape, bytes: Buffer.alloc(size * shape.reduce((count, each) => count * each, 1)) };
}

describe('get', () => {
  it('gives what the index says', async () => {
    const checkpoint = await open([tensor('b', [2, 3]), tensor('a', [], int64Type), tensor('c', [0, 7])]);
    expect(checkpoint.get('a')).toMatchObject({
      key: 'a',
      row: 0,
      dtype: int64Type,
      shape: [],
      byteLength: 8,
    });
    expect(checkpoint.get('b')).toMatchObject({
      key: 'b',
      row: 1,
      dtype: float,
      shape: [2, 3],
      byteLength: 24,
    });
    expect(checkpoint.get('c')?.elementCount).toBe(0);
    expect(checkpoint.get('c')).toMatchObject({ row: 2, shape: [0, 7], byteLength: 0 });
  });
  it('gives undefined for a key that is not there', async () => {
    const checkpoint = await open([tensor('a')]);
    expect(['', 'A', 'a/', 'b'].map((key) => checkpoint.get(key))).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
  it('knows the names of objects as well as plain ones', async () => {
    const keys = ['constructor', '__proto__', 'toString'];
    const checkpoint = await open(keys.map((key) => tensor(key)));
    expect(keys.map((key) => checkpoint.get(key)?.key)).toEqual(keys);
    expect(checkpoint.get('hasOwnProperty')).toBeUndefined();
  });
});

describe('keys', () => {
  it('stand in the order of their bytes', async () => {
    const checkpoint = await open(['b', 'a/b', 'a', 'Z', '\u00e9'].map((key) => tensor(key)));
    expect([...checkpoint.keys()]).toEqual(['Z', 'a', 'a/b', 'b', '\u00e9']);
  });
  it('may have a byte order mark', async () => {
    const checkpoint = await open([tensor('\ufeffa')]);
    expect([...checkpoint.keys()]).toEqual(['\ufeffa']);
  });
  it('may be many', async () => {
    const tensors = Array.from({ length: 20_000 }, (_, index) => tensor(`layer_${index}/kernel`, [1]));
    const checkpoint = await open(tensors);
    expect([...checkpoint.keys()]).toHaveLength(20_000);
    expect(checkpoint.get('layer_19999/kernel')).toMatchObject({
      key: 'layer_19999/kernel',
      shape: [1],
      byteLength: 4,
    });
  });
});

describe('a text is', () => {
  const at = (bytes: number): Buffer => Buffer.alloc(bytes, 'text');
  const text = (key: string, bytes: number): TensorToWrite => ({
    key,
    dtype: stringType,
    shape: [],
    ...storedStrings([at(bytes)]),
  });

  it.each([0, 1, 127, 128, 100_000])('read at %i bytes', async (bytes) => {
    const checkpoint = await open([text('before', 3), text('t', bytes)]);
    expect(Buffer.from((await checkpoint.text('t')) ?? [])).toEqual(at(bytes));
  });
  it('not read where there is none, or another tensor', async () => {
    const checkpoint = await open([tensor('a')]);
    expect([await checkpoint.text('t'), await checkpoint.text('a')]).toEqual([undefined, undefined]);
  });
  it('refused where its bytes are not those that were saved', async () => {
    const checkpoint = await open([{ ...text('t', 9), crc32c: 7 }]);
    expect((await failure(() => checkpoint.text('t'))).code).toBe('CHECKSUM_MISMATCH');
  });
});

it('files are the index and every shard', async () => {
  const checkpoint = await open([tensor('a')], { shards: 2 });
  const { prefix } = checkpoint;
  const names = ['.index', '.data-00000-of-00002', '.data-00001-of-00002'];
  expect(checkpoint.files()).toEqual(names.map((name) => `${prefix}${name}`));
});

it('a checkpoint without tensors opens', async () => {
  expect([...(await open([])).keys()]).toEqual([]);
});

it('an index that is gone is not found', async () => {
  const error = await failure(() => Checkpoint.open(join(temporaryFolder(), 'model.ckpt')));
  expect(error.code).toBe('CHECKPOINT_NOT_FOUND');
});

describe('strings', () => {
  it('gives the elements of a tensor, and those of a part of it', async () => {
    const texts = ['a', 'b', '', 'd', 'e', 'f'];
    const checkpoint = await open([{ key: 's', dtype: stringType, shape: [2, 3], ...storedStrings(texts) }]);
    const whole = checkpoint.get('s') as StoredTensor;
    const read = async (tensor: StoredTensor): Promise<string[]> =>
      (await checkpoint.strings(tensor)).map((element) => Buffer.from(element).toString());
    expect(await read(whole)).toEqual(texts);
    const part = whole.part([
      { start: 1, length: 1 },
      { start: 0, length: 2 },
    ]);
    expect(await read(part)).toEqual(['d', 'e']);
    const columns = whole.part([
      { start: 0, length: 2 },
      { start: 1, length: 2 },
    ]);
    expect(await read(columns)).toEqual(['b', '', 'e', 'f']);
  });
});
