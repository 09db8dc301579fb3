import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { float32, hex, int32 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { namesIn, temporaryFolder } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import {
  float,
  graphDef,
  identity,
  int32Type,
  type NodeLiteral,
  placeholder,
  refVariable,
  stringsAttr,
  viewGraphDef,
} from '../support/graph-def.js';
import { smallModel, smallNodes, smallTensors } from '../support/model.js';

const demo = fileURLToPath(new URL('../../examples/demo', import.meta.url));

describe('the frozen bytes', () => {
  it('of the small model are those worked out by hand', async () => {
    const { graph, checkpoint, out } = smallModel();
    await freeze({ graph, checkpoint, outputs: 'y', out });
    const expected = hex(`
      0a2c 0a0178 120b 506c616365686f6c646572 2a0b 0a05 6474797065 1202 3001
           2a0d 0a05 7368617065 1204 3a02 1801
      0a36 0a0177 1205 436f6e7374 2a0b 0a05 6474797065 1202 3001
           2a1d 0a05 76616c7565 1214 4212 0801 1204 1202 0802 2208 0000803f 00000040
      0a1e 0a06 772f72656164 1208 4964656e74697479 1a0177 2a07 0a0154 1202 3001
      0a1c 0a0179 1203 4d756c 1a0178 1a06 772f72656164 2a07 0a0154 1202 3001
      1200 2200`);
    expect(readFileSync(out).toString('hex')).toBe(expected.toString('hex'));
  });

  it('of a scalar hold its value in the field of its type', async () => {
    const nodes = [refVariable('n', int32Type), identity('y', 'n', int32Type)];
    const tensors = [{ key: 'n', dtype: int32Type, shape: [], bytes: int32(-2) }];
    const { graph, checkpoint, out } = smallModel(nodes, tensors);
    await freeze({ graph, checkpoint, outputs: 'y', out });
    // TensorProto { dtype: DT_INT32, tensor_shape: {}, int_val: [-2] }
    expect(readFileSync(out).toString('hex')).toContain('4210 0803 1200 3a0a feffffffffffffffff01'.replaceAll(' ', ''));
  });

  it('of a tensor without elements hold its shape only', async () => {
    const nodes = [refVariable('e', float, 0), identity('y', 'e')];
    const { graph, checkpoint, out } = smallModel(nodes, [{ key: 'e', dtype: float, shape: [0], bytes: float32() }]);
    await freeze({ graph, checkpoint, outputs: 'y', out });
    // TensorProto { dtype: DT_FLOAT, tensor_shape: { dim { size: 0 } } }
    expect(readFileSync(out).toString('hex')).toContain('76616c7565 1208 4206 0801 1202 1200'.replaceAll(' ', ''));
  });

  it('of the demo are those of TensorFlow 2.21', async () => {
    const out = join(temporaryFolder(), 'frozen.pb');
    const checkpoint = join(demo, 'model.ckpt-200');
    await freeze({ graph: join(demo, 'graph.pb'), checkpoint, outputs: 'inference/probabilities', out });
    expect(readFileSync(out).equals(readFileSync(join(demo, 'frozen-by-tensorflow.pb')))).toBe(true);
  });

  it('leave out a variable that only a colocation holds, unless they are to be those of TensorFlow', async () => {
    const unused = refVariable('unused', float, 2);
    const [x, w, read, y] = smallNodes as [NodeLiteral, NodeLiteral, NodeLiteral, NodeLiteral];
    const colocated = { ...y, attr: { ...y.attr, _class: stringsAttr('loc:@unused') } };
    const tensors = [{ key: 'unused', dtype: float, shape: [2], bytes: float32(3, 4) }, ...smallTensors];
    const { graph, checkpoint, out } = smallModel([x, w, read, unused, colocated], tensors);
    const namesWith = async (tfParity: boolean): Promise<string[]> => {
      await freeze({ graph, checkpoint, outputs: 'y', out, tfParity });
      return [...viewGraphDef(readFileSync(out)).names];
    };
    expect(await namesWith(false)).toEqual(['x', 'w', 'w/read', 'y']);
    expect(await namesWith(true)).toEqual(['x', 'w', 'w/read', 'unused', 'y']);
  });

  it('do not depend on how the checkpoint is spread over shards', async () => {
    const nodes = [...smallNodes, refVariable('b', float, 2), { name: 'z', op: 'Add', input: ['y', 'b'] }];
    const tensors = [
      { key: 'b', dtype: float, shape: [2], bytes: float32(3, 4) },
      { key: 'w', dtype: float, shape: [2], bytes: float32(1, 2) },
    ];
    const frozen = await Promise.all(
      [1, 2].map(async (shards) => {
        const { graph, checkpoint, out } = smallModel(nodes, tensors, { shards });
        await freeze({ graph, checkpoint, outputs: 'z', out });
        return readFileSync(out, 'hex');
      }),
    );
    expect(frozen[0]).toBe(frozen[1]);
  });

  it('are the same through a prefix, a folder, the index and a shard', async () => {
    const { folder, graph, checkpoint, out } = smallModel();
    writeFileSync(join(folder, 'checkpoint'), 'model_checkpoint_path: "model.ckpt"\n');
    const ways = [
      checkpoint,
      folder,
      join(folder, 'checkpoint'),
      `${checkpoint}.index`,
      `${checkpoint}.data-00000-of-00001`,
    ];
    for (const way of ways)
      expect((await freeze({ graph, checkpoint: way, outputs: 'y', out })).checkpoint).toBe(checkpoint);
  });
});

describe('the report', () => {
  it('tells what was frozen', async () => {
    const { graph, checkpoint, out } = smallModel([...smallNodes, placeholder('unused')]);
    const { milliseconds, ...report } = await freeze({ graph, checkpoint, outputs: 'y', out });
    expect(report).toEqual({
      graph,
      graphKind: 'a binary GraphDef',
      checkpoint,
      outputs: ['y'],
      signature: undefined,
      assets: [],
      out,
      layout: 'graph-def',
      files: [{ path: out, bytes: readFileSync(out).length }],
      bytes: readFileSync(out).length,
      nodesBefore: 5,
      nodesAfter: 4,
      variables: [{ name: 'w', key: 'w', dtype: 'float32', shape: [2], bytes: 8, storedAs: 'float32', overflows: 0 }],
      unchangedWeights: [],
      keptVariables: [],
      droppedWrites: [],
      tableInitializers: [],
      changes: [],
      withoutAverage: [],
      unusedAverages: [],
      optimizations: [],
    });
    const { read, rewrite, plan, write, total } = milliseconds;
    expect([read, rewrite, plan, write].every((part) => part >= 0 && part <= total)).toBe(true);
  });

  it('of a dry run has the size and no target, and nothing is written', async () => {
    const { graph, checkpoint, out, outFolder } = smallModel();
    const dry = await freeze({ graph, checkpoint, outputs: 'y', out, dryRun: true });
    expect(namesIn(outFolder)).toEqual([]);
    expect(dry.out).toBeUndefined();
    expect(dry.bytes).toBe((await freeze({ graph, checkpoint, outputs: 'y', out })).bytes);
  });
});

it('a dry run finds what would stop the write: a shard that is missing', async () => {
  const { graph, checkpoint } = smallModel();
  rmSync(`${checkpoint}.data-00000-of-00001`);
  const error = await failure(() => freeze({ graph, checkpoint, outputs: 'y', dryRun: true }));
  expect(error.code).toBe('SHARD_MISSING');
});

describe('the lists', () => {
  const nodes = [
    ...smallNodes,
    refVariable('v', float, 2),
    identity('v/read', 'v'),
    { name: 'z', op: 'Add', input: ['y', 'v/read'] },
  ];
  const tensors = ['v', 'w'].map((key) => ({ key, dtype: float, shape: [2], bytes: float32(1, 2) }));

  async function opsOf(lists: { allow?: string | string[]; deny?: string | string[] }): Promise<unknown[]> {
    const { graph, checkpoint, out } = smallModel(nodes, tensors);
    const report = await freeze({ graph, checkpoint, outputs: 'z', out, ...lists });
    const { nodes: frozen } = viewGraphDef(readFileSync(out));
    return [frozen.get('v')?.op, frozen.get('w')?.op, report.keptVariables];
  }

  it('without them all become constants', async () => expect(await opsOf({})).toEqual(['Const', 'Const', []]));
  it('allow freezes only what it names', async () => {
    expect(await opsOf({ allow: 'w' })).toEqual(['VariableV2', 'Const', ['v']]);
  });
  it('deny keeps what it names', async () => {
    expect(await opsOf({ deny: ['w'] })).toEqual(['Const', 'VariableV2', ['w']]);
  });
  it('deny wins over allow', async () => {
    expect(await opsOf({ allow: 'v,w', deny: 'w' })).toEqual(['Const', 'VariableV2', ['w']]);
  });
  it('a name that is no variable is refused, with the nearest', async () => {
    const error = await failure(() => opsOf({ deny: 'vv' }));
    expect([error.code, error.message]).toEqual([
      'INVALID_ARGUMENT',
      "There is no variable 'vv' in the graph to allow or deny. The nearest are 'v'.",
    ]);
  });
  it('a denied variable need not be in the checkpoint', async () => {
    const { graph, checkpoint, out } = smallModel(nodes, tensors.slice(1));
    const report = await freeze({ graph, checkpoint, outputs: 'z', out, deny: 'v' });
    expect(report.keptVariables).toEqual(['v']);
  });
});

describe('outputs', () => {
  it('may carry a port', async () => {
    const { graph, checkpoint, out } = smallModel();
    expect((await freeze({ graph, checkpoint, outputs: ['y:0'], out })).outputs).toEqual(['y']);
  });

  it('that do not exist are told with the nearest names and the sinks', async () => {
    const { graph, checkpoint, out, outFolder } = smallModel([
      ...smallNodes,
      { name: 'loss', op: 'Sum', input: ['y'] },
    ]);
    const error = await failure(() => freeze({ graph, checkpoint, outputs: 'w/raed', out }));
    expect(error.code).toBe('OUTPUT_NOT_FOUND');
    expect(error.message).toBe(
      "There is no node 'w/raed' in the graph, so it cannot be an output. The nearest names are 'w/read'. " +
        "Likely outputs, consumed by nothing else: 'loss'.",
    );
    expect(namesIn(outFolder)).toEqual([]);
  });
});

describe('devices', () => {
  const nodes = smallNodes.map((node) => ({ ...node, device: '/device:GPU:0' }));

  it('are cleared', async () => {
    const { graph, checkpoint, out } = smallModel(nodes);
    await freeze({ graph, checkpoint, outputs: 'y', out });
    for (const { device } of viewGraphDef(readFileSync(out)).nodes.values()) expect(device).toBe('');
  });

  it.each([
    ['are kept where that is asked for', false],
    ["are kept but for the constants, as TensorFlow's tool does", true],
  ])('%s', async (_, tfParity) => {
    const { graph, checkpoint, out } = smallModel(nodes);
    await freeze({ graph, checkpoint, outputs: 'y', out, clearDevices: false, tfParity });
    const devices = [...viewGraphDef(readFileSync(out)).nodes.values()].map(({ name, device }) => [name, device]);
    expect(Object.fromEntries(devices)).toEqual({
      x: '/device:GPU:0',
      w: tfParity ? '' : '/device:GPU:0',
      'w/read': '/device:GPU:0',
      y: '/device:GPU:0',
    });
  });
});

it('a frozen graph has nothing left to freeze', async () => {
  const { graph, checkpoint, out } = smallModel();
  await freeze({ graph, checkpoint, outputs: 'y', out });
  const error = await failure(() => freeze({ graph: out, checkpoint, outputs: 'y', out: `${out}2` }));
  expect(error.code).toBe('NO_VARIABLES');
  expect(error.message).toBe(
    `${out} has no variables, so there is nothing to freeze. It was probably frozen before; it can be used as it is.`,
  );
});

it.each([
  { keepLibrary: true, left: '12070a050a030a0166' },
  { tfParity: true, left: '12070a050a030a0166' },
  { keepLibrary: false, tfParity: true, left: '1200' },
  { left: '1200' },
])('versions are carried over, functions that nobody calls on demand: %o', async ({ left, ...options }) => {
  const { graph, checkpoint, out } = smallModel();
  const library = { function: [{ signature: { name: 'f' } }] };
  writeFileSync(graph, graphDef(smallNodes, { library, versions: { producer: 2474 } }));
  await freeze({ graph, checkpoint, outputs: 'y', out, ...options });
  expect(readFileSync(out).toString('hex').endsWith(`${left}220308aa13`)).toBe(true);
});
