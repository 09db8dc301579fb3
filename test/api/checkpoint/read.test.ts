import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { openCheckpoint } from '../../../src/api/open-checkpoint.js';
import type { OpenCheckpoint, TensorElements } from '../../../src/index.js';
import { float32 } from '../../support/bytes.js';
import { failure } from '../../support/failure.js';
import { temporaryFolder } from '../../support/folder.js';
import { float, int64Type, stringType } from '../../support/graph-def.js';
import { peakMemorySource } from '../../support/peak-memory.js';
import { root, runModule } from '../../support/run.js';
import { writeSparseCheckpoint } from '../../support/sparse-checkpoint.js';
import { storedStrings } from '../../support/stored-string.js';
import { type TensorToWrite, writeBundle } from '../../support/write-bundle.mjs';

const fixtures = fileURLToPath(new URL('../../native/fixtures/', import.meta.url));
const opened: OpenCheckpoint[] = [];
afterAll(() => Promise.all(opened.map((checkpoint) => checkpoint.close())));

async function open(path: string): Promise<OpenCheckpoint> {
  const checkpoint = await openCheckpoint(path);
  opened.push(checkpoint);
  return checkpoint;
}

function written(...tensors: TensorToWrite[]): Promise<OpenCheckpoint> {
  const prefix = join(temporaryFolder(), 'model.ckpt');
  writeBundle(prefix, tensors);
  return open(prefix);
}

const text = (value: string): Uint8Array => new Uint8Array(Buffer.from(value));

/** What `scripts/make-checkpoint-fixtures.py` had TensorFlow save. */
const saved: Readonly<Record<string, TensorElements>> = {
  bfloat16: Uint16Array.of(0x3f80, 0xc000),
  bool: Uint8Array.of(1, 0, 1),
  complex128: Float64Array.of(1, -2),
  complex64: Float32Array.of(1, 2, -3, 0.5),
  empty: new Float32Array(0),
  empty_strings: [],
  float16: Uint16Array.of(0x3c00, 0xc000),
  float32: Float32Array.of(1, 2, 3, 4, 5, 6),
  float64: Float64Array.of(0.1),
  int16: Int16Array.of(-1, 2),
  int32: Int32Array.of(-1, 300),
  int64: BigInt64Array.of(-1n, 1n << 40n),
  int8: Int8Array.of(-1, 127),
  'nested/name': Int32Array.of(7),
  scalar: Float32Array.of(2.5),
  sliced: Float32Array.of(0, 1, 2, 3, 4, 5),
  string: [text('one')],
  strings: [text(''), text('a'), Uint8Array.of(0, 255), text('x'.repeat(200))],
  uint16: Uint16Array.of(65535),
  uint32: Uint32Array.of(4294967295),
  uint64: BigUint64Array.of(1n << 63n),
  uint8: Uint8Array.of(0, 255),
};
/** The types that TensorFlow does not write into checkpoints of version 1. */
const onlyV2 = ['bfloat16', 'uint32', 'uint64'];

