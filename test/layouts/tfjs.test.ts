import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FreezeOptions, type FreezeReport, freeze } from '../../src/index.js';
import { float32, int32 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { namesIn } from '../support/folder.js';
import {
  boolType,
  float,
  floatNode,
  identity,
  int32Type,
  int64Type,
  intAttr,
  type NodeLiteral,
  placeholder,
  refVariable,
  stringTensor,
  stringType,
  typeAttr,
} from '../support/graph-def.js';
import { smallModel, smallNodes, smallTensors } from '../support/model.js';
import { metaGraph, savedModel, savedModelBytes, tensorInfo } from '../support/saved-model.js';
import { storedStrings } from '../support/stored-string.js';
import { chooseBackend, loadTfjs, runTfjs } from '../support/tfjs.mjs';
import type { TensorToWrite } from '../support/write-bundle.mjs';

const vector = (...values: number[]) => ({ dtype: 'float32', shape: [values.length], values });

/** Freezes nodes over the tensors of the small model. */
async function freezeNodes(
  nodes: readonly NodeLiteral[],
  outputs: string,
  { tensors = smallTensors, shardBytes }: { tensors?: readonly TensorToWrite[]; shardBytes?: number } = {},
): Promise<FreezeReport> {
  const { graph, checkpoint, out } = smallModel(nodes, tensors);
  const more = shardBytes === undefined ? {} : { shardBytes };
  return freeze({ graph, checkpoint, outputs, out, layout: 'tfjs', ...more });
}

function modelOf({ out }: FreezeReport): Record<string, unknown> {
  return JSON.parse(readFileSync(join(out as string, 'model.json'), 'utf8'));
}

async function run({ out }: FreezeReport, x: number[]): Promise<Record<string, unknown>> {
  const fetched = await runTfjs(await loadTfjs(out as string), { x: vector(...x) });
  return Object.fromEntries(Object.entries(fetched).map(([name, { values }]) => [name, values]));
}

const constant = (name: string, tensor: object, dtype: number = float, ...input: string[]): NodeLiteral => ({
  name,
  op: 'Const',
  input,
  attr: { dtype: typeAttr(dtype), value: { tensor: { dtype, ...tensor } } },
});
const shape = (...sizes: number[]): object => ({ dim: sizes.map((size) => ({ size })) });

beforeAll(() => chooseBackend('cpu'));

describe('a graph model', () => {
  it('has the graph without the values, the signature and the manifest in model.json', async () => {
    const report = await freezeNodes(smallNodes, 'y');
    const node = (name: string, op: string, attr: object, ...input: string[]): object =>
      input.length > 0 ? { name, op, input, attr } : { name, op, attr };
    const float32Type = { type: 'DT_FLOAT' };
    expect(modelOf(report)).toEqual({
      format: 'graph-model',
      generatedBy: 'TensorFlow',
      convertedBy: 'permafrost',
      signature: {
        inputs: { x: { name: 'x:0', dtype: 'DT_FLOAT', tensorShape: { unknownRank: true } } },
        outputs: { y: { name: 'y:0', dtype: 'DT_FLOAT', tensorShape: { unknownRank: true } } },
      },
      modelTopology: {
        node: [
          node('x', 'Placeholder', { dtype: float32Type, shape: { shape: { unknownRank: true } } }),
          node('w', 'Const', {
            dtype: float32Type,
            value: { tensor: { dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: '2' }] } } },
          }),
          node('w/read', 'Identity', { T: float32Type }, 'w'),
          node('y', 'Mul', { T: float32Type }, 'x', 'w/read'),
        ],
        library: {},
        versions: {},
      },
      weightsManifest: [{ paths: ['group1-shard1of1.bin'], weights: [{ name: 'w', shape: [2], dtype: 'float32' }] }],
    });
    expect(readFileSync(join(report.out as string, 'group1-shard1of1.bin'))).toEqual(Buffer.from(float32(1, 2)));
  });

  it('is cut into files of the size that is asked for, across tensors', async () => {
    const tensors = [...smallTensors, { key: 'v', dtype: float, shape: [], bytes: float32(3) }];
    const nodes = [...smallNodes, refVariable('v', float), floatNode('Add', 'z', 'y', 'v')];
    const report = await freezeNodes(nodes, 'z', { tensors, shardBytes: 5 });
    const out = report.out as string;
    const shards = [1, 2, 3].map((shard) => join(out, `group1-shard${shard}of3.bin`));
    expect(report.files.map(({ path }) => path)).toEqual([join(out, 'model.json'), ...shards]);
    expect(shards.map((path) => readFileSync(path).length)).toEqual([5, 5, 2]);
    expect(Buffer.concat(shards.map((path) => readFileSync(path)))).toEqual(Buffer.from(float32(1, 2, 3)));
    expect(report.bytes).toBe(report.files.reduce((sum, { bytes }) => sum + bytes, 0));
  });

  it('is made of a graph that is frozen already, too', async () => {
    const { graph, checkpoint, out, folder } = smallModel();
    const frozen = join(folder, 'frozen.pb');
    await freeze({ graph, checkpoint, outputs: 'y', out: frozen });
    const report = await freeze({ graph: frozen, outputs: 'y', out, layout: 'tfjs' });
    expect(await run(report, [3, 5])).toEqual({ y: [3, 10] });
  });

  it('has no files of weights where there are no constants', async () => {
    const nodes = [placeholder('x'), floatNode('Relu', 'y', 'x')];
    const graph = savedModel(savedModelBytes(metaGraph({}, ['serve'], nodes)), { tensors: [] });
    const out = join(graph, '..', 'tfjs');
    const report = await freeze({ graph, out, layout: 'tfjs' });
    expect(namesIn(out)).toEqual(['model.json']);
    expect(modelOf(report).weightsManifest).toEqual([{ paths: [], weights: [] }]);
  });
});

