// Inputs that are cut, outputs that are suggested, and the report of both, from end to end.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { suggest } from '../../src/index.js';
import { failure } from '../support/failure.js';
import { freeze } from '../support/freeze.js';
import { typesAttr } from '../support/functions.js';
import {
  float,
  floatNode,
  identity,
  int64Type,
  type NodeLiteral,
  refVariable,
  stringsAttr,
  typeAttr,
  viewGraphDef,
} from '../support/graph-def.js';
import { type SmallModel, smallModel } from '../support/model.js';

const training: readonly NodeLiteral[] = [
  {
    name: 'it',
    op: 'IteratorV2',
    attr: {
      output_types: typesAttr(float, int64Type),
      output_shapes: { list: { shape: [{}, {}] } },
      shared_name: { s: Buffer.from('') },
      container: { s: Buffer.from('') },
    },
  },
  {
    name: 'next',
    op: 'IteratorGetNext',
    input: ['it'],
    attr: {
      output_types: typesAttr(float, int64Type),
      output_shapes: { list: { shape: [{ dim: [{ size: -1 }, { size: 2 }] }, { dim: [{ size: -1 }] }] } },
    },
  },
  refVariable('w', float, 2),
  identity('w/read', 'w'),
  {
    ...floatNode('Mul', 'logits', 'next', 'w/read', '^next'),
    attr: { T: typeAttr(float), _class: stringsAttr('loc:@it') },
  },
  {
    name: 'xent',
    op: 'SparseSoftmaxCrossEntropyWithLogits',
    input: ['logits', 'next:1'],
    attr: { T: typeAttr(float), Tlabels: typeAttr(int64Type) },
  },
];

const model = (nodes = training): SmallModel => smallModel(nodes);
const filesOf = ({ graph, checkpoint, out }: SmallModel): { graph: string; checkpoint: string; out: string } => ({
  graph,
  checkpoint,
  out,
});

describe('a training graph', () => {
  it('is frozen without a word about inputs or outputs', async () => {
    const files = filesOf(model());
    const { outputs, changes } = await freeze({ ...files, inference: true });
    expect(outputs).toEqual(['logits']);
    expect(changes.map(({ rewrite, node }) => [rewrite, node])).toContainEqual(['inputs', 'next_0']);
    const { names, nodes } = viewGraphDef(readFileSync(files.out));
    expect(names).toEqual(['next_0', 'w', 'w/read', 'logits']);
    expect(nodes.get('logits')).toMatchObject({ input: ['next_0', 'w/read'] });
    expect(nodes.get('logits')?.attr).not.toHaveProperty('_class');
  });
  it('is frozen with outputs that speak for themselves, and inputs that were named', async () => {
    const files = filesOf(model());
    const inputs = [{ tensor: 'next', name: 'image', shape: [null, 2] }];
    expect((await freeze({ ...files, outputs: 'auto', inputs })).outputs).toEqual(['logits']);
    expect(viewGraphDef(readFileSync(files.out)).names).toEqual(['image', 'w', 'w/read', 'logits']);
  });
  it('has its outputs named where they are ambiguous, and where nobody asks for inference', async () => {
    const files = filesOf(model([...training, floatNode('Relu', 'a', 'logits'), floatNode('Tanh', 'b', 'logits')]));
    const error = await failure(() => freeze({ ...files, inference: true }));
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toMatch(/has no outputs that are unambiguous\..*\n {2}b {2}float32 .*\n {2}a {2}float32 /);
    expect((await failure(() => freeze(files))).message).toContain('Expected at least one node name for outputs');
  });
  it('whose output is called auto keeps that meaning', async () => {
    const files = filesOf(model([...training, floatNode('Relu', 'auto', 'w/read')]));
    expect((await freeze({ ...files, outputs: 'auto' })).outputs).toEqual(['auto']);
  });
});

it('suggestions are a report', async () => {
  const { graph } = model();
  const { inputs, outputs, ...rest } = await suggest({ graph });
  expect(rest).toEqual({ graph, graphKind: 'a binary GraphDef', auto: ['logits'] });
  expect(outputs.map(({ tensor }) => tensor)).toEqual(['logits']);
  expect(inputs.map(({ tensor, shape, use }) => [tensor, shape, use])).toEqual([
    ['next:0', [-1, 2], 'feed'],
    ['next:1', [-1], 'unused'],
  ]);
  expect((await failure(() => suggest({ graph: 'nowhere.pb' }))).code).toBe('FILE_NOT_FOUND');
});