describe.each(['every-dtype', 'every-dtype-v1.ckpt'])('of %s, which TensorFlow wrote', (name) => {
  const names = Object.keys(saved).filter((each) => name === 'every-dtype' || !onlyV2.includes(each));

  it('every tensor is listed', async () => {
    const checkpoint = await open(join(fixtures, name));
    const list = checkpoint.list();
    expect(list.map((tensor) => tensor.name)).toEqual(names);
    expect([...checkpoint]).toEqual(list);
    expect(list.filter(({ slices }) => slices.length > 0).map((tensor) => tensor.name)).toEqual(['sliced']);
  });

  it('every tensor is read as the array of its type', async () => {
    const checkpoint = await open(join(fixtures, name));
    for (const each of names) expect(await checkpoint.read(each), each).toEqual(saved[each]);
  });

  it('windows are read, of slices and strings too', async () => {
    const checkpoint = await open(join(fixtures, name));
    expect(await checkpoint.read('sliced', { start: 1, count: 4 })).toEqual(Float32Array.of(1, 2, 3, 4));
    expect(await checkpoint.read('float32', { start: 4 })).toEqual(Float32Array.of(5, 6));
    expect(await checkpoint.read('int64', { count: 1 })).toEqual(BigInt64Array.of(-1n));
    expect(await checkpoint.read('complex64', { start: 1, count: 1 })).toEqual(Float32Array.of(-3, 0.5));
    expect(await checkpoint.read('bool', { start: 1, count: 2 })).toEqual(Uint8Array.of(0, 1));
    expect(await checkpoint.read('strings', { start: 1, count: 2 })).toEqual([text('a'), Uint8Array.of(0, 255)]);
    expect(await checkpoint.read('float32', { start: 6 })).toEqual(new Float32Array(0));
  });

  it('every tensor is streamed, in chunks of any size', async () => {
    const checkpoint = await open(join(fixtures, name));
    for (const each of names) {
      const values = saved[each] as TensorElements;
      for (const chunkBytes of [1, 5, 17, 1000]) {
        const chunks: Uint8Array[] = [];
        for await (const chunk of checkpoint.stream(each, { chunkBytes })) chunks.push(chunk);
        if (Array.isArray(values)) expect(chunks, each).toEqual(values);
        else expect(Buffer.concat(chunks), each).toEqual(Buffer.from(values.buffer));
      }
    }
  });

  it('nothing is damaged', async () => {
    const checkpoint = await open(join(fixtures, name));
    expect(await checkpoint.verify()).toMatchObject({ tensors: names.length, damaged: [], unread: [] });
  });
});

