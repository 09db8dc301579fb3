import {
  chmodSync,
  cpSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freeze, type PermafrostError, type RelocateOptions, relocate } from '../../src/index.js';
import { failure } from '../support/failure.js';
import { namesIn } from '../support/folder.js';
import {
  encode,
  float,
  graphDef,
  identity,
  type NodeLiteral,
  shapeAttr,
  textAttr,
  typeAttr,
  viewGraphDef,
} from '../support/graph-def.js';
import { modelOf, pattern, regionOf } from '../support/large-constants.js';
import { smallModel } from '../support/model.js';

const size = 65_536;

/** A folder of the layout, with the constants `a/w` and `b`. */
async function frozenFolder(): Promise<string> {
  const vectors = ['a/w', 'b'].map((name) => ({ name, dtype: float, length: size / 4, bytes: pattern(size, 1) }));
  const { graph, checkpoint, out } = modelOf(vectors);
  await freeze({ graph, checkpoint, outputs: 'y', out, layout: 'mmap' });
  return out;
}

function regionsIn(folder: string): string[] {
  const { nodes } = viewGraphDef(readFileSync(join(folder, 'graph.pb')));
  return ['a/w', 'b'].map((name) => regionOf(nodes.get(name)));
}

/** Of a constant that is mapped. */
interface Mapped {
  readonly region?: string;
  readonly dtype?: number;
  readonly shape?: number[] | undefined;
}

async function refusal(options: RelocateOptions): Promise<PermafrostError> {
  const folder = options.graph;
  const before = namesIn(folder);
  const error = await failure(() => relocate(options));
  expect(namesIn(folder)).toEqual(before);
  return error;
}

describe('relocating', () => {
  it('a folder that was moved names the files where they are now', async () => {
    const before = await frozenFolder();
    const folder = `${before} moved`;
    renameSync(before, folder);
    const report = await relocate({ graph: folder });
    expect(report).toEqual({
      graph: join(folder, 'graph.pb'),
      weightsRoot: folder,
      constants: 2,
      bytes: 2 * size,
      checked: true,
    });
    expect(regionsIn(folder)).toEqual([join(folder, 'weights', 'a_w.bin'), join(folder, 'weights', 'b.bin')]);
  });

  it('takes the graph itself, and any root', async () => {
    const folder = await frozenFolder();
    const report = await relocate({ graph: join(folder, 'graph.pb'), weightsRoot: '/nowhere/a model//' });
    expect(report).toMatchObject({ weightsRoot: '/nowhere/a model//', checked: false });
    expect(regionsIn(folder)).toEqual(['/nowhere/a model/weights/a_w.bin', '/nowhere/a model/weights/b.bin']);
  });

  it('there and back gives the same bytes, and keeps the permissions', async () => {
    const folder = await frozenFolder();
    const graph = join(folder, 'graph.pb');
    const before = readFileSync(graph);
    chmodSync(graph, 0o640);
    await relocate({ graph, weightsRoot: '/elsewhere' });
    expect(readFileSync(graph).equals(before)).toBe(false);
    await relocate({ graph, weightsRoot: folder, durable: true });
    expect(readFileSync(graph).equals(before)).toBe(true);
    expect(statSync(graph).mode & 0o777).toBe(0o640);
    expect(namesIn(folder)).toEqual(['graph.pb', 'weights']);
  });

  it('a folder whose constants are all small has nothing to change', async () => {
    const { graph, checkpoint, out } = modelOf([{ name: 'w', dtype: float, length: 2, bytes: pattern(8, 1) }]);
    await freeze({ graph, checkpoint, outputs: 'y', out, layout: 'mmap' });
    const file = join(out, 'graph.pb');
    const before = [readFileSync(file), statSync(file).ino];
    const report = await relocate({ graph: out, weightsRoot: '/srv/model' });
    expect(report).toEqual({ graph: file, weightsRoot: '/srv/model', constants: 0, bytes: 0, checked: false });
    expect([readFileSync(file), statSync(file).ino]).toEqual(before);
  });

  it('is what a freeze with that root writes', async () => {
    const { graph, checkpoint, out, outFolder } = modelOf([
      { name: 'w', dtype: float, length: size / 4, bytes: pattern(size, 2) },
    ]);
    const options = { graph, checkpoint, outputs: 'y', layout: 'mmap' } as const;
    await freeze({ ...options, out });
    await freeze({ ...options, out: join(outFolder, 'other'), weightsRoot: '/srv/model' });
    await relocate({ graph: out, weightsRoot: '/srv/model' });
    expect(readFileSync(join(out, 'graph.pb'))).toEqual(readFileSync(join(outFolder, 'other', 'graph.pb')));
  });
});

