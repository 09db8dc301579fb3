// What a check for a target finds: one graph for each kind of finding, and one without any.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CheckReport, checkGraph, freeze } from '../../src/index.js';
import { failure } from '../support/failure.js';
import { temporaryFolder } from '../support/folder.js';
import { call, libraryOf } from '../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphDef,
  identity,
  int32Type,
  int64Type,
  type NodeLiteral,
  placeholder,
  refVariable,
  shapeAttr,
  stringType,
  typeAttr,
  unknownRank,
} from '../support/graph-def.js';
import { smallModel } from '../support/model.js';

const input = (name: string, shape: object = shapeAttr(1, 4), dtype = float): NodeLiteral => ({
  ...{ name, op: 'Placeholder' },
  attr: { dtype: typeAttr(dtype), shape },
});
const half = {
  name: 'half',
  op: 'Const',
  attr: { dtype: typeAttr(float), value: { tensor: { dtype: float, tensor_shape: {}, float_val: [0.5] } } },
};
const sound = [input('x'), half, floatNode('Mul', 'y', 'x', 'half')];

async function checked(nodes: readonly NodeLiteral[], library: object = {}, target = 'npu'): Promise<CheckReport> {
  const file = join(temporaryFolder(), 'graph.pb');
  writeFileSync(file, graphDef(nodes, { library }));
  return checkGraph({ file, target });
}

const told = ({ findings }: CheckReport): string[] =>
  findings.map(({ severity, code, node, message }) => `${severity} ${code} ${node}: ${message}`);

const arg = (op: string): NodeLiteral[] => [
  input('x'),
  {
    name: 'axis',
    op: 'Const',
    attr: { dtype: typeAttr(int32Type), value: { tensor: { dtype: int32Type, tensor_shape: {}, int_val: [1] } } },
  },
  {
    ...{ name: 'y', op, input: ['x', 'axis'] },
    attr: { T: typeAttr(float), Tidx: typeAttr(int32Type), output_type: typeAttr(int64Type) },
  },
];

describe('of a graph for an NPU', () => {
  it('that it can run, there is nothing to find', async () => {
    expect(told(await checked(sound))).toEqual([]);
  });

  it.each<[string, readonly NodeLiteral[], RegExp[]]>([
    [
      'an op without a kernel',
      [...sound, { name: 'text', op: 'AsString', input: ['y'], attr: { T: typeAttr(float) } }],
      [/^error TARGET_KERNEL text: AsString cannot be on npu: no kernel for AsString on npu$/],
    ],
    [
      'double',
      [...sound, { name: 'z', op: 'Cast', input: ['y'], attr: { SrcT: typeAttr(float), DstT: typeAttr(2) } }],
      [/^error TARGET_KERNEL z: Cast cannot be on npu: .*float64/],
    ],
    [
      'a custom op',
      [...sound, { name: 'z', op: 'Mine', input: ['y'] }],
      [/^warning OP_UNKNOWN z: /, /^warning TARGET_OP_UNKNOWN z: nobody says whether npu has a kernel for Mine/],
    ],
    [
      'an op for training',
      [...sound, floatNode('ReluGrad', 'z', 'y', 'x')],
      [/^error TARGET_TRAINING z: ReluGrad is for training/],
    ],
    [
      'an input without sizes',
      [input('x', shapeAttr(-1, 4)), ...sound.slice(1)],
      [/^error TARGET_SHAPE x: .*\[\?, 4\]/],
    ],
    ['an input of any rank', [input('x', unknownRank), ...sound.slice(1)], [/^error TARGET_SHAPE x: .*unknown rank/]],
    ['an input without a shape', [placeholder('x'), ...sound.slice(1)], [/^error TARGET_SHAPE x: .*unknown rank/]],
    [
      'an input of another type',
      [...sound, input('z', shapeAttr(1), 5)],
      [/^error TARGET_INPUT z: the input is int16; an NPU takes float16, float32, uint8, int32, int64, bool$/],
    ],
    ['no input', [half, floatNode('Neg', 'y', 'half')], [/^error TARGET_INPUT undefined: .*without a Placeholder$/]],
    ['an output of int64', arg('ArgMax'), [/^warning TARGET_OUTPUT y: .* give it output_type=tf.int32$/]],
    [
      'an output of int64 that is no place',
      [input('x', shapeAttr(1), int64Type), identity('y', 'x', int64Type)],
      [/^warning TARGET_OUTPUT y: .* put a Cast to int32 behind it$/],
    ],
    ['a dimension of nothing', [input('x', shapeAttr(0, 4)), ...sound.slice(1)], [/^error TARGET_EMPTY x: .*\[0, 4\]/]],
    ['a variable', [...sound, refVariable('v', float, 2)], [/^error VARIABLE_LEFT v: /]],
  ])('%s is found', async (_, nodes, messages) => {
    const report = await checked(nodes);
    expect(told(report)).toEqual(messages.map((message) => expect.stringMatching(message)));
    expect(report.errors).toBe(report.findings.filter(({ severity }) => severity === 'error').length);
  });

  it.each<[string, NodeLiteral]>([
    ['bool', input('z', shapeAttr(1), boolType)],
    ['int64', input('z', shapeAttr(1), int64Type)],
  ])('an input of %s is none', async (_, more) => {
    const read = {
      name: 'read',
      op: 'Cast',
      input: ['z'],
      attr: { SrcT: more.attr?.dtype as object, DstT: typeAttr(float) },
    };
    expect(told(await checked([...sound, more, read]))).toEqual([]);
  });

  it('constants of nothing are none', async () => {
    const empty = { tensor: { dtype: float, tensor_shape: { dim: [{ size: 0 }] } } };
    const constant = {
      name: 'none',
      op: 'Const',
      attr: { dtype: typeAttr(float), value: empty, _output_shapes: { list: { shape: [{ dim: [{ size: 0 }] }] } } },
    };
    expect(told(await checked([...sound, constant]))).toEqual([]);
  });

  it('normalisation as in training is a warning, by default too', async () => {
    const norm = (attr: object): NodeLiteral[] => [
      input('x', shapeAttr(1, 1, 1, 4)),
      input('s', shapeAttr(4)),
      { name: 'y', op: 'FusedBatchNorm', input: ['x', 's', 's', 's', 's'], attr: { T: typeAttr(float), ...attr } },
    ];
    expect(told(await checked(norm({ is_training: { b: false } })))).toEqual([]);
    for (const attr of [{}, { is_training: { b: true } }]) {
      expect(told(await checked(norm(attr)))).toEqual([expect.stringMatching(/^warning TARGET_TRAINING y: /)]);
    }
  });

  it('nodes of one op are one finding', async () => {
    const text = (name: string): NodeLiteral => ({ name, op: 'AsString', input: ['y'], attr: { T: typeAttr(float) } });
    expect(told(await checked([...sound, text('a'), text('b')]))).toEqual([
      'error TARGET_KERNEL a: AsString cannot be on npu: no kernel for AsString on npu (so of 2 nodes)',
    ]);
  });
});

