// Indexes of checkpoints that are damaged or lie. Each is a whole, good index but for one defect.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hex } from '../support/bytes.js';
import { changeEachByte } from '../support/each-byte.js';
import { type SmallModel, smallModel } from '../support/model.js';
import { expectRefused, refusal } from '../support/refusal.js';
import { bundleEntry, type EntryToWrite, maskedCrc32c, message, table, varint } from '../support/write-bundle.mjs';

const header = hex('0801 1a020801');
const good: EntryToWrite = { dtype: 1, shape: [2], size: 8, crc32c: 0 };

/** The small model with an index of these bytes. */
function withIndex(bytes: Uint8Array): SmallModel {
  const model = smallModel();
  writeFileSync(`${model.checkpoint}.index`, bytes);
  return model;
}

function withHeader(value: Uint8Array): SmallModel {
  return withIndex(
    table([
      { key: Buffer.alloc(0), value },
      { key: Buffer.from('w'), value: bundleEntry(good) },
    ]),
  );
}

function withEntry(value: Uint8Array): SmallModel {
  return withIndex(
    table([
      { key: Buffer.alloc(0), value: header },
      { key: Buffer.from('w'), value },
    ]),
  );
}

/** The index of the small model, changed in place. */
function damaged(damage: (bytes: Buffer) => Buffer | undefined): SmallModel {
  const model = smallModel();
  const path = `${model.checkpoint}.index`;
  const bytes = readFileSync(path);
  writeFileSync(path, damage(bytes) ?? bytes);
  return model;
}

/** Puts the right checksum behind the block of `size` bytes at the start of a table. */
function seal(bytes: Buffer, size: number): void {
  bytes.writeUInt32LE(maskedCrc32c(bytes.subarray(0, size + 1)), size + 1);
}

/** Bytes of the data block of the small model's index: the metaindex follows its trailer, which the footer says. */
function dataBlockSize(bytes: Buffer): number {
  const footer = bytes.subarray(-48);
  return ((footer.readUInt8(0) & 0x7f) | (footer.readUInt8(0) > 0x7f ? footer.readUInt8(1) << 7 : 0)) - 5;
}