describe('what is refused, with the graph as it was:', () => {
  it('a folder on this machine that lacks a file', async () => {
    const folder = await frozenFolder();
    const copy = `${folder}-copy`;
    cpSync(folder, copy, { recursive: true });
    rmSync(join(copy, 'weights', 'b.bin'));
    const error = await refusal({ graph: folder, weightsRoot: copy });
    expect([error.code, error.message]).toEqual([
      'FILE_NOT_FOUND',
      `There is no ${copy}/weights/b.bin, which node 'b' is mapped from. Copy the folder whole, or name the one that it is in.`,
    ]);
    expect(regionsIn(folder)[1]).toBe(join(folder, 'weights', 'b.bin'));
  });
  it('a file of another size', async () => {
    const folder = await frozenFolder();
    truncateSync(join(folder, 'weights', 'b.bin'), 100);
    const error = await refusal({ graph: folder });
    expect([error.code, error.message]).toEqual([
      'VARIABLE_MISMATCH',
      `${folder}/weights/b.bin has 100 bytes, and node 'b', which is mapped from it, has 65536. ` +
        'Pass the graph and the weights of one freeze.',
    ]);
  });
  it('a root that is relative', async () => {
    const folder = await frozenFolder();
    expect(await refusal({ graph: folder, weightsRoot: 'here' })).toMatchObject({ code: 'INVALID_ARGUMENT' });
  });
  it('an option that does not exist', async () => {
    const options = { graph: await frozenFolder(), root: '/a' } as unknown as RelocateOptions;
    expect((await refusal(options)).message).toMatch(/^There is no option 'root'\./);
  });
  it('a folder without a graph', async () => {
    const { outFolder } = smallModel();
    const error = await refusal({ graph: outFolder });
    expect(error.code).toBe('FILE_NOT_FOUND');
    expect(error.message).toContain(join(outFolder, 'graph.pb'));
  });

  function mapped({ region = '/m/weights/w.bin', dtype = float, ...more }: Mapped): NodeLiteral {
    const shape = 'shape' in more ? more.shape : [4];
    const attr = { memory_region_name: textAttr(region), dtype: typeAttr(dtype) };
    return { name: 'w', op: 'ImmutableConst', attr: shape ? { ...attr, shape: shapeAttr(...shape) } : attr };
  }

  async function refusalOf(content: Uint8Array | string, expected = 'WRONG_FILE_KIND'): Promise<string> {
    const { folder, graph } = smallModel();
    writeFileSync(graph, content);
    const { code, message } = await refusal({ graph: folder });
    expect(code).toBe(expected);
    expect(readFileSync(graph)).toEqual(Buffer.from(content));
    return message;
  }
  it('a graph without weights in files, which is no folder', async () => {
    const { graph } = smallModel();
    const { code, message } = await failure(() => relocate({ graph }));
    expect(code).toBe('WRONG_FILE_KIND');
    expect(message).toMatch(/has no weights in files, so there is nothing to relocate\./);
  });
  it('a graph whose constants are regions of a package', async () => {
    const node = { name: 'w', op: 'ImmutableConst', attr: { memory_region_name: textAttr('memmapped_package://w') } };
    expect(await refusalOf(graphDef([node]))).toMatch(
      /graph\.pb maps node 'w' from 'memmapped_package:\/\/w', which is no file in a folder 'weights'/,
    );
  });
  for (const region of ['/m/weights/..', '/m/weights/.', '/weights/..', '/m/weights/a\0b', '/m/weights/', '']) {
    it(`a region that is no file: '${region.replace('\0', '\\0')}'`, async () => {
      expect(await refusalOf(graphDef([mapped({ region })]))).toContain('which is no file in a folder');
    });
  }
  const broken: [string, ReturnType<typeof mapped>][] = [
    ['type float32 and shape [-4, -4]', mapped({ shape: [-4, -4] })],
    ['type float32 and shape [-1]', mapped({ shape: [-1] })],
    ['type float32 and shape [4294967296, 4294967296]', mapped({ shape: [2 ** 32, 2 ** 32] })],
    ['type float32 and no shape', mapped({ shape: undefined })],
    ['type string and shape [4]', mapped({ dtype: 7 })],
    ['type type 0 and shape [4]', mapped({ dtype: 0 })],
  ];
  for (const [what, node] of broken) {
    it(`a constant of ${what}`, async () => {
      const message = await refusalOf(graphDef([node]), 'GRAPH_MALFORMED');
      expect(message).toMatch(/node 'w' is mapped from a file and has/);
      expect(message).toContain(`${what}: no file has such elements.`);
    });
  }
  it('a folder in the place of a file', async () => {
    const { folder, graph } = smallModel();
    writeFileSync(graph, graphDef([mapped({})]));
    mkdirSync(join(folder, 'weights', 'w.bin'), { recursive: true });
    expect(await refusal({ graph: folder })).toMatchObject({ code: 'READ_FAILED' });
  });
  it('a text graph', async () => {
    expect(await refusalOf('node { name: "w" op: "ImmutableConst" }')).toMatch(
      /graph\.pb is a text GraphDef; only a binary GraphDef can be relocated\.$/,
    );
  });
  it('a MetaGraphDef', async () => {
    const meta = encode('MetaGraphDef', {
      meta_info_def: { tags: ['serve'] },
      graph_def: { node: [identity('y', 'x')] },
    });
    expect(await refusalOf(meta)).toMatch(/is a binary MetaGraphDef \(\.meta\); only a binary GraphDef/);
  });
});
