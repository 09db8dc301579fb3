import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkGraph, type FreezeOptions, type FreezeReport, freeze } from '../../src/index.js';
import { failure } from '../support/failure.js';
import { namesIn } from '../support/folder.js';
import {
  boolType,
  float,
  graphDef,
  identity,
  int64Type,
  type NodeView,
  refVariable,
  stringsAttr,
  viewGraphDef,
} from '../support/graph-def.js';
import { constant, modelOf, pattern, regionOf, type Vector } from '../support/large-constants.js';
import { type SmallModel, smallModel } from '../support/model.js';
import { writeSparseCheckpoint } from '../support/sparse-checkpoint.js';
import { writeV1 } from '../support/write-v1.js';

const threshold = 65_536;

function floats(name: string, length: number, seed = 1): Vector {
  return { name, dtype: float, length, bytes: pattern(length * 4, seed) };
}

async function freezeMapped(model: SmallModel, more: Partial<FreezeOptions> = {}): Promise<FreezeReport> {
  const { graph, checkpoint, out } = model;
  return freeze({ graph, checkpoint, outputs: 'y', out, layout: 'mmap', ...more });
}

function nodesIn(out: string): ReadonlyMap<string, NodeView> {
  return viewGraphDef(readFileSync(join(out, 'graph.pb'))).nodes;
}

