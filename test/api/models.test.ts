// Whole models, each with one thing that a freeze must get right.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { float32, hex } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { freeze } from '../support/freeze.js';
import {
  boolType,
  encode,
  float,
  graphDef,
  handleVariable,
  identity,
  type NodeLiteral,
  readVariable,
  refVariable,
  stringsAttr,
  stringTensor,
  stringType,
  typeAttr,
  viewGraphDef,
} from '../support/graph-def.js';
import { type SmallModel, smallModel, smallNodes } from '../support/model.js';
import { maskedCrc32c, type TensorToWrite } from '../support/write-bundle.mjs';

/** The frozen bytes in hexadecimal. */
async function frozen({ graph, checkpoint, out }: SmallModel): Promise<string> {
  await freeze({ graph, checkpoint, outputs: 'y', out });
  return readFileSync(out, 'hex');
}

function oneVariable(tensor: TensorToWrite): SmallModel {
  const nodes = [refVariable('v', tensor.dtype, ...tensor.shape), identity('y', 'v', tensor.dtype)];
  return smallModel(nodes, [{ ...tensor, key: 'v' }]);
}

describe('a variable', () => {
  it('of strings holds each of them', async () => {
    const lengths = hex('02000000 00000000');
    const crc = Buffer.alloc(4);
    crc.writeUInt32LE(maskedCrc32c(lengths));
    const crc32c = maskedCrc32c(Buffer.concat([lengths, crc, Buffer.from('ab')]));
    const bytes = Buffer.concat([hex('0200'), crc, Buffer.from('ab')]);
    const model = oneVariable({ key: 'v', dtype: stringType, shape: [2], bytes, crc32c });
    // TensorProto { dtype: DT_STRING, tensor_shape: [2], string_val: ["ab", ""] }
    expect(await frozen(model)).toContain('420e 0807 1204 12020802 4202 6162 4200'.replaceAll(' ', ''));
  });
  it('of bools holds 0 and 1', async () => {
    const model = oneVariable({ key: 'v', dtype: boolType, shape: [3], bytes: hex('010001') });
    expect(await frozen(model)).toContain('420d 080a 1204 12020803 5a03 010001'.replaceAll(' ', ''));
  });
  it('of uint16 holds varints', async () => {
    const model = oneVariable({ key: 'v', dtype: 17, shape: [2], bytes: hex('0100 ffff') });
    expect(await frozen(model)).toContain('420e 0811 1204 12020802 3a04 01 ffff03'.replaceAll(' ', ''));
  });
  it('of one NaN keeps its bits', async () => {
    const model = oneVariable({ key: 'v', dtype: float, shape: [], bytes: hex('0100a07f') });
    expect(await frozen(model)).toContain('420a 0801 1200 2a04 0100a07f'.replaceAll(' ', ''));
  });
});

it('a handle that is read through a switch and a merge is frozen on both ways', async () => {
  const { graph, checkpoint, out } = smallModel([
    handleVariable('w', float, 2),
    { name: 'p', op: 'Placeholder', attr: { dtype: { type: boolType } } },
    { name: 's', op: 'Switch', input: ['w', 'p'], attr: { T: { type: 20 } } },
    { name: 'm', op: 'Merge', input: ['s', 's:1'], attr: { T: { type: 20 }, N: { i: 2 } } },
    readVariable('y', 'm'),
  ]);
  await freeze({ graph, checkpoint, outputs: 'y', out });
  const { nodes } = viewGraphDef(readFileSync(out));
  expect([...nodes.values()].map(({ op }) => op)).toEqual(['Const', 'Placeholder', 'Switch', 'Merge', 'Identity']);
  expect(['s', 'm', 'y'].map((name) => nodes.get(name)?.attr.T)).toEqual(Array(3).fill({ type: float }));
});