describe('the table', () => {
  it('cut at any byte is refused', async () => {
    const model = smallModel();
    const path = `${model.checkpoint}.index`;
    const whole = readFileSync(path);
    for (let size = 0; size < whole.length; size++) {
      writeFileSync(path, whole.subarray(0, size));
      const { code } = await refusal(model);
      expect(code, `cut after ${size} bytes`).toBe('CHECKPOINT_MALFORMED');
    }
  });
  it('with any byte changed is refused, or is of no consequence', async () => {
    const model = smallModel();
    const codes = /^(CHECKPOINT_MALFORMED|CHECKSUM_MISMATCH)$/;
    const { refused, size } = await changeEachByte(model, `${model.checkpoint}.index`, codes);
    // Nothing reads the metaindex and the padding of the footer, 13 and at most 36 bytes.
    expect(refused).toBeGreaterThanOrEqual(size - 50);
  });
  it('with a bad magic', () => {
    const model = damaged((bytes) => bytes.fill(0, bytes.length - 1));
    return expectRefused(
      model,
      'CHECKPOINT_MALFORMED',
      /^not a tensor bundle index \(bad table magic\): .*\.index\. The checkpoint is/,
    );
  });
  it('with a wrong checksum of a block', () => {
    const model = damaged((bytes) => bytes.fill(0xee, 3, 4));
    return expectRefused(
      model,
      'CHECKSUM_MISMATCH',
      /^checksum mismatch \(stored [0-9a-f]{8}, computed [0-9a-f]{8}\): /,
    );
  });
  it('with a trailer of an unknown type', () => {
    const model = damaged((bytes) => {
      const size = dataBlockSize(bytes);
      bytes.writeUInt8(7, size);
      seal(bytes, size);
      return bytes;
    });
    return expectRefused(model, 'CHECKPOINT_UNSUPPORTED', /^unknown block compression \(type 7\)/);
  });
  it('with a block that claims to be snappy and is not', () => {
    const model = damaged((bytes) => {
      const size = dataBlockSize(bytes);
      bytes.writeUInt8(1, size);
      seal(bytes, size);
      return bytes;
    });
    return expectRefused(model, 'CHECKPOINT_MALFORMED', /malformed snappy data/);
  });
  it('with more restart points than its block has room for', () => {
    const model = damaged((bytes) => {
      const size = dataBlockSize(bytes);
      bytes.writeUInt32LE(0xffffffff, size - 4);
      seal(bytes, size);
      return bytes;
    });
    return expectRefused(model, 'CHECKPOINT_MALFORMED', /restart array outside of the block/);
  });
  it('with a record whose length is an endless varint', () => {
    const model = damaged((bytes) => {
      bytes.fill(0xff, 0, 10);
      seal(bytes, dataBlockSize(bytes));
      return bytes;
    });
    return expectRefused(model, 'CHECKPOINT_MALFORMED', /^bad index block \(/);
  });
  it('with a block handle of absurd size', () => {
    const model = damaged((bytes) => {
      bytes.fill(0xff, bytes.length - 48, bytes.length - 30);
      return bytes;
    });
    return expectRefused(
      model,
      'CHECKPOINT_MALFORMED',
      /^not a tensor bundle index \(bad block handle in the footer\)/,
    );
  });
  it('with keys out of order', () => {
    const entry = bundleEntry(good);
    const bytes = table([
      { key: Buffer.alloc(0), value: header },
      { key: Buffer.from('w'), value: entry },
      { key: Buffer.from('a'), value: entry },
    ]);
    return expectRefused(withIndex(bytes), 'CHECKPOINT_MALFORMED', /^bad table \(key 'a' out of order\)/);
  });
  it('with a key twice', () => {
    const records = ['w', 'w'].map((key) => ({ key: Buffer.from(key), value: bundleEntry(good) }));
    const bytes = table([{ key: Buffer.alloc(0), value: header }, ...records]);
    return expectRefused(withIndex(bytes), 'CHECKPOINT_MALFORMED', /^bad table \(key 'w' out of order\)/);
  });
  it('without records', () => {
    return expectRefused(withIndex(table([])), 'CHECKPOINT_MALFORMED', /^bad index header \(missing\)/);
  });
  it('that is empty', () =>
    expectRefused(withIndex(Buffer.alloc(0)), 'CHECKPOINT_MALFORMED', /shorter than a table footer/));
  it('that is all zeros', () =>
    expectRefused(withIndex(Buffer.alloc(4096)), 'CHECKPOINT_MALFORMED', /bad table magic/));
});

describe('the header', () => {
  const cases: Readonly<Record<string, [value: Uint8Array, message: RegExp]>> = {
    'of no shards': [hex('0800 1a020801'), /^bad index header \(0 shards\)/],
    'of four milliard shards': [
      Buffer.concat([hex('08'), varint(4_000_000_000)]),
      /^bad index header \(4000000000 shards\)/,
    ],
    'of fewer than no shards': [Buffer.concat([hex('08'), varint(2n ** 64n - 1n)]), /^bad index header \(-1 shards\)/],
    'of an unknown endianness': [hex('0801 1002 1a020801'), /^bad index header \(endianness 2\)/],
    'that is cut': [hex('08'), /^bad index header \(malformed\)/],
    'with an endless varint': [hex('08 ffffffffffffffffffffff01'), /^bad index header \(malformed\)/],
  };
  for (const [what, [value, message_]] of Object.entries(cases)) {
    it(what, () => expectRefused(withHeader(value), 'CHECKPOINT_MALFORMED', message_));
  }
  it('that wants a newer reader', () => {
    const model = withHeader(hex('0801 1a04 0809 1009'));
    return expectRefused(model, 'CHECKPOINT_UNSUPPORTED', /made for readers of version 9, this one knows version 1/);
  });
});

describe('an entry', () => {
  const huge = 2n ** 63n - 1n;
  const cases: Readonly<Record<string, [value: Uint8Array, message: RegExp]>> = {
    'in a shard that is not there': [bundleEntry({ ...good, shard: 1 }), /\(shard 1 of 1\): tensor 'w'/],
    'with an offset of 2^63 - 1': [bundleEntry({ ...good, offset: huge }), /\(offset or size too large\)/],
    'with a negative offset': [bundleEntry({ ...good, offset: 2n ** 64n - 1n }), /\(negative offset or size\)/],
    'with a size that overflows': [bundleEntry({ ...good, size: huge }), /too large/],
    'with a size that its shape does not have': [bundleEntry({ ...good, size: 12 }), /size of 12 bytes.*need 8\)/],
    'with a negative dimension': [bundleEntry({ ...good, shape: [2n ** 64n - 1n] }), /\(dimension of -1\)/],
    'with dimensions whose product overflows': [bundleEntry({ ...good, shape: [huge, huge] }), /\(too many elements\)/],
    'with 300 dimensions': [
      bundleEntry({ ...good, shape: Array.from({ length: 300 }, () => 1) }),
      /\(more than 254 dimensions\)/,
    ],
    'with a shape that passes its end': [hex('0801 120a 1202'), /\(malformed\)/],
    'of unknown rank': [hex('0801 1202 1801 2808'), /\(unknown rank\)/],
    'that is a group': [hex('0b 0c'), /\(malformed\)/],
    'with field number 0': [hex('0001'), /\(malformed\)/],
    'without a type': [hex('1204 12020802 2808 3500000000'), /unknown dtype 0/],
    'of an unknown type': [bundleEntry({ ...good, dtype: 99 }), /unknown dtype 99/],
  };
  for (const [what, [value, message_]] of Object.entries(cases)) {
    const code = /type/.test(what) ? 'CHECKPOINT_UNSUPPORTED' : 'CHECKPOINT_MALFORMED';
    it(what, () => expectRefused(withEntry(value), code, message_));
  }
  it('of a partitioned variable, one of whose slices is not there', () => {
    const slices = Buffer.concat([bundleEntry(good), message(7, message(1, Buffer.alloc(0)))]);
    return expectRefused(
      withEntry(slices),
      'CHECKPOINT_MALFORMED',
      /^bad index entry \(slice - has no record\): tensor 'w' in /,
    );
  });
  it('under a key that is no slice', () => {
    const records = [{ key: Buffer.from([0, 1]), value: bundleEntry(good) }];
    const bytes = table([{ key: Buffer.alloc(0), value: header }, ...records]);
    return expectRefused(withIndex(bytes), 'CHECKPOINT_MALFORMED', /\(malformed key\)/);
  });
});
