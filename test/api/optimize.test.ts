import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { float32 } from '../support/bytes.js';
import { freeze } from '../support/freeze.js';
import {
  float,
  floatNode,
  identity,
  type NodeLiteral,
  placeholder,
  refVariable,
  typeAttr,
  viewGraphDef,
} from '../support/graph-def.js';
import { type SmallModel, smallModel } from '../support/model.js';
import { metaGraph, savedModel, savedModelBytes, tensorInfo } from '../support/saved-model.js';

/** DataType number. */
const float16 = 19;

/** A product of `w` whose columns are doubled and halved. */
const nodes: readonly NodeLiteral[] = [
  placeholder('x'),
  refVariable('w', float, 2, 2),
  refVariable('scale', float, 2),
  refVariable('shift', float, 2),
  identity('w/read', 'w'),
  floatNode('MatMul', 'product', 'x', 'w/read'),
  floatNode('Mul', 'scaled', 'product', 'scale'),
  floatNode('AddV2', 'y', 'scaled', 'shift'),
];

function model(all: readonly NodeLiteral[] = nodes): SmallModel {
  return smallModel(all, [
    { key: 'scale', dtype: float, shape: [2], bytes: float32(2, 0.5) },
    { key: 'shift', dtype: float, shape: [2], bytes: float32(7, 8) },
    { key: 'w', dtype: float, shape: [2, 2], bytes: float32(1, 2, 3, 65_504) },
  ]);
}

function content(out: string, name: string): Buffer {
  const { value } = viewGraphDef(readFileSync(out)).nodes.get(name)?.attr ?? {};
  return (value as { tensor: { tensor_content: Buffer } }).tensor.tensor_content;
}

it('scales weights while they are written, and says what went before and after', async () => {
  const { graph, checkpoint, out } = model();
  const report = await freeze({ graph, checkpoint, out, outputs: 'y', optimize: true });
  const { names } = viewGraphDef(readFileSync(out));
  expect(names).toEqual(['x', 'w', 'product', 'y/bias', 'y']);
  expect(content(out, 'w')).toEqual(float32(2, 1, 6, 32_752));
  expect(content(out, 'y/bias')).toEqual(float32(7, 8));
  const folding = report.optimizations.find(({ name }) => name === 'batch-norm');
  expect(folding?.changes).toEqual([{ node: 'y', text: "Mul, AddV2 folded into 'w', the weight of MatMul 'product'" }]);
  expect(folding?.counts).toEqual([
    { op: 'AddV2', before: 1, after: 0 },
    { op: 'BiasAdd', before: 0, after: 1 },
    { op: 'Const', before: 3, after: 2 },
    { op: 'Mul', before: 1, after: 0 },
  ]);
});

it('stores what was scaled in other types, and leaves out what is gone', async () => {
  const { graph, checkpoint, out } = model();
  const weights = ['*=float16'] as const;
  const report = await freeze({ graph, checkpoint, out, outputs: 'y', optimize: true, weights });
  expect(content(out, 'w/float16').toString('hex')).toBe('0040003c0046ff77');
  expect(report.variables.map(({ name, storedAs }) => [name, storedAs])).toEqual([
    ['w', 'float16'],
    ['scale', 'float32'],
    ['shift', 'float32'],
  ]);
});

/** Columns times 7 and 8: no float16 is 65504 * 8. */
const enlarged = nodes.map((node) =>
  node.name === 'scaled'
    ? { ...node, input: ['product', 'shift'] }
    : node.name === 'y'
      ? { ...node, input: ['scaled', 'scale'] }
      : node,
);

it('does not scale beyond the type that is stored', async () => {
  const { graph, checkpoint, out } = model(enlarged);
  const weights = ['w=float16'] as const;
  const { optimizations } = await freeze({ graph, checkpoint, out, outputs: 'y', optimize: true, weights });
  expect(optimizations.flatMap(({ left }) => left)).toEqual([
    {
      node: 'y',
      text: "is not folded: 'w', the weight of MatMul 'product', has up to 65504, and 8 times that is too large for float16",
    },
  ]);
  // 1, 2, 3 and 65504.
  expect(content(out, 'w/float16').toString('hex')).toBe('003c00400042ff7b');
  await freeze({ graph, checkpoint, out, outputs: 'y', optimize: true });
  expect(content(out, 'w')).toEqual(float32(7, 16, 21, 524_032));
});