it('a colocation with a variable that was never saved does not ask for its value', async () => {
  const attr = { T: { type: float }, _class: stringsAttr('loc:@unsaved') };
  const model = smallModel([
    ...smallNodes.slice(0, -1),
    refVariable('unsaved', float, 2),
    { name: 'y', op: 'Mul', input: ['x', 'w/read'], attr },
  ]);
  await frozen(model);
  const { names, nodes } = viewGraphDef(readFileSync(model.out));
  expect(names).toEqual(['x', 'w', 'w/read', 'y']);
  expect(nodes.get('y')?.attr).not.toHaveProperty('_class');
});

it('a text graph gives the bytes of the binary one', async () => {
  const model = smallModel();
  const binary = await frozen(model);
  const t = 'attr { key: "T" value { type: DT_FLOAT } }';
  const dtype = 'attr { key: "dtype" value { type: DT_FLOAT } }';
  writeFileSync(
    model.graph,
    `node { name: "x" op: "Placeholder" ${dtype} }
     node { name: "w" op: "VariableV2" attr { key: "shape" value { shape { dim { size: 2 } } } } ${dtype} }
     node { name: "w/read" op: "Identity" input: "w" ${t} }
     node { name: "y" op: "Mul" input: "x" input: "w/read" ${t} }`,
  );
  expect(await frozen(model)).toBe(binary);
});

describe('a saver', () => {
  const average = 'w/ExponentialMovingAverage';
  const saver = (scope: string, key: string): NodeLiteral[] => [
    { name: `${scope}/names`, op: 'Const', attr: { value: stringTensor(key) } },
    { name: `${scope}/restore`, op: 'RestoreV2', input: [`${scope}/names`, `${scope}/names`] },
    { name: `${scope}/set`, op: 'Assign', input: ['w', `${scope}/restore`] },
    { name: `${scope}/all`, op: 'NoOp', input: [`^${scope}/set`] },
  ];
  const nodes = [...smallNodes, ...saver('plain', 'w'), ...saver('averages', average)];
  const tensors = ['w', average].map((key) => ({ key, dtype: float, shape: [2], bytes: float32(1, key.length) }));
  const saverDef = (scope: string): object => ({
    filename_tensor_name: 'f:0',
    save_tensor_name: 's:0',
    restore_op_name: `${scope}/all`,
  });

  async function keyOf(model: SmallModel, more: { saver?: string } = {}): Promise<string | undefined> {
    const { graph, checkpoint } = model;
    return (await freeze({ graph, checkpoint, outputs: 'y', dryRun: true, ...more })).variables[0]?.key;
  }

  it('of a MetaGraphDef says which key a variable has', async () => {
    const model = smallModel(nodes, tensors);
    writeFileSync(model.graph, encode('MetaGraphDef', { graph_def: { node: nodes }, saver_def: saverDef('averages') }));
    expect(await keyOf(model)).toBe(average);
  });
  it('of a GraphDef is not known, so names decide', async () => {
    expect(await keyOf(smallModel(nodes, tensors))).toBe('w');
  });
  it('that is passed goes before that of the MetaGraphDef', async () => {
    const model = smallModel(nodes, tensors);
    writeFileSync(model.graph, encode('MetaGraphDef', { graph_def: { node: nodes }, saver_def: saverDef('plain') }));
    const saverFile = join(model.folder, 'saver.pb');
    writeFileSync(saverFile, encode('SaverDef', saverDef('averages')));
    expect([await keyOf(model), await keyOf(model, { saver: saverFile })]).toEqual(['w', average]);
  });
});

describe('initialisers', () => {
  const nodes = [
    ...smallNodes,
    { name: 'init', op: 'NoOp', input: ['^set'] },
    { name: 'set', op: 'Assign', input: ['w', 'x'] },
  ];

  it('that assign variables are refused', async () => {
    const { graph, checkpoint } = smallModel(nodes);
    const error = await failure(() => freeze({ graph, checkpoint, outputs: 'y', initializers: 'init', dryRun: true }));
    expect(error.code).toBe('UNSUPPORTED');
  });
  it('that do not are no obstacle', async () => {
    const { graph, checkpoint } = smallModel([...nodes, { name: 'tables', op: 'NoOp' }]);
    const options = { graph, checkpoint, outputs: 'y', initializers: ['tables'], dryRun: true };
    await expect(freeze(options)).resolves.toMatchObject({ nodesAfter: 4 });
  });
});

