/**
 * The cases of TensorFlow's own freeze_graph_test.py, in our words. A variable of 1, read and multiplied by 2, comes out
 * as four nodes whatever form it goes in by; the title of each case names the original.
 */
import { rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FreezeGraphOptions } from '../../src/index.js';
import { float32 } from '../support/bytes.js';
import { freezeGraph } from '../support/freeze.js';
import { encode, float, identity, placeholder, refVariable, typeAttr } from '../support/graph-def.js';
import { type SmallModel, smallModel } from '../support/model.js';
import { metaGraph, savedModel } from '../support/saved-model.js';
import { writeV1 } from '../support/write-v1.js';
import { linesOf } from './model.js';

/** TensorFlow's values of `dtype` and `value` for a float scalar of 2, as text. */
const two =
  'attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { } float_val: 2 } } }';

const textGraph = `
node { name: "variable_node" op: "VariableV2"
  attr { key: "dtype" value { type: DT_FLOAT } } attr { key: "shape" value { shape { } } }
  attr { key: "container" value { s: "" } } attr { key: "shared_name" value { s: "" } } }
node { name: "variable_node/read" op: "Identity" input: "variable_node" attr { key: "T" value { type: DT_FLOAT } } }
node { name: "output_node/y" op: "Const" ${two} }
node { name: "output_node" op: "Mul" input: "variable_node/read" input: "output_node/y"
  attr { key: "T" value { type: DT_FLOAT } } }
node { name: "init" op: "NoOp" }`;

const one = [{ key: 'variable_node', dtype: float, shape: [], bytes: float32(1) }];

const frozen = [
  'variable_node = 1',
  'variable_node/read = Identity(variable_node)',
  'output_node/y = 2',
  'output_node = Mul(variable_node/read, output_node/y)',
];

function textModel(): SmallModel {
  const model = smallModel([], one);
  writeFileSync(model.graph, textGraph);
  return model;
}

async function freezing({ out, checkpoint }: SmallModel, options: Partial<FreezeGraphOptions>): Promise<string[]> {
  await freezeGraph({
    input_checkpoint: checkpoint,
    output_node_names: 'output_node',
    restore_op_name: 'save/restore_all',
    filename_tensor_name: 'save/Const:0',
    output_graph: out,
    clear_devices: false,
    initializer_nodes: '',
    ...options,
  });
  return linesOf(out);
}

it('a graph as text and a checkpoint (testFreezeGraphV2)', async () => {
  const model = textModel();
  expect(await freezing(model, { input_graph: model.graph, input_binary: false, checkpoint_version: 2 })).toEqual(
    frozen,
  );
});

it('a graph as text and an old checkpoint (testFreezeGraphV1)', async () => {
  const model = textModel();
  for (const suffix of ['.index', '.data-00000-of-00001']) rmSync(model.checkpoint + suffix);
  writeV1(model.checkpoint, one);
  expect(await freezing(model, { input_graph: model.graph, input_binary: false, checkpoint_version: 1 })).toEqual(
    frozen,
  );
});

it('a MetaGraphDef (testFreezeMetaGraph)', async () => {
  const model = smallModel([], one);
  const constant = {
    dtype: typeAttr(float),
    value: { tensor: { dtype: float, tensor_shape: {}, float_val: [2] } },
  };
  const nodes = [
    refVariable('variable_node', float),
    identity('variable_node/read', 'variable_node'),
    { name: 'output_node/y', op: 'Const', attr: constant },
    { name: 'output_node', op: 'Mul', input: ['variable_node/read', 'output_node/y'], attr: { T: typeAttr(float) } },
  ];
  const meta = `${model.checkpoint}.meta`;
  writeFileSync(meta, encode('MetaGraphDef', metaGraph({}, [], nodes)));
  expect(await freezing(model, { input_graph: '', input_binary: true, input_meta_graph: meta })).toEqual(frozen);
});

