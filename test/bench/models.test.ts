import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { expectFile } from '../../bench/measuring/verify.mjs';
import { convertedHeads } from '../../bench/models/converted-heads.mjs';
import { demoModel } from '../../bench/models/demo.mjs';
import { manyNodesModel } from '../../bench/models/many-nodes.mjs';
import { type ModelToMake, prepareModel } from '../../bench/models/prepare.mjs';
import { weightsModel } from '../../bench/models/weights.mjs';
import { temporaryFolder } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import { root } from '../support/run.js';
import { maskedCrc32c } from '../support/write-bundle.mjs';

function prepared(make: ModelToMake['make'], shards = 1) {
  return prepareModel(temporaryFolder(), { name: 'model', bytes: 0, disk: 0, shards, make });
}

describe('a model of the benchmarks', () => {
  it.each([
    ['of weights', () => weightsModel(24_000, 3), 1],
    ['of weights that are vectors, in shards', () => weightsModel(12_000, 1_500), 4],
    ['of many nodes', () => manyNodesModel(2, 3), 1],
  ] as const)('%s is frozen to what it was said to be', async (_, make, shards) => {
    const { graph, checkpoint, output, frozen, data } = prepared(make, shards);
    expect(data).toHaveLength(shards);
    const out = join(temporaryFolder(), 'frozen.pb');
    await freeze({ graph, checkpoint, outputs: output, out });
    const expected = frozen ?? { bytes: 0, sha256: '' };
    expect(expectFile(out, expected)).toBe('every byte as expected');
    const bytes = readFileSync(out);
    bytes.writeUInt8(bytes.readUInt8(bytes.length / 2) ^ 1, bytes.length / 2);
    writeFileSync(out, bytes);
    expect(() => expectFile(out, expected)).toThrow(/not the expected bytes/);
  });

  it('is frozen by TensorFlow to what the demo has', async () => {
    const { graph, checkpoint, output, frozen } = demoModel(root);
    const out = join(temporaryFolder(), 'frozen.pb');
    await freeze({ graph, checkpoint, outputs: output, out });
    expect(expectFile(out, frozen ?? { bytes: 0, sha256: '' })).toBe('every byte as expected');
  });

  it('with holes has the right checksums and takes no room', async () => {
    const { graph, checkpoint, output, weights, data, frozen, heads } = prepared(() =>
      weightsModel(200e6, 2, { written: 4096 }),
    );
    expect(weights).toBe(200e6);
    expect(frozen).toBeUndefined();
    expect(heads.map(({ offset }) => offset)).toEqual([0, 100e6]);
    expect(statSync(data[0] ?? '').blocks * 512).toBeLessThan(1e6);
    // Each tensor's checksum is verified here.
    await freeze({ graph, checkpoint, outputs: output, out: join(temporaryFolder(), 'frozen.pb') });
  });
});

describe('the checksum of zeros', () => {
  it('is that of RFC 3720 for 32 of them', () => {
    // Unmasked 0x8a9136aa.
    const masked = (((0x8a9136aa >>> 15) | (0x8a9136aa << 17)) + 0xa282ead8) >>> 0;
    expect(maskedCrc32c(Buffer.alloc(0), 32)).toBe(masked);
  });

  it.each([0, 1, 7, 1000, 65_537])('is that of %d bytes after others', (count) => {
    expect(maskedCrc32c(Buffer.from('abc'), count)).toBe(
      maskedCrc32c(Buffer.concat([Buffer.from('abc'), Buffer.alloc(count)])),
    );
  });
});

describe('a head in another type', () => {
  /** 1; halfway to the next float16 above 1, to the even one; a bit more; the largest float below 2. */
  const floats = [0x3f800000, 0x3f801000, 0x3f801001, 0x3f803000, 0x3fffffff];
  const hex = Buffer.from(Uint32Array.from(floats).buffer).toString('hex');

  it.each([
    ['float16', [0x3c00, 0x3c00, 0x3c01, 0x3c02, 0x4000]],
    ['bfloat16', [0x3f80, 0x3f80, 0x3f80, 0x3f80, 0x4000]],
  ] as const)('is rounded to the nearest %s, and to the even one of two', (type, expected) => {
    const [head] = convertedHeads([{ offset: 400, hex }], type);
    expect(head).toEqual({ offset: 200, hex: Buffer.from(Uint16Array.from(expected).buffer).toString('hex') });
  });
});