describe('of functions', () => {
  const negated = {
    inputs: { x: float },
    outputs: { y: float },
    nodes: [floatNode('Neg', 'n', 'x')],
    returns: { y: 'n:y:0' },
  };
  const calling = [input('x'), call('y', ['x'], 'f', [float])];

  it('the file for the compiler is missed, and enough when a freeze has written it', async () => {
    expect(told(await checked(calling, libraryOf({ f: negated })))).toEqual([
      expect.stringMatching(/^error TARGET_FUNCTIONS undefined: .*graph_def_library\.pbtxt.*--place npu/),
    ]);
    const { graph, checkpoint, out } = smallModel();
    const nodes = [...calling, refVariable('w', float, 2), floatNode('Mul', 'z', 'y', 'w')];
    writeFileSync(graph, graphDef(nodes, { library: libraryOf({ f: negated }) }));
    await freeze({ graph, checkpoint, out, outputs: 'z', place: 'npu' });
    expect(told(await checkGraph({ file: out, target: 'npu' }))).toEqual([]);
    const file = join(out, '..', 'graph_def_library.pbtxt');
    writeFileSync(file, 'graph_def { name: "g" graph { } }');
    expect(told(await checkGraph({ file: out, target: 'npu' }))).toEqual([
      `error TARGET_FUNCTIONS undefined: ${file} lacks the function 'f'`,
    ]);
    writeFileSync(file, 'graph_def {');
    expect(told(await checkGraph({ file: out, target: 'npu' }))).toEqual([
      expect.stringContaining("is not a valid GraphDefLibrary in protobuf's text format"),
    ]);
  });

  it('nodes are told with the function, and do no harm where nothing calls it', async () => {
    const cast = { name: 'n', op: 'Cast', input: ['x'], attr: { SrcT: typeAttr(float), DstT: typeAttr(stringType) } };
    const texts = { ...negated, nodes: [cast], outputs: { y: stringType } };
    const nodes = [input('x'), call('y', ['x'], 'f', [float], [stringType])];
    const { findings } = await checked(nodes, libraryOf({ f: texts, g: texts }), 'gpu');
    expect(findings.map(({ severity, code, function: name, node }) => [severity, code, name, node])).toEqual([
      ['error', 'TARGET_KERNEL', undefined, 'y'],
      ['error', 'TARGET_KERNEL', 'f', 'n'],
      ['warning', 'TARGET_KERNEL', 'g', 'n'],
    ]);
  });
});

describe('other targets', () => {
  it('are asked for kernels alone', async () => {
    const nodes = [placeholder('x', int64Type), identity('y', 'x', int64Type)];
    for (const target of ['cpu', 'gpu']) expect(told(await checked(nodes, {}, target))).toEqual([]);
  });

  it('must be there', async () => {
    const error = await failure(() => checked(sound, {}, 'nps'));
    expect([error.code, error.message]).toEqual([
      'DEVICE_UNKNOWN',
      expect.stringMatching(/device target unknown .*'nps'/),
    ]);
  });
});
