/** Graphs that are placed while they are frozen. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeGraph } from '../../src/graph/decode.js';
import type { FreezeOptions, NodeToPlace } from '../../src/index.js';
import { registerDevicePlugin } from '../../src/index.js';
import { buildExamplePlugin } from '../support/device-plugins.js';
import { failure } from '../support/failure.js';
import { makeFolder, namesIn } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import { call, libraryOf } from '../support/functions.js';
import { float, floatNode, graphDef, type NodeLiteral, stringsAttr, typeAttr } from '../support/graph-def.js';
import { type SmallModel, smallModel, smallNodes } from '../support/model.js';

/** A product is worth crossings; its text no GPU makes. */
const product = floatNode('MatMul', 'product', 'y', 'y');
const text = { name: 'text', op: 'AsString', input: ['product'], attr: { T: typeAttr(float) } };
const textNodes: readonly NodeLiteral[] = [...smallNodes, product, text];

interface TextModel extends Pick<SmallModel, 'folder' | 'outFolder'> {
  readonly options: FreezeOptions & { readonly graph: string; readonly out: string };
}

function model(nodes = textNodes): TextModel {
  const { folder, outFolder, graph, checkpoint, out } = smallModel(nodes);
  return { folder, outFolder, options: { graph, checkpoint, outputs: 'text', out } };
}

function devicesIn(path: string): Record<string, string> {
  const { nodes, library } = decodeGraph(readFileSync(path), path);
  const all = [...nodes, ...library.functions.flatMap((each) => each.nodes)];
  return Object.fromEntries(all.map(({ name, device }) => [name, device]));
}

const [cpu, gpu] = ['/device:CPU:0', '/device:GPU:0'];

describe('a list of devices', () => {
  it('takes each node to the first that has a kernel, and says why not', async () => {
    const { options } = model();
    const { placement } = await freeze({ ...options, place: 'gpu:0,cpu' });
    expect(devicesIn(options.out)).toEqual({ x: gpu, w: gpu, 'w/read': gpu, y: gpu, product: gpu, text: cpu });
    expect(placement).toMatchObject({
      devices: [
        { device: gpu, nodes: 5, constants: 1, bytes: 8 },
        { device: cpu, nodes: 1, constants: 0, bytes: 0 },
      ],
      fallbacks: [
        {
          op: 'AsString',
          wanted: gpu,
          device: cpu,
          reason: 'no kernel for AsString on gpu',
          function: undefined,
          nodes: ['text'],
        },
      ],
      crossings: [
        {
          tensor: 'product:0',
          function: undefined,
          from: gpu,
          to: cpu,
          readers: ['text'],
          bytes: 0,
          movesMemory: true,
        },
      ],
      unusedRules: [],
      isCutShort: false,
      copiedConstants: [],
      storedConstants: [],
      unmetWishes: [],
    });
  });

  it('leaves open what nobody knows, and says so', async () => {
    const { options } = model([...smallNodes, product, { name: 'text', op: 'Mine', input: ['product'] }]);
    const { placement } = await freeze({ ...options, place: 'gpu' });
    expect(devicesIn(options.out)).toMatchObject({ product: gpu, text: '' });
    expect(placement?.fallbacks).toMatchObject([{ op: 'Mine', device: '', reason: 'op Mine is unknown' }]);
  });

  it('is for the nodes of functions too', async () => {
    const f = {
      inputs: { a: float },
      outputs: { r: float },
      nodes: [floatNode('MatMul', 'n', 'a', 'a'), { ...text, name: 's', input: ['n:product:0'] }],
      returns: { r: 'n:product:0' },
      controls: ['s'],
    };
    const { options } = model();
    writeFileSync(
      options.graph,
      graphDef([...smallNodes, product, call('z', ['product'], 'f', [float])], { library: libraryOf({ f }) }),
    );
    const { placement } = await freeze({ ...options, outputs: 'z', place: 'gpu' });
    expect(devicesIn(options.out)).toMatchObject({ product: gpu, n: gpu, s: cpu });
    expect(placement?.fallbacks).toContainEqual(expect.objectContaining({ function: 'f', nodes: ['s'] }));
  });

  it('is told in a dry run, which writes nothing', async () => {
    const { folder, outFolder, options } = model();
    const dry = await freeze({ ...options, place: 'gpu', dot: join(folder, 'dry.dot'), dryRun: true });
    expect(namesIn(outFolder)).toEqual([]);
    expect(dry.placement).toEqual((await freeze({ ...options, place: 'gpu' })).placement);
  });

  it.each([
    ['tpx', 'DEVICE_UNKNOWN', /device target unknown .*cpu, gpu, npu.*'tpx'/],
    ['gpu:256', 'DEVICE_UNKNOWN', /numbers from 0 to 255.*gpu:256/],
    ['gpu:one', 'INVALID_ARGUMENT', /gpu:one/],
    ['gpu;cpu', 'INVALID_ARGUMENT', /gpu;cpu/],
  ])('%s is refused before anything is read', async (place, code, message) => {
    const options = { ...model().options, graph: '/nowhere/graph.pb' };
    const error = await failure(() => freeze({ ...options, place }));
    expect([error.code, error.message]).toEqual([code, expect.stringMatching(message)]);
  });
});