describe('inputs and outputs', () => {
  const outputs = { first: tensorInfo('y:0', float, 2), second: tensorInfo('z:0', float, 2) };
  const inputs = { a: tensorInfo('x:0', float, 2), gone: tensorInfo('n:0', int64Type) };
  const nodes = [...smallNodes, placeholder('n', int64Type), floatNode('Neg', 'z', 'y')];
  const graph = () =>
    savedModel(savedModelBytes(metaGraph({ signature_def: { serve: { inputs, outputs } } }, ['serve'], nodes)));
  const namesOf = async (options: Omit<FreezeOptions, 'graph' | 'out'>): Promise<string[][]> => {
    const from = graph();
    const report = await freeze({ graph: from, out: join(from, '..', 'tfjs'), layout: 'tfjs', ...options });
    const { inputNodes, outputNodes } = await loadTfjs(report.out as string);
    return [inputNodes, outputNodes];
  };

  it('are those of the signature, with inputs that the outputs do not need', async () => {
    expect(await namesOf({})).toEqual([
      ['a', 'gone'],
      ['first', 'second'],
    ]);
  });
  it('are those of the signature that are wanted, and outputs beside it', async () => {
    expect(await namesOf({ signature: 'serve', outputs: ['z', 'w/read'] })).toEqual([
      ['a', 'gone'],
      ['second', 'w/read'],
    ]);
  });
  it('are placeholders and nodes without a signature', async () => {
    expect(await namesOf({ outputs: ['z'] })).toEqual([['x'], ['z']]);
  });
});

it('the report is of the graph that is written', async () => {
  const signature = {
    inputs: { a: tensorInfo('x:0', float, 2), gone: tensorInfo('n:0', int64Type) },
    outputs: { first: tensorInfo('y:0', float, 2) },
  };
  const nodes = [...smallNodes, placeholder('n', int64Type)];
  const graph = savedModel(savedModelBytes(metaGraph({ signature_def: { serve: signature } }, ['serve'], nodes)));
  const report = await freeze({ graph, out: join(graph, '..', 'tfjs'), layout: 'tfjs' });
  expect(report.signature?.inputs.map(({ name, kept }) => [name, kept])).toEqual([
    ['a', true],
    ['gone', true],
  ]);
  const { modelTopology } = modelOf(report) as { modelTopology: { node: object[] } };
  expect(report.nodesAfter).toBe(modelTopology.node.length);
});