describe('the layout mmap', () => {
  it('gives a file to each constant of 64 KiB and more, and leaves the others in the graph', async () => {
    const model = modelOf([floats('small', threshold / 4 - 1), floats('scope/large', threshold / 4, 2)]);
    const report = await freezeMapped(model);
    const weights = join(model.out, 'weights');
    const nodes = nodesIn(model.out);
    expect(readFileSync(join(weights, 'scope_large.bin'))).toEqual(pattern(threshold, 2));
    expect(namesIn(weights)).toEqual(['scope_large.bin']);
    expect(nodes.get('small')?.op).toBe('Const');
    expect(nodes.get('scope/large')).toMatchObject({
      op: 'ImmutableConst',
      input: [],
      attr: { dtype: { type: float }, shape: { shape: { dim: [{ size: threshold / 4 }] } } },
    });
    expect(Object.keys(nodes.get('scope/large')?.attr ?? {}).sort()).toEqual(['dtype', 'memory_region_name', 'shape']);
    expect(regionOf(nodes.get('scope/large'))).toBe(join(weights, 'scope_large.bin'));
    const size = readFileSync(join(model.out, 'graph.pb')).length;
    expect(report.files).toEqual([
      { path: join(model.out, 'graph.pb'), bytes: size },
      { path: join(weights, 'scope_large.bin'), bytes: threshold },
    ]);
    expect(report.bytes).toBe(size + threshold);
    expect(await checkGraph({ file: join(model.out, 'graph.pb') })).toMatchObject({ errors: 0 });
    expect(namesIn(model.outFolder)).toEqual(['frozen.pb']);
  });

  it('writes the elements of every type whose elements have one size', async () => {
    // DataType numbers with their sizes, from docs/formats.md.
    const sizes: Readonly<Record<number, number>> = {
      2: 8,
      3: 4,
      4: 1,
      5: 2,
      6: 1,
      8: 8,
      9: 8,
      14: 2,
      17: 2,
      18: 16,
      19: 2,
      22: 4,
      23: 8,
    };
    const vectors = Object.entries(sizes).map(([dtype, size]) => ({
      name: `w${dtype}`,
      dtype: Number(dtype),
      length: threshold / size,
      bytes: pattern(threshold, Number(dtype)),
    }));
    const model = modelOf(vectors);
    await freezeMapped(model);
    for (const { name, dtype, bytes } of vectors) {
      expect(readFileSync(join(model.out, 'weights', `${name}.bin`)).equals(bytes), name).toBe(true);
      expect(nodesIn(model.out).get(name)?.attr.dtype, name).toEqual({ type: dtype });
    }
  });

  it('writes bools as 0 and 1', async () => {
    const bytes = Buffer.alloc(threshold);
    bytes[1] = 1;
    bytes[2] = 0x80;
    const model = modelOf([{ name: 'w', dtype: boolType, length: threshold, bytes }]);
    await freezeMapped(model);
    const expected = Buffer.alloc(threshold);
    expected[1] = 1;
    expected[2] = 1;
    expect(readFileSync(join(model.out, 'weights', 'w.bin')).equals(expected)).toBe(true);
  });

  it('takes constants that were in the graph too, in either form, and keeps what else their nodes have', async () => {
    const content = pattern(threshold, 3);
    const shape = { dim: [{ size: threshold / 4 / 2 }, { size: 2 }] };
    const numbers = Array.from({ length: threshold / 4 }, (_, index) => 2 ** 40 + index);
    const model = modelOf(
      [floats('w', 1)],
      [
        constant(
          'c',
          float,
          { tensor_shape: shape, tensor_content: content },
          {
            device: '/device:CPU:0',
            input: ['^w'],
            attr: { _class: stringsAttr('loc:@w'), _output_shapes: { list: { shape: [shape] } } },
          },
        ),
        constant('n', int64Type, { tensor_shape: { dim: [{ size: threshold / 4 }] }, int64_val: numbers }),
        constant('splat', float, { tensor_shape: { dim: [{ size: threshold }] }, float_val: [1.5] }),
        constant('text', 7, { tensor_shape: { dim: [{ size: 1 }] }, string_val: [Buffer.alloc(threshold)] }),
      ],
    );
    await freezeMapped(model, { clearDevices: false });
    expect(namesIn(join(model.out, 'weights'))).toEqual(['c.bin', 'n.bin']);
    expect(readFileSync(join(model.out, 'weights', 'c.bin')).equals(content)).toBe(true);
    const values = readFileSync(join(model.out, 'weights', 'n.bin'));
    expect(numbers.every((number, index) => values.readBigInt64LE(index * 8) === BigInt(number))).toBe(true);
    const node = nodesIn(model.out).get('c');
    expect(node).toMatchObject({ op: 'ImmutableConst', device: '/device:CPU:0', input: ['^w'] });
    expect(Object.keys(node?.attr ?? {}).sort()).toEqual([
      '_class',
      '_output_shapes',
      'dtype',
      'memory_region_name',
      'shape',
    ]);
    expect(node?.attr.shape).toEqual({ shape });
    // A few bytes that stand for many stay a few bytes; strings cannot be mapped.
    expect(nodesIn(model.out).get('splat')?.op).toBe('Const');
    expect(nodesIn(model.out).get('text')?.op).toBe('Const');
  });

  it('writes tensors of V1 checkpoints as it does those of bundles', async () => {
    const model = modelOf([floats('w', threshold / 4)]);
    const checkpoint = join(model.folder, 'v1.ckpt');
    writeV1(checkpoint, [{ key: 'w', dtype: float, shape: [threshold / 4], bytes: pattern(threshold, 1) }]);
    await freezeMapped(model, { checkpoint });
    expect(readFileSync(join(model.out, 'weights', 'w.bin')).equals(pattern(threshold, 1))).toBe(true);
  });

  it('copies what a kernel may write to', async () => {
    const model = smallModel(
      [refVariable('w', float, threshold / 4), { ...identity('y', 'w'), op: 'Relu' }],
      [{ key: 'w', dtype: float, shape: [threshold / 4], bytes: pattern(threshold, 1) }],
    );
    await freezeMapped(model);
    expect(nodesIn(model.out).get('y')?.input).toEqual(['w/copy']);
    expect(nodesIn(model.out).get('w/copy')).toMatchObject({
      op: 'DeepCopy',
      input: ['w'],
      attr: { T: { type: float } },
    });
  });

  it('names files so that no folder mixes them up', async () => {
    const long = `${'scope/'.repeat(60)}kernel`;
    const model = modelOf(
      ['a/w', 'a_w', 'A_w', long, `b/${long}`].map((name, index) => floats(name, threshold / 4, index)),
    );
    await freezeMapped(model);
    const names = namesIn(join(model.out, 'weights'));
    const tail = long.replaceAll('/', '_').slice(-200);
    expect(names).toEqual(['A_w_3.bin', 'a_w.bin', 'a_w_2.bin', `${tail}.bin`, `${tail}_2.bin`].sort());
    expect(readFileSync(join(model.out, 'weights', 'A_w_3.bin')).equals(pattern(threshold, 2))).toBe(true);
    expect(regionOf(nodesIn(model.out).get(`b/${long}`))).toBe(join(model.out, 'weights', `${tail}_2.bin`));
  });

  it('writes folders with blanks and letters of any script into the graph as they are', async () => {
    const model = modelOf([floats('w', threshold / 4)]);
    const out = join(model.outFolder, 'mein Modell «日本»');
    await freezeMapped(model, { out });
    expect(regionOf(nodesIn(out).get('w'))).toBe(join(out, 'weights', 'w.bin'));
  });

  it('names the files by the root that was given', async () => {
    const model = modelOf([floats('w', threshold / 4)]);
    await freezeMapped(model, { weightsRoot: '/srv/models/../model 1/' });
    expect(regionOf(nodesIn(model.out).get('w'))).toBe('/srv/model 1/weights/w.bin');
    expect(namesIn(join(model.out, 'weights'))).toEqual(['w.bin']);
  });

  it('writes a graph alone where nothing is large', async () => {
    const model = smallModel();
    await freezeMapped(model);
    expect(readdirSync(model.out)).toEqual(['graph.pb']);
  });

  it('has no limit of 2 GiB but for the graph', async () => {
    const model = smallModel();
    const elements = 3 * 2 ** 28;
    writeFileSync(model.graph, graphDef([refVariable('w', float, elements), identity('y', 'w')]));
    writeSparseCheckpoint(model.checkpoint, { w: elements * 4 });
    const report = await freezeMapped(model, { dryRun: true });
    expect(report.files[1]).toEqual({ path: join(model.out, 'weights', 'w.bin'), bytes: elements * 4 });
    expect(report.bytes).toBeGreaterThan(3 * 2 ** 30);
    expect(namesIn(model.outFolder)).toEqual([]);
  });

  it('refuses a graph of more than 2 GiB of constants that cannot be mapped', async () => {
    const model = smallModel();
    // qint8, which a kernel may write to and none copies.
    const length = 2 ** 31;
    writeFileSync(model.graph, graphDef([refVariable('w', 11, length), { ...identity('y', 'w', 11), op: 'Relu' }]));
    writeSparseCheckpoint(model.checkpoint, { w: length }, { dtype: 11, width: 1 });
    const error = await failure(() => freezeMapped(model));
    expect(error.code).toBe('OUTPUT_TOO_LARGE');
    expect(namesIn(model.outFolder)).toEqual([]);
  });
});