it('an update that the outputs need, and that no op gives, is refused', async () => {
  const set = { name: 'set', op: 'ScatterAdd', input: ['w', 'x', 'x'] };
  const model = smallModel([...smallNodes.slice(0, -1), set, identity('y', 'set')]);
  const error = await failure(() => frozen(model));
  expect(error.code).toBe('VARIABLE_NOT_FREEZABLE');
  expect(error.message).toMatch(/node 'y' \(Identity\) takes it after 'set' \(ScatterAdd\)/);
});

it('an addition that the outputs need is reported, and its variable too', async () => {
  const set = { name: 'set', op: 'AssignAdd', input: ['w', 'x'], attr: { T: typeAttr(float) } };
  const { graph, checkpoint, out } = smallModel([...smallNodes.slice(0, -1), set, identity('y', 'set')]);
  const report = await freeze({ graph, checkpoint, outputs: 'y', out });
  expect([report.droppedWrites, report.variables.map(({ name }) => name)]).toEqual([['set'], ['w']]);
});

it('a variable that is only written to need not be in the checkpoint', async () => {
  const step = { name: 'step', op: 'AssignAdd', input: ['steps', 'x'] };
  const read = { ...identity('z', 'y'), input: ['y', '^step'] };
  const { graph, checkpoint, out } = smallModel([...smallNodes, refVariable('steps', float, 2), step, read]);
  const report = await freeze({ graph, checkpoint, outputs: 'z', out });
  expect([report.droppedWrites, report.variables.map(({ name }) => name)]).toEqual([['step'], ['w']]);
});

it('an assignment that the outputs do not need is no obstacle', async () => {
  const model = smallModel([...smallNodes, { name: 'set', op: 'Assign', input: ['w', 'x'] }]);
  writeFileSync(model.graph, graphDef([...smallNodes, { name: 'set', op: 'Assign', input: ['w', 'x'] }]));
  expect(await frozen(model)).toBe(await frozen(smallModel()));
});

describe('a table that was saved with the variables', () => {
  const ofTable: NodeLiteral[] = [
    ...smallNodes,
    { name: 'table', op: 'MutableHashTableV2' },
    { name: 'z', op: 'LookupTableFindV2', input: ['table', 'y', 'y'] },
    { name: 'file', op: 'Placeholder' },
    { name: 'names', op: 'Const', attr: { value: stringTensor('table-keys', 'table-values') } },
    { name: 'slices', op: 'Const', attr: { value: stringTensor('', '') } },
    { name: 'restore', op: 'RestoreV2', input: ['file', 'names', 'slices'] },
    { name: 'import', op: 'LookupTableImportV2', input: ['table', 'restore', 'restore:1'] },
  ];
  const tensors = ['table-keys', 'table-values', 'w'].map((key, index) => ({
    key,
    dtype: float,
    shape: [2],
    bytes: float32(index, 2),
  }));

  it('is filled with constants of the checkpoint', async () => {
    const { graph, checkpoint, out } = smallModel(ofTable, tensors);
    const report = await freeze({ graph, checkpoint, outputs: 'z', out });
    expect(report.tableInitializers).toEqual(['import']);
    const { nodes, names } = viewGraphDef(readFileSync(out));
    expect(nodes.get('import')?.input).toEqual(['table', 'import/keys', 'import/values']);
    expect(names.filter((name) => ['file', 'restore', 'names'].includes(name))).toEqual([]);
    expect(nodes.get('import/values')?.attr.value).toMatchObject({ tensor: { tensor_content: float32(1, 2) } });
  });
  it('is left empty as TensorFlow leaves it, where its bytes are asked for', async () => {
    const { graph, checkpoint, out } = smallModel(ofTable, tensors);
    const report = await freeze({ graph, checkpoint, outputs: 'z', out, tfParity: true });
    expect([report.tableInitializers, viewGraphDef(readFileSync(out)).nodes.has('import')]).toEqual([[], false]);
  });
});
