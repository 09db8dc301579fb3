import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FreezeReport, freeze } from '../../src/index.js';
import { hex } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { namesIn } from '../support/folder.js';
import { boolType, float, graphDef, refVariable, viewGraphDef } from '../support/graph-def.js';
import { modelOf, pattern, regionOf, type Vector } from '../support/large-constants.js';
import { type SmallModel, smallModel } from '../support/model.js';
import { writeSparseCheckpoint } from '../support/sparse-checkpoint.js';

function freezePacked({ graph, checkpoint, out }: SmallModel, dryRun = false): Promise<FreezeReport> {
  return freeze({ graph, checkpoint, outputs: 'y', out, layout: 'memmapped', dryRun });
}

/** Bytes, whatever the type. */
function bools(name: string, length: number): Vector {
  return { name, dtype: boolType, length, bytes: Buffer.alloc(length, 1) };
}

const prefix = 'memmapped_package://';

/** Of a number from 128 to 16383. */
function twoByteVarint(value: number): Buffer {
  return Buffer.of((value & 0x7f) | 0x80, value >> 7);
}

it('a package is regions at multiples of 64, the graph, the directory and its place', async () => {
  const model = modelOf([bools('a/b', 10_001), bools('a_b', 9_999), bools('a-b', 10_048)]);
  const { bytes, files } = await freezePacked(model);
  const written = readFileSync(model.out);
  expect(files).toEqual([{ path: model.out, bytes: written.length }]);
  expect(bytes).toBe(written.length);

  // 10,001 bytes, 47 of padding, 10,048 bytes without any, and the graph directly behind them.
  const graphStart = 20_096;
  expect(written.subarray(0, 10_001)).toEqual(Buffer.alloc(10_001, 1));
  expect(written.subarray(10_001, 10_048)).toEqual(Buffer.alloc(47));
  expect(written.subarray(10_048, graphStart)).toEqual(Buffer.alloc(10_048, 1));

  // Eight bytes at the end say where the directory is.
  const directoryStart = Number(written.readBigUInt64LE(written.length - 8));
  const graphLength = directoryStart - graphStart;
  expect(graphLength).toBeGreaterThan(9_999);
  expect(graphLength).toBeLessThan(16_384);
  // Elements are {offset = 1, name = 2, length = 3}; an offset of 0 is left out. 10001 is 91 4e, 10048 is c0 4e and 20096
  // is 80 9d 01 as varints.
  expect(written.subarray(directoryStart, -8)).toEqual(
    Buffer.concat([
      hex('0a1c 1217'),
      Buffer.from(`${prefix}a_b`),
      hex('18914e'),
      hex('0a20 08c04e 1218'),
      Buffer.from(`${prefix}a_b_`),
      hex('18c04e'),
      hex('0a1e 08809d01 1215'),
      Buffer.from(`${prefix}.`),
      hex('18'),
      twoByteVarint(graphLength),
    ]),
  );

  const { nodes } = viewGraphDef(written.subarray(graphStart, directoryStart));
  expect(['a/b', 'a-b'].map((name) => regionOf(nodes.get(name)))).toEqual([`${prefix}a_b`, `${prefix}a_b_`]);
  expect(nodes.get('a/b')?.op).toBe('ImmutableConst');
  expect(nodes.get('a_b')?.op).toBe('Const');
});

describe('the layout memmapped', () => {
  it('keeps upper and lower case apart, and no region takes the place of the graph', async () => {
    const model = modelOf(['w', 'W', '.'].map((name) => bools(name, 10_000)));
    await freezePacked(model);
    const written = readFileSync(model.out);
    const directory = written.subarray(Number(written.readBigUInt64LE(written.length - 8)), -8).toString('latin1');
    const [, ...names] = directory.split(prefix).map((rest) => /^[\w.]+/.exec(rest)?.[0]);
    expect(names).toEqual(['w', 'W', '._', '.']);
  });

  it('writes a graph alone where nothing is large', async () => {
    const model = smallModel();
    await freezePacked(model);
    const written = readFileSync(model.out);
    const end = Number(written.readBigUInt64LE(written.length - 8));
    expect(viewGraphDef(written.subarray(0, end)).names).toEqual(['x', 'w', 'w/read', 'y']);
    expect(written.subarray(end, -8)).toEqual(
      Buffer.concat([hex('0a1a 1215'), Buffer.from(`${prefix}.`), hex('18'), twoByteVarint(end)]),
    );
  });

  it('has no limit of 2 GiB, and places beyond it', async () => {
    const model = smallModel();
    const elements = 3 * 2 ** 28;
    const y = { name: 'y', op: 'MatMul', input: ['w', 'z'] };
    writeFileSync(model.graph, graphDef([refVariable('w', float, elements), refVariable('z', float, 4096), y]));
    writeSparseCheckpoint(model.checkpoint, { w: elements * 4, z: 16_384 });
    const { bytes } = await freezePacked(model, true);
    expect(bytes).toBeGreaterThan(3 * 2 ** 30 + 16_384);
    expect(bytes).toBeLessThan(3 * 2 ** 30 + 17_000);
  });

  it('replaces a file, and takes no folder', async () => {
    const model = modelOf([bools('w', 10_000)]);
    writeFileSync(model.out, 'the old one');
    await freezePacked(model);
    expect(readFileSync(model.out).subarray(0, 10_000)).toEqual(Buffer.alloc(10_000, 1));
    const folder = join(model.outFolder, 'folder');
    mkdirSync(folder);
    const error = await failure(() => freezePacked({ ...model, out: folder }));
    expect(error.code).toBe('WRITE_FAILED');
    expect(namesIn(model.outFolder)).toEqual(['folder', 'frozen.pb']);
  });

  it('verifies what it writes', async () => {
    const model = modelOf([{ name: 'w', dtype: float, length: 5000, bytes: pattern(20_000, 1) }]);
    const shard = `${model.checkpoint}.data-00000-of-00001`;
    const bytes = readFileSync(shard);
    bytes[11_111] = (bytes[11_111] as number) ^ 4;
    writeFileSync(shard, bytes);
    expect((await failure(() => freezePacked(model))).code).toBe('CHECKSUM_MISMATCH');
    expect(namesIn(model.outFolder)).toEqual([]);
  });
});