describe('what is refused, and leaves nothing behind:', () => {
  async function refusal(more: Partial<FreezeOptions>, model = modelOf([floats('w', threshold / 4)])): Promise<string> {
    const error = await failure(() => freezeMapped(model, more));
    return `${error.code}: ${error.message}`;
  }
  it('a root that is relative', async () => {
    expect(await refusal({ weightsRoot: 'models/one' })).toBe(
      "INVALID_ARGUMENT: Expected an absolute path for weightsRoot but received the string 'models/one'.",
    );
  });
  it('a root with NUL', async () => {
    expect(await refusal({ weightsRoot: '/a\0b' })).toMatch(
      /^INVALID_ARGUMENT: Expected a path without NUL characters for w/,
    );
  });
  it('an empty root', async () => {
    expect(await refusal({ weightsRoot: '' })).toMatch(
      /^INVALID_ARGUMENT: Expected a non-empty string for weightsRoot/,
    );
  });
  it('a root for a layout without files', async () => {
    expect(await refusal({ weightsRoot: '/a', layout: 'graph-def' })).toBe(
      "INVALID_ARGUMENT: There are no files for weightsRoot in the layout 'graph-def': only 'mmap' has some.",
    );
  });
  it('a target that is a folder with something in it', async () => {
    const model = modelOf([floats('w', threshold / 4)]);
    mkdirSync(model.out);
    writeFileSync(join(model.out, 'mine.txt'), 'mine');
    expect(await refusal({}, model)).toMatch(/^WRITE_FAILED: /);
    expect(namesIn(model.outFolder)).toEqual(['frozen.pb']);
    expect(namesIn(model.out)).toEqual(['mine.txt']);
  });
  it('a target that is a file', async () => {
    const model = modelOf([floats('w', threshold / 4)]);
    writeFileSync(model.out, 'mine');
    expect(await refusal({}, model)).toMatch(/^WRITE_FAILED: /);
    expect(readFileSync(model.out, 'utf8')).toBe('mine');
  });
  it('a shape with negative sizes, which make a size in pairs', async () => {
    const tensor = { tensor_shape: { dim: [{ size: -128 }, { size: -128 }] }, tensor_content: Buffer.alloc(threshold) };
    const model = modelOf([], [constant('c', float, tensor)]);
    for (const layout of ['mmap', 'memmapped'] as const) {
      const error = await failure(() => freezeMapped(model, { layout }));
      expect(error.code).toBe('GRAPH_MALFORMED');
      expect(error.message).toContain("The constant 'c' has a value of shape [-128, -128]");
    }
  });

  it('a damaged tensor', async () => {
    const model = modelOf([floats('w', threshold / 4)]);
    const shard = `${model.checkpoint}.data-00000-of-00001`;
    const bytes = readFileSync(shard);
    bytes[40_000] = (bytes[40_000] as number) ^ 1;
    writeFileSync(shard, bytes);
    expect(await refusal({}, model)).toMatch(/^CHECKSUM_MISMATCH: .*tensor 'w'/);
    expect(namesIn(model.outFolder)).toEqual([]);
  });
  it('a shard that is missing, by a dry run too', async () => {
    const model = modelOf([floats('w', threshold / 4)]);
    writeFileSync(`${model.checkpoint}.data-00000-of-00001`, '');
    expect(await refusal({ dryRun: true }, model)).toMatch(/^CHECKPOINT_MALFORMED: .*/);
  });
});