describe('a tensor', () => {
  it('is described with its files', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    writeBundle(prefix, [{ key: 'a/b', dtype: int64Type, shape: [2, 1], bytes: Buffer.alloc(16) }]);
    const checkpoint = await open(prefix);
    const shards = [`${prefix}.data-00000-of-00001`];
    const expected = { name: 'a/b', dtype: 'int64', shape: [2, 1], bytes: 16, shards, slices: [] };
    expect(checkpoint.list()).toEqual([expected]);
    expect(checkpoint.get('a/b')).toEqual(expected);
    expect(checkpoint.get('a')).toBeUndefined();
    expect(checkpoint.prefix).toBe(prefix);
  });

  it('that was saved in slices says where they are', async () => {
    const shard = join(fixtures, 'every-dtype.data-00000-of-00001');
    const { slices } = (await open(join(fixtures, 'every-dtype'))).get('sliced') ?? {};
    const rows = (start: number, length: number): object => ({
      shard,
      bytes: length * 8,
      extents: [
        { start, length },
        { start: 0, length: 2 },
      ],
    });
    expect(slices).toEqual([rows(0, 2), rows(2, 1)]);
  });

  it('of several megabytes is read and streamed whole', async () => {
    const values = Float32Array.from({ length: 4_500_001 }, (_, index) => index);
    const bytes = Buffer.from(values.buffer);
    const checkpoint = await written({ key: 'w', dtype: float, shape: [values.length], bytes });
    expect(Buffer.from(((await checkpoint.read('w')) as Float32Array).buffer).equals(bytes)).toBe(true);
    const chunks: Uint8Array[] = [];
    for await (const chunk of checkpoint.stream('w')) chunks.push(chunk);
    expect(chunks.map(({ length }) => length).slice(0, -1)).toEqual(new Array(17).fill(2 ** 20));
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  });

  it('of many strings is read and streamed, however they lie in the chunks', async () => {
    const texts = Array.from({ length: 8_000 }, (_, index) => 'é'.repeat(index % 150));
    const checkpoint = await written({
      key: 's',
      dtype: stringType,
      shape: [texts.length],
      ...storedStrings(texts),
    });
    const decoded = (elements: TensorElements): string[] =>
      (elements as Uint8Array[]).map((element) => Buffer.from(element).toString());
    expect(decoded(await checkpoint.read('s'))).toEqual(texts);
    const chunks: Uint8Array[] = [];
    for await (const chunk of checkpoint.stream('s', { chunkBytes: 1000 })) chunks.push(chunk);
    expect(decoded(chunks)).toEqual(texts);
  });

  it('of a million empty strings takes no memory for each', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    const count = 1_000_000;
    writeBundle(prefix, [
      { key: 's', dtype: stringType, shape: [count], ...storedStrings(new Array<string>(count).fill('')) },
    ]);
    const source = `
      ${peakMemorySource}
      const { openCheckpoint } = await import(${JSON.stringify(`${root}/dist/index.js`)});
      const strings = await (await openCheckpoint(${JSON.stringify(prefix)})).read('s');
      console.log(strings.length, peakMemory());`;
    const [length, kibibytes] = (await runModule(source)).stdout.split(' ').map(Number);
    expect(length).toBe(count);
    expect(kibibytes).toBeLessThan(200 * 1024);
  });

  it('above 4 GiB is refused as one array, and read in windows and streamed', async () => {
    const prefix = join(temporaryFolder(), 'model.ckpt');
    const size = 2 ** 33;
    writeSparseCheckpoint(prefix, { w: size });
    const checkpoint = await open(prefix);
    const error = await failure(() => checkpoint.read('w'));
    expect([error.code, error.message]).toEqual([
      'INVALID_ARGUMENT',
      `${size / 4} elements of the tensor 'w' take ${size} bytes, and an array holds 4294967296. ` +
        'Read windows of it (start, and a count of at most 1073741824), or stream it.',
    ]);
    expect(await checkpoint.read('w', { start: size / 4 - 3 })).toEqual(new Float32Array(3));
    for await (const chunk of checkpoint.stream('w')) {
      expect(chunk).toHaveLength(2 ** 20);
      break;
    }
  });

  it('whose bytes are not those that were saved is refused', async () => {
    const checkpoint = await written({ key: 'w', dtype: float, shape: [3], bytes: float32(1, 2, 3), crc32c: 7 });
    expect((await failure(() => checkpoint.read('w'))).code).toBe('CHECKSUM_MISMATCH');
    const chunks: Uint8Array[] = [];
    const error = await failure(async () => {
      for await (const chunk of checkpoint.stream('w', { chunkBytes: 4 })) chunks.push(chunk);
    });
    expect(error.code).toBe('CHECKSUM_MISMATCH');
    // All but the last.
    expect(Buffer.concat(chunks)).toEqual(float32(1, 2));
    // Which nobody can know of a window.
    expect(await checkpoint.read('w', { start: 1 })).toEqual(Float32Array.of(2, 3));
  });

  it('without elements has no chunk, and its checksum is looked at all the same', async () => {
    const empty = { dtype: float, shape: [0], bytes: new Uint8Array() };
    const checkpoint = await written({ key: 'a', ...empty }, { key: 'b', ...empty, crc32c: 7 });
    expect(await checkpoint.stream('a').next()).toEqual({ value: undefined, done: true });
    expect((await failure(() => checkpoint.stream('b').next())).code).toBe('CHECKSUM_MISMATCH');
  });

  it('of no type that can be read is refused, and listed', async () => {
    const checkpoint = await written({ key: 'v', dtype: 21, shape: [], bytes: Buffer.from('anything') });
    expect(checkpoint.get('v')).toMatchObject({ dtype: 'variant', bytes: 8 });
    expect((await failure(() => checkpoint.read('v'))).code).toBe('UNSUPPORTED');
    expect((await failure(() => checkpoint.stream('v').next())).code).toBe('UNSUPPORTED');
    expect(await checkpoint.verify()).toEqual({ tensors: 0, bytes: 0, damaged: [], unread: ['v'] });
  });

  it('that is not there is answered with the nearest names', async () => {
    const checkpoint = await written({ key: 'layer/kernel', dtype: float, shape: [1], bytes: float32(1) });
    const error = await failure(() => checkpoint.read('layer/kernal'));
    expect([error.code, error.message]).toEqual([
      'VARIABLE_NOT_IN_CHECKPOINT',
      `There is no tensor 'layer/kernal' in the checkpoint ${checkpoint.prefix}. The nearest are 'layer/kernel'.`,
    ]);
  });
});

