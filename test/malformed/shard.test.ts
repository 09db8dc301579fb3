import { mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { float32 } from '../support/bytes.js';
import { float, identity, refVariable, stringType } from '../support/graph-def.js';
import { type SmallModel, smallModel, smallNodes } from '../support/model.js';
import { expectRefused, refusal } from '../support/refusal.js';
import { maskedCrc32c } from '../support/write-bundle.mjs';

function shardOf({ checkpoint }: SmallModel): string {
  return `${checkpoint}.data-00000-of-00001`;
}

describe('a shard', () => {
  it('cut at any byte is refused', async () => {
    for (let size = 0; size < 8; size++) {
      const model = smallModel();
      truncateSync(shardOf(model), size);
      const error = await refusal(model);
      expect(error.code, `cut after ${size} bytes`).toBe('CHECKPOINT_MALFORMED');
      expect(error.message).toContain(`shard too short (${size} bytes, tensor 'w' needs `);
    }
  });
  it('cut between two tensors is refused for the second', async () => {
    const nodes = [refVariable('a', float, 1), refVariable('b', float, 1), { name: 'y', op: 'Add', input: ['a', 'b'] }];
    const tensors = ['a', 'b'].map((key) => ({ key, dtype: float, shape: [1], bytes: float32(1) }));
    const model = smallModel(nodes, tensors);
    truncateSync(shardOf(model), 4);
    await expectRefused(model, 'CHECKPOINT_MALFORMED', /^shard too short \(4 bytes, tensor 'b' needs /);
  });
  it('with any byte changed is refused', async () => {
    const model = smallModel();
    const whole = readFileSync(shardOf(model));
    for (let at = 0; at < whole.length; at++) {
      const bytes = Buffer.from(whole);
      bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
      writeFileSync(shardOf(model), bytes);
      expect((await refusal(model)).code, `byte ${at}`).toBe('CHECKSUM_MISMATCH');
    }
  });
  it('that is a folder', async () => {
    const model = smallModel();
    rmSync(shardOf(model));
    mkdirSync(shardOf(model));
    await expectRefused(model, 'READ_FAILED', /^file unreadable \(a directory\): /);
  });
});

/** A tensor of strings with these bytes stored for it. */
function strings(shape: number[], bytes: Uint8Array): SmallModel {
  const nodes = [
    { ...refVariable('s', stringType, ...shape) },
    identity('y', 's', stringType),
    ...smallNodes.slice(0, 1),
  ];
  return smallModel(nodes, [{ key: 's', dtype: stringType, shape, bytes }]);
}

/** Lengths as single bytes, their checksum, and the strings. */
function storedStrings(lengths: number[], text: string): Buffer {
  const counted = Buffer.alloc(4 * lengths.length);
  for (const [index, length] of lengths.entries()) counted.writeUInt32LE(length, 4 * index);
  const crc = Buffer.alloc(4);
  crc.writeUInt32LE(maskedCrc32c(counted));
  return Buffer.concat([Buffer.from(lengths), crc, Buffer.from(text)]);
}

describe('a string tensor', () => {
  it('without bytes', () => expectRefused(strings([2], Buffer.alloc(0)), 'CHECKPOINT_MALFORMED', /truncated lengths/));
  it('with fewer lengths than elements', () => {
    return expectRefused(strings([3], Buffer.from([1, 0x80])), 'CHECKPOINT_MALFORMED', /truncated lengths/);
  });
  it('with a length that passes the end', () => {
    const bytes = storedStrings([1, 100], 'ab');
    return expectRefused(strings([2], bytes), 'CHECKPOINT_MALFORMED', /element 1 past its end/);
  });
  it('with lengths that are not all the bytes', () => {
    const bytes = storedStrings([1, 1], 'abc');
    return expectRefused(strings([2], bytes), 'CHECKPOINT_MALFORMED', /lengths add up to 2 bytes, not 3/);
  });
  it('with a length that overflows', () => {
    const bytes = Buffer.from('ffffffffffffffffff01ffffffffffffffffff01', 'hex');
    return expectRefused(strings([2], bytes), 'CHECKPOINT_MALFORMED', /element 0 past its end/);
  });
  it('with a wrong checksum of its lengths', () => {
    const bytes = storedStrings([1, 1], 'ab');
    bytes.writeUInt8(bytes.readUInt8(2) ^ 1, 2);
    return expectRefused(strings([2], bytes), 'CHECKSUM_MISMATCH', /string lengths of tensor 's'/);
  });
  it('of more elements than it has bytes', () => {
    return expectRefused(strings([2 ** 50], Buffer.from('abc')), 'CHECKPOINT_MALFORMED', /past its end|truncated/);
  });
});