it('does not scale halves of the checkpoint beyond what they can be', async () => {
  const typed = (node: NodeLiteral): NodeLiteral =>
    node.op === 'Placeholder' || node.op === 'VariableV2'
      ? { ...node, attr: { ...node.attr, dtype: typeAttr(float16) } }
      : { ...node, attr: { ...node.attr, T: typeAttr(float16) } };
  // 1, 2, 3 and 65504; 7 and 8, or 1 and 1.
  const halves = (shift: string): SmallModel =>
    smallModel(enlarged.map(typed), [
      { key: 'scale', dtype: float16, shape: [2], bytes: Buffer.from('003c003c', 'hex') },
      { key: 'shift', dtype: float16, shape: [2], bytes: Buffer.from(shift, 'hex') },
      { key: 'w', dtype: float16, shape: [2, 2], bytes: Buffer.from('003c00400042ff7b', 'hex') },
    ]);
  // 7 times 3 is 21.
  for (const [shift, left, product] of [
    ['00470048', 1, '003c00400042ff7b'],
    ['0047003c', 0, '00470040404dff7b'],
  ] as const) {
    const { graph, checkpoint, out } = halves(shift);
    const { optimizations } = await freeze({ graph, checkpoint, out, outputs: 'y', optimize: true });
    expect(optimizations.flatMap((each) => each.left)).toHaveLength(left);
    expect(content(out, 'w').toString('hex')).toBe(product);
  }
});

it('scales copies of a tensor of the checkpoint, each by its own factors', async () => {
  const plain = [floatNode('MatMul', 'plain', 'x', 'w/read'), floatNode('MatMul', 'other', 'x', 'w/read')];
  const { graph, checkpoint, out } = model([...nodes, ...plain, floatNode('Mul', 'z', 'other', 'shift')]);
  const outputs = ['y', 'z', 'plain'];
  await freeze({ graph, checkpoint, out, outputs, optimize: true });
  expect(content(out, 'w')).toEqual(float32(1, 2, 3, 65_504));
  expect(content(out, 'product/weight')).toEqual(float32(2, 1, 6, 32_752));
  expect(content(out, 'other/weight')).toEqual(float32(7, 16, 21, 524_032));
});

it('takes a graph without variables', async () => {
  const { graph, checkpoint, out } = model();
  await freeze({ graph, checkpoint, out, outputs: 'y' });
  writeFileSync(graph, readFileSync(out));
  await freeze({ graph, out, outputs: 'y', optimize: true });
  expect(content(out, 'w')).toEqual(float32(2, 1, 6, 32_752));
});

it('does not optimise what is to be as TensorFlow writes it', async () => {
  const { graph, checkpoint, out } = model();
  const both = freeze({ graph, checkpoint, out, outputs: 'y', optimize: true, tfParity: true });
  await expect(both).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
});

it('leaves a graph as it is that nobody wants optimised', async () => {
  const { graph, checkpoint, out } = model();
  const { optimizations } = await freeze({ graph, checkpoint, out, outputs: 'y' });
  expect(optimizations).toEqual([]);
  expect(viewGraphDef(readFileSync(out)).names).toContain('scaled');
});

it('keeps a normalisation whose statistics a signature names', async () => {
  const four = ['scale', 'offset', 'mean', 'variance'];
  const norm = floatNode('FusedBatchNormV3', 'norm', 'conv', ...four);
  const graph = [
    placeholder('x'),
    ...['w', ...four].map((name) => refVariable(name, float, ...(name === 'w' ? [1, 1, 1, 2] : [2]))),
    floatNode('Conv2D', 'conv', 'x', 'w'),
    { ...norm, attr: { ...norm.attr, U: typeAttr(float), is_training: { b: false } } },
  ];
  const tensors = ['mean', 'offset', 'scale', 'variance', 'w'].map((key) => ({
    key,
    dtype: float,
    shape: key === 'w' ? [1, 1, 1, 2] : [2],
    bytes: float32(1, 2),
  }));
  const opFor = async (outputs: object): Promise<string | undefined> => {
    const signature = { inputs: { x: tensorInfo('x:0') }, outputs, method_name: 'tensorflow/serving/predict' };
    const more = { signature_def: { serving_default: signature } };
    const folder = savedModel(savedModelBytes(metaGraph(more, ['serve'], graph)), { tensors });
    const { content: frozen } = await freeze({ graph: folder, inMemory: true, optimize: true });
    return viewGraphDef(frozen as Uint8Array).nodes.get('norm')?.op;
  };
  expect(await opFor({ y: tensorInfo('norm:0') })).toBe('BiasAdd');
  expect(await opFor({ y: tensorInfo('norm:0'), mean: tensorInfo('norm:1') })).toBe('FusedBatchNormV3');
});