it('opened by a relative path is read wherever the program goes, and reported by its absolute one', async () => {
  const prefix = join(temporaryFolder(), 'model.ckpt');
  writeBundle(prefix, [{ key: 'w', dtype: float, shape: [1], bytes: float32(1) }]);
  const source = `
    process.chdir(${JSON.stringify(dirname(prefix))});
    const { openCheckpoint } = await import(${JSON.stringify(`${root}/dist/index.js`)});
    const checkpoint = await openCheckpoint('model.ckpt');
    process.chdir('/');
    const { damaged } = await checkpoint.verify();
    console.log(checkpoint.prefix, (await checkpoint.read('w'))[0], damaged.length);
    await checkpoint.read('v').catch(({ message }) => console.log(message));`;
  const { stdout } = await runModule(source);
  expect(stdout).toBe(`${prefix} 1 0\nThere is no tensor 'v' in the checkpoint model.ckpt. The nearest are 'w'.\n`);
});

describe('options', () => {
  const bad = (options: object): (() => Promise<unknown>) => {
    const tensor = { key: 'w', dtype: float, shape: [3], bytes: float32(1, 2, 3) };
    return async () => (await written(tensor)).read('w', options);
  };

  it.each([
    [{ start: -1 }, 'Expected a whole number from 0 to 3 for start but received -1.'],
    [{ start: 4 }, 'Expected a whole number from 0 to 3 for start but received 4.'],
    [{ start: 1, count: 3 }, 'Expected a whole number from 0 to 2 for count but received 3.'],
    [{ start: 1n }, 'Expected a whole number from 0 to 3 for start but received the bigint 1.'],
    [{ cuont: 1 }, "There is no option 'cuont'. Did you mean 'count'?"],
    [{ signal: 1 }, 'Expected an AbortSignal for signal but received 1.'],
  ])('%o are refused', async (options, message) => {
    expect(await failure(bad(options))).toMatchObject({ code: 'INVALID_ARGUMENT', message });
  });

  it('cannot make a method one of anything else', async () => {
    const { read, stream, verify, list, get, close } = await written({
      key: 'w',
      dtype: float,
      shape: [1],
      bytes: float32(1),
    });
    const calls = [() => read('w'), () => stream('w'), () => verify(), () => list(), () => get('w'), () => close()];
    for (const call of calls) expect((await failure(async () => call())).code).toBe('INVALID_ARGUMENT');
    const rejected = read('w');
    await expect(rejected).rejects.toThrow('checkpoint.read(name)');
  });

  it.each([
    [null, 'null'],
    [['w'], 'an array'],
  ])('a name is no %o', async (name, what) => {
    const checkpoint = await written({ key: 'w', dtype: float, shape: [1], bytes: float32(1) });
    const { message } = await failure(() => checkpoint.read(name as never));
    expect(message).toBe(`Expected the name of a tensor but received ${what}.`);
  });

  it('of a stream are checked when it begins', async () => {
    const checkpoint = await written({ key: 'w', dtype: float, shape: [1], bytes: float32(1) });
    const refused = (options: object) => failure(() => checkpoint.stream('w', options).next());
    const range = 'a whole number from 1 to 1073741824';
    for (const chunkBytes of [0, 2 ** 30 + 1]) {
      const message = `Expected ${range} for chunkBytes but received ${chunkBytes}.`;
      expect(await refused({ chunkBytes })).toMatchObject({ code: 'INVALID_ARGUMENT', message });
    }
    expect((await refused({ chunkByte: 1 })).message).toBe(
      "There is no option 'chunkByte'. Did you mean 'chunkBytes'?",
    );
    expect((await checkpoint.stream('w', { chunkBytes: 2 ** 30 }).next()).value).toHaveLength(4);
  });
});