describe('rules', () => {
  it('as a list, a file and a function place alike', async () => {
    const { folder, options } = model();
    const file = join(folder, 'rules.json');
    const rules = [{ op: 'Mul', device: 'gpu:1' }];
    writeFileSync(file, JSON.stringify(rules));
    const seen: NodeToPlace[] = [];
    const place = (node: NodeToPlace): string | undefined => {
      seen.push({ ...node });
      return node.op === 'Mul' ? 'gpu:1' : undefined;
    };
    for (const placeRules of [rules, file, place]) {
      await freeze({ ...options, place: 'cpu', placeRules });
      expect(devicesIn(options.out)).toEqual({
        x: cpu,
        w: cpu,
        'w/read': cpu,
        y: '/device:GPU:1',
        product: cpu,
        text: cpu,
      });
    }
    expect(seen.find(({ name }) => name === 'y')).toEqual({
      name: 'y',
      op: 'Mul',
      inputs: ['x', 'w/read'],
      device: '',
      function: undefined,
    });
  });

  it('override what nodes keep part by part', async () => {
    const device = '/job:worker/task:3/device:GPU:7';
    const { options } = model(textNodes.map((node) => ({ ...node, device })));
    await freeze({ ...options, place: 'keep', placeRules: [{ name: 'y', device: 'cpu:2' }] });
    expect(devicesIn(options.out)).toMatchObject({
      x: device,
      y: '/job:worker/task:3/device:CPU:2',
      product: device,
      text: device,
    });
  });

  it('that bound nodes cannot both follow name the two', async () => {
    const bound = smallNodes.map((node) =>
      node.name === 'y' ? { ...node, attr: { ...node.attr, _class: stringsAttr('loc:@x') } } : node,
    );
    const { outFolder, options } = model([...bound, product, text]);
    const placeRules = [
      { name: 'x', device: 'cpu' },
      { name: 'y', device: 'gpu' },
    ];
    const error = await failure(() => freeze({ ...options, placeRules }));
    expect(error.code).toBe('PLACEMENT_CONTRADICTION');
    expect(error.message).toContain(`'x' on ${cpu} and 'y' on ${gpu}`);
    expect(namesIn(outFolder)).toEqual([]);
  });

  it('of a device that there is none of are refused before anything is read', async () => {
    const options = { ...model().options, graph: '/nowhere/graph.pb' };
    const error = await failure(() => freeze({ ...options, placeRules: [{ name: 'nosuch', device: 'gpu:999' }] }));
    expect([error.code, error.message]).toEqual([
      'DEVICE_UNKNOWN',
      expect.stringMatching(/^placeRules\[0\]\.device: /),
    ]);
  });

  it('that no node follows are in the report', async () => {
    const placeRules = [
      { name: 'x', device: 'gpu' },
      { name: 'nosuch', device: 'gpu:1' },
    ];
    const { placement } = await freeze({ ...model().options, place: 'cpu', placeRules });
    expect(placement?.unusedRules).toEqual(['placeRules[1]']);
  });

  it('tell of crossings between nodes that they place, and not of kept ones', async () => {
    // /gpu:0 is the device that /device:GPU:0 is; what is kept runs where its own string says.
    const devices: Record<string, string> = { product: '/gpu:0', text: '/device:GPU:0' };
    const { options } = model(textNodes.map((node) => ({ ...node, device: devices[node.name] ?? '/device:CPU:3' })));
    const kept = await freeze({ ...options, place: 'keep', placeRules: [{ name: 'y', device: 'gpu' }] });
    expect(kept.placement?.crossings).toEqual([]);
    const placeRules = [
      { name: 'y', device: 'gpu' },
      { name: 'w/read', device: 'cpu' },
    ];
    const { placement } = await freeze({ ...options, place: 'keep', placeRules });
    expect(placement?.crossings).toMatchObject([
      { tensor: 'w/read:0', from: cpu, to: gpu, readers: ['y'], movesMemory: true },
    ]);
  });

  it.each(['clear', 'keep'])('alone leave the others open, or as they are: %s', async (place) => {
    const device = '/device:CPU:7';
    const f = {
      inputs: { a: float },
      outputs: { r: float },
      nodes: [{ ...floatNode('MatMul', 'n', 'a', 'a'), device }],
      returns: { r: 'n:product:0' },
    };
    const { options } = model();
    const nodes = [...smallNodes, product, call('z', ['product'], 'f', [float])].map((each) => ({ ...each, device }));
    writeFileSync(options.graph, graphDef(nodes, { library: libraryOf({ f }) }));
    await freeze({ ...options, outputs: 'z', place, placeRules: [{ name: 'y', device: 'gpu' }] });
    const left = place === 'keep' ? device : '';
    expect(devicesIn(options.out)).toMatchObject({ x: left, y: gpu, product: left, n: left });
  });

  it('that name no device are refused', async () => {
    const error = await failure(() => freeze({ ...model().options, placeRules: [{ name: '*', device: 'tpx:0' }] }));
    expect([error.code, error.message]).toEqual(['DEVICE_UNKNOWN', expect.stringMatching(/'tpx'/)]);
    const junk = await failure(() => freeze({ ...model().options, placeRules: () => 7 as unknown as string }));
    expect([junk.code, junk.message]).toEqual(['INVALID_ARGUMENT', expect.stringMatching(/it returned 7/)]);
  });
});

