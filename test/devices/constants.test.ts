// Constants for the devices that they are on: copied, and stored in other types.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FreezeReport } from '../../src/index.js';
import { float32 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { freeze } from '../support/freeze.js';
import { call, libraryOf } from '../support/functions.js';
import {
  float,
  floatNode,
  graphDef,
  identity,
  type NodeLiteral,
  type NodeView,
  placeholder,
  refVariable,
  typeAttr,
  viewGraphDef,
} from '../support/graph-def.js';
import { smallModel } from '../support/model.js';

/** y = x w + w: the product is for the first device, the sum goes where a rule puts it. */
const twice: NodeLiteral[] = [
  placeholder('x'),
  refVariable('w', float, 32, 32),
  identity('w/read', 'w'),
  floatNode('MatMul', 'product', 'x', 'w/read'),
  floatNode('AddV2', 'y', 'product', 'w/read'),
];
const weights = [{ key: 'w', dtype: float, shape: [32, 32], bytes: float32(...Array(1024).fill(0.1)) }];

interface Frozen {
  readonly report: FreezeReport;
  readonly nodes: ReadonlyMap<string, NodeView>;
}

async function frozen(nodes: readonly NodeLiteral[], more: object, library: object = {}): Promise<Frozen> {
  const { graph, checkpoint, out } = smallModel(nodes, weights);
  writeFileSync(graph, graphDef(nodes, { library }));
  const report = await freeze({ graph, checkpoint, out, outputs: 'y', ...more });
  return { report, nodes: viewGraphDef(readFileSync(out)).nodes };
}

const inputs = ({ nodes }: Frozen, name: string): readonly string[] | undefined => nodes.get(name)?.input;
const device = ({ nodes }: Frozen, name: string): string | undefined => nodes.get(name)?.device;
/** Where the sum is away from its constant. */
const onGpu = ['product', 'c', 'w', 'w/read'].map((name) => ({ name, device: 'gpu:0' }));
const onCpu = { place: 'gpu:0,cpu', placeRules: [...onGpu, { name: 'y', device: 'cpu' }] };

const variable = [refVariable('w', float, 32, 32), identity('w/read', 'w')];

/** y = x c + c, and a variable. */
const direct: NodeLiteral[] = [
  ...variable,
  placeholder('x'),
  { name: 'c', op: 'Const', attr: { dtype: typeAttr(float), value: tensor(1, 2) } },
  floatNode('Mul', 'product', 'x', 'c'),
  floatNode('AddV2', 'y', 'product', 'c', '^c', '^w/read'),
];

function tensor(...float_val: number[]): object {
  return { tensor: { dtype: float, tensor_shape: { dim: [{ size: float_val.length }] }, float_val } };
}

describe('copies', () => {
  it('are made for each device that reads a constant, and read there', async () => {
    const made = await frozen(direct, { ...onCpu, deviceConstants: 'copies' });
    expect(inputs(made, 'product')).toEqual(['x', 'c']);
    expect(inputs(made, 'y')).toEqual(['product', 'c/copy_on_CPU_0', '^c', '^w/read']);
    expect([device(made, 'c'), device(made, 'c/copy_on_CPU_0')]).toEqual(['/device:GPU:0', '/device:CPU:0']);
    expect(made.nodes.get('c/copy_on_CPU_0')?.attr).toEqual(made.nodes.get('c')?.attr);
    const { placement } = made.report;
    expect(placement?.copiedConstants).toEqual([
      { constant: 'c', copy: 'c/copy_on_CPU_0', function: undefined, device: '/device:CPU:0', bytes: 8 },
    ]);
    expect(placement?.crossings.map(({ tensor }) => tensor)).not.toContain('c:0');
  });

  it('are not made unless they are asked for', async () => {
    const made = await frozen(direct, onCpu);
    expect(inputs(made, 'y')).toEqual(['product', 'c', '^c', '^w/read']);
    expect(made.report.placement?.copiedConstants).toEqual([]);
    expect(made.report.placement?.crossings.map(({ tensor }) => tensor)).toContain('c:0');
  });

  it('have free names, and are one a device', async () => {
    const more: NodeLiteral[] = [
      ...direct.slice(2, 5),
      floatNode('AddV2', 'sum', 'product', 'c'),
      floatNode('Mul', 'again', 'sum', 'c'),
      floatNode('Mul', 'second', 'again', 'c'),
      identity('c/copy_on_CPU_0', 'second'),
      { ...floatNode('AddN', 'y', 'c/copy_on_CPU_0', 'w/read'), attr: { T: typeAttr(float), N: { i: 2 } } },
      ...variable,
    ];
    const rules = [
      ...onGpu,
      { name: 'sum', device: 'cpu' },
      { name: 'again', device: 'cpu' },
      { name: 'second', device: 'gpu:1' },
    ];
    const made = await frozen(more, { place: 'gpu:0', placeRules: rules, deviceConstants: 'copies' });
    expect(made.report.placement?.copiedConstants.map(({ copy }) => copy)).toEqual([
      'c/copy_on_CPU_0_1',
      'c/copy_on_GPU_1',
    ]);
    expect([inputs(made, 'sum')?.[1], inputs(made, 'again')?.[1]]).toEqual(['c/copy_on_CPU_0_1', 'c/copy_on_CPU_0_1']);
    expect(inputs(made, 'second')).toEqual(['again', 'c/copy_on_GPU_1']);
  });

  it('are made of what the checkpoint holds, past the reads of a variable', async () => {
    const made = await frozen(twice, { ...onCpu, deviceConstants: ['copies'] });
    expect(made.report.placement?.copiedConstants).toEqual([
      { constant: 'w', copy: 'w/copy_on_CPU_0', function: undefined, device: '/device:CPU:0', bytes: 4096 },
    ]);
    expect(inputs(made, 'product')).toEqual(['x', 'w/read']);
    expect(inputs(made, 'y')).toEqual(['product', 'w/copy_on_CPU_0']);
    expect(made.nodes.get('w/copy_on_CPU_0')?.attr).toEqual(made.nodes.get('w')?.attr);
    expect(made.report.variables.map(({ bytes }) => bytes)).toEqual([4096]);
  });

  it('leave nothing behind that is not read any more, but outputs', async () => {
    const nodes = [...twice.slice(0, 3), placeholder('z'), floatNode('AddV2', 'y', 'z', 'w/read')];
    const more = {
      place: 'gpu:0',
      placeRules: [
        { name: 'w*', device: 'gpu:0' },
        { name: 'y', device: 'cpu' },
      ],
    };
    const made = await frozen(nodes, { ...more, deviceConstants: 'copies' });
    expect([...made.nodes.keys()].sort()).toEqual(['w/copy_on_CPU_0', 'y', 'z']);
    const asked = await frozen(nodes, { ...more, deviceConstants: 'copies', outputs: ['y', 'w/read'] });
    expect([...asked.nodes.keys()].sort()).toEqual(['w', 'w/copy_on_CPU_0', 'w/read', 'y', 'z']);
  });

  it('are made in functions', async () => {
    const body = {
      inputs: { x: float },
      outputs: { y: float },
      nodes: [
        { name: 'c', op: 'Const', attr: { dtype: typeAttr(float), value: tensor(1, 2) } },
        floatNode('Mul', 'product', 'x', 'c:output:0'),
        floatNode('AddV2', 'sum', 'product:z:0', 'c:output:0'),
      ],
      returns: { y: 'sum:z:0' },
    };
    const nodes = [refVariable('v', float, 32, 32), identity('x', 'v'), call('y', ['x'], 'f', [float])];
    const { graph, checkpoint, out } = smallModel(nodes, [{ ...(weights[0] as object), key: 'v' } as never]);
    writeFileSync(graph, graphDef(nodes, { library: libraryOf({ f: body }) }));
    const report = await freeze({
      ...{ graph, checkpoint, out, outputs: 'y', place: 'gpu:0', deviceConstants: 'copies' },
      placeRules: [...onGpu, { name: 'sum', device: 'cpu' }],
    });
    expect(report.placement?.copiedConstants).toEqual([
      { constant: 'c', copy: 'c/copy_on_CPU_0', function: 'f', device: '/device:CPU:0', bytes: 8 },
    ]);
    expect(readFileSync(out, 'latin1')).toContain('c/copy_on_CPU_0:output:0');
  });

  it('are not made where the device has no kernel for the constant', async () => {
    // No NPU holds float64: its one op that takes some is a custom one, which a rule puts there.
    const nodes: NodeLiteral[] = [
      ...variable,
      {
        name: 'd',
        op: 'Const',
        attr: { dtype: typeAttr(2), value: { tensor: { dtype: 2, tensor_shape: {}, double_val: [1] } } },
      },
      { name: 'mine', op: 'Mine', input: ['d'] },
      { name: 'cast', op: 'Cast', input: ['d'], attr: { SrcT: typeAttr(2), DstT: typeAttr(float) } },
      { ...floatNode('AddV2', 'y', 'w/read', 'cast', '^mine') },
    ];
    const rules = [{ name: 'mine', device: 'npu:0' }];
    const made = await frozen(nodes, { place: 'cpu', placeRules: rules, deviceConstants: 'copies' });
    expect([device(made, 'mine'), inputs(made, 'mine')]).toEqual(['/device:NPU:0', ['d']]);
    expect(made.report.placement?.copiedConstants).toEqual([]);
  });
});

describe('types', () => {
  it('are those that the device wants, and restored there', async () => {
    const made = await frozen(twice, { place: 'npu:0,cpu', deviceConstants: 'dtypes' });
    expect(made.report.placement?.storedConstants).toEqual([
      { constant: 'w', device: '/device:NPU:0', storedAs: 'float16' },
    ]);
    expect(made.report.variables.map(({ dtype, storedAs }) => [dtype, storedAs])).toEqual([['float32', 'float16']]);
    expect(made.nodes.get('w')).toMatchObject({ op: 'Cast', input: ['w/float16'], device: '/device:NPU:0' });
    expect(made.nodes.get('w/float16')).toMatchObject({ op: 'Const', device: '/device:NPU:0' });
    expect(made.nodes.get('w/float16')?.attr.dtype).toEqual({ type: 19 });
  });

  it('stay as they are where no device wants others', async () => {
    const made = await frozen(twice, { place: 'gpu:0', deviceConstants: 'dtypes' });
    expect(made.nodes.get('w')?.op).toBe('Const');
    expect(made.report.placement).toMatchObject({ storedConstants: [], unmetWishes: [] });
  });

  it('are wished in vain for constants that the checkpoint does not hold', async () => {
    const large: NodeLiteral = {
      ...{ name: 'c', op: 'Const' },
      attr: {
        dtype: typeAttr(float),
        value: { tensor: { dtype: float, tensor_shape: { dim: [{ size: 32 }, { size: 32 }] }, float_val: [1] } },
      },
    };
    const nodes = [...twice.slice(0, 4), large, floatNode('AddV2', 'y', 'product', 'c')];
    const made = await frozen(nodes, { place: 'npu:0', deviceConstants: 'dtypes' });
    expect(made.report.placement?.unmetWishes).toEqual([
      {
        device: '/device:NPU:0',
        type: 'float32',
        wanted: 'float16',
        reason: 'its value does not come from the checkpoint',
        function: undefined,
        constants: ['c'],
      },
    ]);
    expect(made.nodes.get('c')?.op).toBe('Const');
  });

  it('go with copies: each device has the type that it wants', async () => {
    const nodes: NodeLiteral[] = [
      placeholder('x'),
      {
        name: 'w',
        op: 'VarHandleOp',
        attr: { dtype: typeAttr(float), shape: { shape: { dim: [{ size: 32 }, { size: 32 }] } } },
      },
      { name: 'w/read', op: 'ReadVariableOp', input: ['w'], attr: { dtype: typeAttr(float) } },
      { name: 'w/again', op: 'ReadVariableOp', input: ['w'], attr: { dtype: typeAttr(float) } },
      floatNode('MatMul', 'product', 'x', 'w/read'),
      floatNode('AddV2', 'y', 'product', 'w/again'),
    ];
    const made = await frozen(nodes, {
      place: 'npu:0,cpu',
      placeRules: [
        { op: ['VarHandleOp', 'Const', 'MatMul'], device: 'npu:0' },
        { name: 'w/again', device: 'cpu' },
        { name: 'y', device: 'cpu' },
      ],
      deviceConstants: 'copies,dtypes',
    });
    expect(made.report.placement?.copiedConstants.map(({ copy }) => copy)).toEqual(['w/copy_on_CPU_0']);
    expect(made.report.placement?.storedConstants.map(({ constant }) => constant)).toEqual(['w']);
    expect(made.nodes.get('w/copy_on_CPU_0')).toMatchObject({ op: 'Const', device: '/device:CPU:0' });
    expect(inputs(made, 'w/again')).toEqual(['w/copy_on_CPU_0']);
    expect(inputs(made, 'w/read')).toEqual(['w']);
  });
});

describe('the option', () => {
  it.each([
    [{ deviceConstants: 'copy', place: 'gpu' }, 'Expected dtypes or copies'],
    [{ deviceConstants: 'copies' }, 'nothing is placed'],
    [{ deviceConstants: 'copies', place: 'keep' }, 'nothing is placed'],
  ])('%o is refused', async (more, message) => {
    const error = await failure(() => frozen(twice, more));
    expect([error.code, error.message]).toEqual(['INVALID_ARGUMENT', expect.stringContaining(message)]);
  });
});