describe('weights of the checkpoint', () => {
  it('of float16 are read as float32, without the Cast', async () => {
    const { graph, checkpoint, out } = smallModel();
    const report = await freeze({ graph, checkpoint, outputs: 'y', out, layout: 'tfjs', weights: 'w=float16' });
    const { modelTopology, weightsManifest } = modelOf(report) as {
      modelTopology: { node: { name: string; op: string }[] };
      weightsManifest: { weights: object[] }[];
    };
    expect(modelTopology.node.map(({ name, op }) => `${name} ${op}`)).toEqual([
      'x Placeholder',
      'w Const',
      'w/read Identity',
      'y Mul',
    ]);
    const quantization = { dtype: 'float16', original_dtype: 'float32' };
    expect(weightsManifest[0]?.weights).toEqual([{ name: 'w', shape: [2], dtype: 'float32', quantization }]);
    expect(readFileSync(join(out, 'group1-shard1of1.bin')).toString('hex')).toBe('003c0040');
    expect(await run(report, [3, 5])).toEqual({ y: [3, 10] });
  });

  it('of float64 and int64 become float32 and int32', async () => {
    const tensors = [
      ...smallTensors,
      { key: 'd', dtype: 2, shape: [2], bytes: new Uint8Array(Float64Array.of(0.1, 2).buffer) },
      { key: 'i', dtype: int64Type, shape: [2], bytes: new Uint8Array(BigInt64Array.of(1n, -7n).buffer) },
    ];
    const cast = (name: string, input: string, type: number): NodeLiteral => ({
      name,
      op: 'Cast',
      input: [input],
      attr: { SrcT: typeAttr(type), DstT: typeAttr(float) },
    });
    const nodes = [
      ...smallNodes,
      refVariable('d', 2, 2),
      refVariable('i', int64Type, 2),
      cast('df', 'd', 2),
      cast('if', 'i', int64Type),
      floatNode('AddN', 'z', 'y', 'df', 'if'),
    ];
    const report = await freezeNodes(nodes, 'z', { tensors });
    const bytes = readFileSync(join(report.out as string, 'group1-shard1of1.bin'));
    expect(bytes).toEqual(Buffer.concat([float32(1, 2, 0.1, 2), int32(1, -7)]));
    expect(await run(report, [0, 0])).toEqual({ z: [Math.fround(Math.fround(0.1) + 1), -5] });
  });

  it('of int64 that do not fit are counted in the report', async () => {
    const bytes = new Uint8Array(BigInt64Array.of(2n ** 31n, 5n, -(2n ** 40n)).buffer);
    const nodes = [...smallNodes, refVariable('i', int64Type, 3), identity('z', 'i', int64Type)];
    const tensors = [...smallTensors, { key: 'i', dtype: int64Type, shape: [3], bytes }];
    const report = await freezeNodes(nodes, 'z', { tensors });
    expect(report.variables).toMatchObject([{ name: 'i', overflows: 2 }]);
  });

  it('that are strings have their lengths before them', async () => {
    const tensors = [...smallTensors, { key: 's', dtype: stringType, shape: [2], ...storedStrings(['ab', '']) }];
    const nodes = [...smallNodes, refVariable('s', stringType, 2), identity('t', 's', stringType)];
    const report = await freezeNodes(nodes, 't', { tensors });
    const bytes = readFileSync(join(report.out as string, 'group1-shard1of1.bin'));
    expect(bytes.toString('hex')).toBe('02000000616200000000');
    const { t } = await runTfjs(await loadTfjs(report.out as string), {});
    expect(t).toEqual({ dtype: 'string', shape: [2], values: ['ab', ''] });
  });
});

describe('what TensorFlow.js makes of it', () => {
  it('tells several outputs of one node apart, and inputs and constants from what it hands out', async () => {
    const nodes: NodeLiteral[] = [
      ...smallNodes,
      constant('axis', { tensor_shape: {}, int_val: [0] }, int32Type),
      { name: 'split', op: 'Split', input: ['axis', 'y'], attr: { T: typeAttr(float), num_split: intAttr(2) } },
    ];
    const outputs = { a: 'split:0', b: 'split:1', again: 'split:1', w: 'w:0', x: 'x:0' };
    const signature = {
      inputs: { x: tensorInfo('x:0', float, 2) },
      outputs: Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, tensorInfo(tensor)])),
    };
    const graph = savedModel(
      savedModelBytes(metaGraph({ signature_def: { serving_default: signature } }, ['serve'], nodes)),
    );
    const report = await freeze({ graph, out: join(graph, '..', 'tfjs'), layout: 'tfjs' });
    expect(await run(report, [3, 5])).toEqual({ a: [3], b: [10], again: [10], w: [1, 2], x: [3, 5] });
  });

  it('takes no control input for an input, and does without checks', async () => {
    const nodes: NodeLiteral[] = [
      ...smallNodes,
      constant('axis', { tensor_shape: {}, int_val: [0] }, int32Type),
      constant('fine', { tensor_shape: {}, bool_val: [true] }, boolType),
      constant('why', stringTensor('no'), 7),
      { name: 'assert', op: 'Assert', input: ['fine', 'why'], attr: { T: { list: { type: [7] } } } },
      constant('one', { tensor_shape: shape(1), float_val: [1] }, float, '^assert'),
      {
        name: 'joined',
        op: 'ConcatV2',
        input: ['y', 'one', 'axis', '^assert', '^x'],
        attr: { T: typeAttr(float), Tidx: typeAttr(int32Type), N: intAttr(2) },
      },
      { ...floatNode('CheckNumerics', 'z', 'joined'), attr: { T: typeAttr(float), message: { s: Buffer.from('') } } },
    ];
    const report = await freezeNodes(nodes, 'z');
    expect(await run(report, [3, 5])).toEqual({ z: [3, 10, 1] });
  });

  it('has the complement of the error function', async () => {
    const report = await freezeNodes([...smallNodes, floatNode('Erfc', 'z', 'y')], 'z');
    const { z } = (await run(report, [-0.5, 0.25])) as { z: number[] };
    // erfc(-0.5) and erfc(0.5): Abramowitz and Stegun, table 7.1.
    expect(z[0]).toBeCloseTo(1.5204998778, 6);
    expect(z[1]).toBeCloseTo(0.4795001222, 6);
  });

  it('has complex numbers', async () => {
    const complex = (dtype: number, field: string): NodeLiteral =>
      constant(`c${dtype}`, { tensor_shape: shape(2), [field]: [1, 2, 3, 4] }, dtype);
    const imaginary = (name: string, input: string, type: number): NodeLiteral => ({
      name,
      op: 'Imag',
      input: [input],
      attr: { T: typeAttr(type), Tout: typeAttr(float) },
    });
    const nodes = [
      ...smallNodes,
      complex(8, 'scomplex_val'),
      complex(18, 'dcomplex_val'),
      imaginary('i8', 'c8', 8),
      imaginary('i18', 'c18', 18),
      floatNode('AddN', 'z', 'y', 'i8', 'i18'),
    ];
    expect(await run(await freezeNodes(nodes, 'z'), [0, 0])).toEqual({ z: [4, 8] });
  });
});