describe('a SavedModel as text that parses examples', () => {
  const parse = 'ParseExample/ParseExampleV2';
  const strings = (name: string, ...values: string[]): string =>
    `node { name: "${parse}/${name}" op: "Const" attr { key: "dtype" value { type: DT_STRING } }
      attr { key: "value" value { tensor { dtype: DT_STRING tensor_shape { dim { size: ${values.length} } }
        ${values.map((value) => `string_val: "${value}"`).join(' ')} } } } }`;
  const list = (key: string, value = ''): string => `attr { key: "${key}" value { list { ${value} } } }`;
  const text = (tags: string): string => `
saved_model_schema_version: 1
meta_graphs { meta_info_def { ${tags} } graph_def {
  node { name: "input_node" op: "Placeholder" attr { key: "dtype" value { type: DT_STRING } }
    attr { key: "shape" value { shape { unknown_rank: true } } } }
  node { name: "ParseExample/Const" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } }
    attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape { dim { } } } } } }
  ${strings('names')} ${strings('sparse_keys')} ${strings('dense_keys', 'feature')} ${strings('ragged_keys')}
  node { name: "${parse}" op: "ParseExampleV2" input: "input_node" input: "${parse}/names" input: "${parse}/sparse_keys"
    input: "${parse}/dense_keys" input: "${parse}/ragged_keys" input: "ParseExample/Const"
    attr { key: "num_sparse" value { i: 0 } } ${list('Tdense', 'type: DT_FLOAT')} ${list('dense_shapes', 'shape { }')}
    ${list('sparse_types')} ${list('ragged_value_types')} ${list('ragged_split_types')} }
  ${textGraph.replaceAll(/\nnode \{ name: "output_node\/y".*\n/g, '\n').replace('input: "output_node/y"', `input: "${parse}"`)}
} }`;

  it.each([
    ['without tags', '', ''],
    ['with the usual tag', 'serve', 'tags: "serve"'],
  ])('%s (testFreezeSavedModel)', async (_, saved_model_tags, tags) => {
    const folder = savedModel(text(tags), { name: 'saved_model.pbtxt', tensors: one });
    const model = smallModel();
    const lines = await freezing(model, { input_checkpoint: '', input_saved_model_dir: folder, saved_model_tags });
    // The ten nodes that TensorFlow 2.21's freeze_graph writes for the original's SavedModel.
    expect(lines).toEqual([
      'input_node = Placeholder()',
      'ParseExample/Const = []',
      `${parse}/names = []`,
      `${parse}/sparse_keys = []`,
      `${parse}/dense_keys = [feature]`,
      `${parse}/ragged_keys = []`,
      `${parse} = ParseExampleV2(input_node, ${['names', 'sparse_keys', 'dense_keys', 'ragged_keys'].map((name) => `${parse}/${name}`).join(', ')}, ParseExample/Const)`,
      'variable_node = 1',
      'variable_node/read = Identity(variable_node)',
      `output_node = Mul(variable_node/read, ${parse})`,
    ]);
  });
});

// TensorFlow 2.21 raises ValueError, whichever node is the output: it knows partitioned variables by names like `part_0`,
// and freezes them from a MetaGraphDef or a SavedModel only.
it('a variable in one part freezes, where TensorFlow refuses (testSinglePartitionedVariable)', async () => {
  const nodes = [
    placeholder('input1'),
    placeholder('input2'),
    refVariable('part/filter/part_0', float, 2),
    identity('part/filter/part_0/read', 'part/filter/part_0'),
    identity('part/filter', 'part/filter/part_0/read'),
    { name: 'mul', op: 'Mul', input: ['input1', 'part/filter'], attr: { T: typeAttr(float) } },
    { name: 'add', op: 'AddV2', input: ['mul', 'input2'], attr: { T: typeAttr(float) } },
    { name: 'output_node', op: 'Relu6', input: ['add'], attr: { T: typeAttr(float) } },
  ];
  const model = smallModel(nodes, [{ key: 'part/filter', dtype: float, shape: [2], bytes: float32(1, 2) }]);
  expect(await freezing(model, { input_graph: model.graph, input_binary: true })).toEqual([
    'input1 = Placeholder()',
    'input2 = Placeholder()',
    'part/filter/part_0 = [1, 2]',
    'part/filter/part_0/read = Identity(part/filter/part_0)',
    'part/filter = Identity(part/filter/part_0/read)',
    'mul = Mul(input1, part/filter)',
    'add = AddV2(mul, input2)',
    'output_node = Relu6(add)',
  ]);
});