it('the picture has a cluster for each device and crossings in red', async () => {
  const { folder, options } = model();
  const dot = join(folder, 'placed.dot');
  await freeze({ ...options, place: 'gpu', dot });
  const lines = readFileSync(dot, 'utf8').split('\n');
  expect(lines[0]).toBe('digraph placement {');
  expect(lines.filter((line) => line.includes('label="/device'))).toHaveLength(2);
  expect(lines.filter((line) => line.includes('->'))).toHaveLength(6);
  expect(lines.filter((line) => line.includes('color=red'))).toHaveLength(1);
});

describe('the picture', () => {
  it('may not be the file of the graph', async () => {
    const { outFolder, options } = model();
    const error = await failure(() => freeze({ ...options, place: 'gpu', dot: options.out }));
    expect([error.code, error.message]).toEqual(['INVALID_ARGUMENT', expect.stringContaining(options.out)]);
    expect(namesIn(outFolder)).toEqual([]);
  });

  it('may not be a source, nor where nothing can be written: then there is no graph either', async () => {
    const { folder, outFolder, options } = model();
    const files = [options.graph, `${options.checkpoint}.index`, `${options.checkpoint}.data-00000-of-00001`];
    const before = files.map((file) => readFileSync(file));
    for (const dot of [...files, join(folder, 'nowhere', 'placed.dot')]) {
      const error = await failure(() => freeze({ ...options, place: 'gpu', dot }));
      expect(error.code).toMatch(/INVALID_ARGUMENT|WRITE_FAILED/);
    }
    expect(files.map((file) => readFileSync(file))).toEqual(before);
    expect(namesIn(outFolder)).toEqual([]);
  });

  it('is not drawn of a graph that could not be written', async () => {
    const { folder, options } = model();
    const dot = join(folder, 'placed.dot');
    await failure(() => freeze({ ...options, place: 'gpu', dot, out: join(folder, 'nowhere', 'frozen.pb') }));
    expect(namesIn(folder)).not.toContain('placed.dot');
  });

  it('has no red edge to what is left open, which is no crossing', async () => {
    const { folder, options } = model([...smallNodes, product, { name: 'text', op: 'Mine', input: ['product'] }]);
    const dot = join(folder, 'placed.dot');
    const { placement } = await freeze({ ...options, place: 'gpu', dot });
    expect(placement?.crossings).toEqual([]);
    expect(readFileSync(dot, 'utf8')).toContain('label="no device"');
    expect(readFileSync(dot, 'utf8')).not.toContain('color=red');
  });
});

it('a frozen graph can be placed, though there is nothing left to freeze', async () => {
  const { options } = model();
  await freeze(options);
  const again = { graph: options.out, outputs: 'text', out: `${options.out}2`, place: 'gpu' };
  const { variables } = await freeze(again);
  expect(variables).toEqual([]);
  expect(devicesIn(again.out)).toMatchObject({ product: gpu, text: cpu });
});

describe('a target that refuses', () => {
  const [folder, remove] = makeFolder();
  beforeAll(() => {
    registerDevicePlugin(buildExamplePlugin(folder));
  }, 120_000);
  afterAll(remove);

  it('is asked about each node, and its words are in the report', async () => {
    const { options } = model([...smallNodes, product, floatNode('Relu', 'debug/relu', 'product')]);
    const { placement } = await freeze({ ...options, outputs: 'debug/relu', place: 'tpu_like:3' });
    const tpu = '/device:TPU:3';
    expect(devicesIn(options.out)).toMatchObject({ product: tpu, 'debug/relu': cpu });
    expect(placement?.fallbacks).toContainEqual(
      expect.objectContaining({ nodes: ['debug/relu'], reason: 'nodes for debugging stay off the board' }),
    );
  });
});