describe('refused', () => {
  const refusal = (nodes: readonly NodeLiteral[], outputs: string) => failure(() => freezeNodes(nodes, outputs));

  it('are ops that TensorFlow.js does not have, each with its nodes, before anything is written', async () => {
    const nodes = [
      ...smallNodes,
      floatNode('Lgamma', 'e', 'y'),
      floatNode('Digamma', 'd', 'e'),
      floatNode('Lgamma', 'f', 'd'),
    ];
    const { graph, checkpoint, out, outFolder } = smallModel(nodes);
    const error = await failure(() => freeze({ graph, checkpoint, outputs: 'f', out, layout: 'tfjs' }));
    expect(error.code).toBe('UNSUPPORTED');
    expect(error.message).toContain(
      "has no such ops as this model needs: Lgamma (nodes 'e', 'f'); Digamma (node 'd').",
    );
    expect(namesIn(outFolder)).toEqual([]);
  });

  it.each(['NCHW', 'NCHW_VECT_C'])('are attributes that it would pass over, such as %s', async (format) => {
    const bias: NodeLiteral = {
      name: 'z',
      op: 'BiasAdd',
      input: ['y', 'w/read'],
      attr: { T: typeAttr(float), data_format: { s: Buffer.from(format) } },
    };
    const error = await refusal([...smallNodes, bias], 'z');
    expect(error.code).toBe('UNSUPPORTED');
    expect(error.message).toContain(
      "Node 'z' (BiasAdd) would not compute in TensorFlow.js what it does in TensorFlow, for its attribute 'data_format'",
    );
  });

  it('are variables that were kept', async () => {
    const { graph, checkpoint, out } = smallModel();
    const error = await failure(() => freeze({ graph, checkpoint, outputs: 'y', deny: 'w', out, layout: 'tfjs' }));
    expect(error.message).toContain("VariableV2 (node 'w')");
  });

  it.each([
    ['an int64 that is too large', int64Type, { int64_val: ['2147483648'] }, "'c' holds 2147483648"],
    ['an int64 that is too small', int64Type, { int64_val: ['-2147483649'] }, "'c' holds -2147483649"],
    ['a float64 that is too large', 2, { double_val: [1e300] }, "'c' holds 1e+300"],
    ['a type without a counterpart', 5, { int_val: [1] }, "'c' has type int16"],
    ['bfloat16', 14, { half_val: [16256] }, "'c' has type bfloat16"],
  ])('is %s', async (_, dtype, values, message) => {
    const cast: NodeLiteral = {
      name: 'f',
      op: 'Cast',
      input: ['c'],
      attr: { SrcT: typeAttr(dtype), DstT: typeAttr(float) },
    };
    const literal = constant('c', { tensor_shape: {}, ...values }, dtype);
    const error = await refusal([...smallNodes, literal, cast, floatNode('Add', 'z', 'y', 'f')], 'z');
    expect([error.code, error.message]).toEqual(['UNSUPPORTED', expect.stringContaining(message)]);
  });

  it('are not a float64 that is infinite or rounds down', async () => {
    const values = [Number.POSITIVE_INFINITY, 3.4028235e38];
    const nodes: NodeLiteral[] = [
      ...smallNodes,
      constant('c', { tensor_shape: shape(2), double_val: values }, 2),
      { name: 'f', op: 'Cast', input: ['c'], attr: { SrcT: typeAttr(2), DstT: typeAttr(float) } },
      floatNode('Add', 'z', 'y', 'f'),
    ];
    const report = await freezeNodes(nodes, 'z');
    const bytes = readFileSync(join(report.out as string, 'group1-shard1of1.bin'));
    expect(bytes.subarray(-8)).toEqual(Buffer.from(float32(...values)));
  });

  it('are constants of a few bytes that would fill the memory together', async () => {
    const splat = (name: string) => constant(name, { tensor_shape: shape(4096, 1280), float_val: [1] });
    const four = ['a', 'b', 'c', 'd'];
    const nodes = [...smallNodes, ...four.map(splat), floatNode('AddN', 'z', ...four)];
    const error = await refusal(nodes, 'z');
    expect([error.code, error.message]).toEqual([
      'LIMIT_EXCEEDED',
      expect.stringContaining("The constant 'd' is 20971520 bytes of one repeated element"),
    ]);
  });

  it('is a shape with negative sizes, which make a size in pairs', async () => {
    const literal = constant('c', { tensor_shape: shape(-2, -1), tensor_content: Buffer.alloc(8) });
    const error = await refusal([...smallNodes, literal, floatNode('Add', 'z', 'y', 'c')], 'z');
    expect([error.code, error.message]).toEqual([
      'GRAPH_MALFORMED',
      expect.stringContaining("The constant 'c' has a value of shape [-2, -1]"),
    ]);
  });

  it.each([6, 18])('is a variable of a type that is not converted yet: %i', async (dtype) => {
    const tensors = [...smallTensors, { key: 'v', dtype, shape: [1], bytes: new Uint8Array(dtype === 6 ? 1 : 16) }];
    const nodes = [...smallNodes, refVariable('v', dtype, 1), identity('z', 'v', dtype)];
    const error = await failure(() => freezeNodes(nodes, 'z', { tensors }));
    expect([error.code, error.message]).toEqual(['UNSUPPORTED', expect.stringContaining("The variable 'v' has type")]);
  });

  it('are more files than are of use, with the size that works', async () => {
    const tensors = [{ key: 'w', dtype: float, shape: [25_001], bytes: new Uint8Array(100_004) }];
    const nodes = [
      placeholder('x'),
      refVariable('w', float, 25_001),
      identity('w/read', 'w'),
      floatNode('Mul', 'y', 'x', 'w/read'),
    ];
    const error = await failure(() => freezeNodes(nodes, 'y', { tensors, shardBytes: 1 }));
    expect([error.code, error.message]).toEqual([
      'INVALID_ARGUMENT',
      'The weights are 100004 bytes, and files of 1 would be 100004: more than 100000 are not written. ' +
        'Pass 2 bytes or more for the size of a file.',
    ]);
  });

  it('is a constant whose value is damaged', async () => {
    const literal = constant('c', { tensor_shape: shape(2), tensor_content: Buffer.alloc(7) });
    const error = await refusal([...smallNodes, literal, floatNode('Add', 'z', 'y', 'c')], 'z');
    expect([error.code, error.message]).toEqual([
      'GRAPH_MALFORMED',
      expect.stringContaining("The constant 'c' has a value that does not fit its type and shape"),
    ]);
  });

  it.each([
    [
      'a size of files for a layout that has none',
      { shardBytes: 1 },
      "There are no files for shardBytes in the layout 'graph-def': only 'tfjs' has some.",
    ],
    [
      'a type of weights that it does not read',
      { layout: 'tfjs' as const, weights: 'w=int8' as const },
      "What reads the layout 'tfjs' has no int8 weights: they do not go together. Use float16.",
    ],
    [
      "TensorFlow's form of a GraphDef",
      { layout: 'tfjs' as const, tfParity: true },
      "TensorFlow's tool writes a GraphDef: the layout 'tfjs' and tfParity do not go together. Leave one out.",
    ],
  ])('is %s', async (_, options, message) => {
    const { graph, checkpoint, out } = smallModel();
    const error = await failure(() => freeze({ graph, checkpoint, outputs: 'y', out, ...options }));
    expect([error.code, error.message]).toEqual(['INVALID_ARGUMENT', message]);
  });
});
