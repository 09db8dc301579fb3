/**
 * The cases of TensorFlow's own convert_to_constants_test.py that load a SavedModel first, in our words; the title of each
 * names the original.
 */
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { float32 } from '../support/bytes.js';
import { temporaryFolder } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import { call, type FunctionLiteral, libraryOf } from '../support/functions.js';
import {
  float,
  floatNode,
  handleVariable,
  identity,
  type NodeLiteral,
  placeholder,
  readVariable,
  refVariable,
  resource,
  typeAttr,
} from '../support/graph-def.js';
import { metaGraph, savedModel, savedModelBytes, tensorInfo } from '../support/saved-model.js';
import { linesOf } from './model.js';

const mul = (name: string, ...input: string[]): NodeLiteral => floatNode('Mul', name, ...input);
const constant = (name: string, value: number): NodeLiteral => ({
  name,
  op: 'Const',
  attr: { dtype: typeAttr(float), value: { tensor: { dtype: float, tensor_shape: {}, float_val: [value] } } },
});

interface Saved {
  readonly nodes: readonly NodeLiteral[];
  readonly functions?: Readonly<Record<string, FunctionLiteral>>;
  readonly values: Readonly<Record<string, number>>;
  readonly collections?: Readonly<Record<string, object>>;
}

/** The frozen graph of a SavedModel whose signature goes from `x` to `y`, without functions. */
async function flat({ nodes, functions = {}, values, collections = {} }: Saved): Promise<string[]> {
  const signature = { inputs: { x: tensorInfo('x:0') }, outputs: { y: tensorInfo('y:0') } };
  const content = metaGraph({
    graph_def: { node: nodes, library: libraryOf(functions) },
    signature_def: { serving_default: signature },
    collection_def: collections,
  });
  const tensors = Object.entries(values).map(([key, value]) => ({
    key,
    dtype: float,
    shape: [],
    bytes: float32(value),
  }));
  const out = join(temporaryFolder(), 'frozen.pb');
  await freeze({ graph: savedModel(savedModelBytes(content), { tensors }), inline: true, out });
  return linesOf(out);
}

it('without variables (testConstSavedModel)', async () => {
  const doubling: FunctionLiteral = {
    inputs: { x: float },
    outputs: { y: float },
    nodes: [constant('two', 2), mul('mul', 'two:output:0', 'x')],
    returns: { y: 'mul:z:0' },
  };
  const nodes = [placeholder('x'), call('y', ['x'], '__inference_f_7', [float])];
  expect(await flat({ nodes, functions: { __inference_f_7: doubling }, values: {} })).toEqual([
    'x = Placeholder()',
    'y/two = 2',
    'y/mul = Mul(y/two, x)',
    'y = Identity(y/mul)',
  ]);
});

it('with variables that a function in a function reads (testVariableSavedModel)', async () => {
  const product: FunctionLiteral = {
    inputs: { x: float, v1: resource, v2: resource },
    outputs: { y: float },
    nodes: [
      readVariable('read', 'v1'),
      readVariable('read_1', 'v2'),
      mul('mul', 'read:value:0', 'read_1:value:0'),
      mul('mul_1', 'mul:z:0', 'x'),
    ],
    returns: { y: 'mul_1:z:0' },
  };
  const types = [float, resource, resource];
  const wrapper: FunctionLiteral = {
    ...product,
    nodes: [{ ...call('call', ['x', 'v1', 'v2'], '__inference_f_7', types), op: 'StatefulPartitionedCall' }],
    returns: { y: 'call:output:0' },
  };
  const nodes = [
    handleVariable('v1', float),
    handleVariable('v2', float),
    placeholder('x'),
    { ...call('y', ['x', 'v1', 'v2'], '__inference_signature_wrapper_9', types), op: 'StatefulPartitionedCall' },
  ];
  const functions = { __inference_f_7: product, __inference_signature_wrapper_9: wrapper };
  expect(await flat({ nodes, functions, values: { v1: 3, v2: 2 } })).toEqual([
    'v1 = 3',
    'v2 = 2',
    'x = Placeholder()',
    'y/call/read = Identity(v1)',
    'y/call/read_1 = Identity(v2)',
    'y/call/mul = Mul(y/call/read, y/call/read_1)',
    'y/call/mul_1 = Mul(y/call/mul, x)',
    'y/call = Identity(y/call/mul_1)',
    'y = Identity(y/call)',
  ]);
});

// TensorFlow 2.21's freeze_graph writes these nodes for the original's SavedModel, with these values.
it('of TensorFlow 1, with a variable that only its op for the loader sets (testRefVariableImport)', async () => {
  const nodes = [
    placeholder('x'),
    refVariable('distractor', float),
    refVariable('v', float),
    identity('v/read', 'v'),
    constant('local/initial_value', 1),
    handleVariable('local', float),
    {
      name: 'local/Assign',
      op: 'AssignVariableOp',
      input: ['local', 'local/initial_value'],
      attr: { dtype: typeAttr(float) },
    },
    mul('mul', 'x', 'v/read'),
    readVariable('mul_1/ReadVariableOp', 'local'),
    mul('mul_1', 'mul', 'mul_1/ReadVariableOp'),
    identity('y', 'mul_1'),
  ];
  const collections = { legacy_init_op: { node_list: { value: ['local/Assign'] } } };
  expect(await flat({ nodes, values: { distractor: -1, v: 3 }, collections })).toEqual([
    'x = Placeholder()',
    'v = 3',
    'v/read = Identity(v)',
    'local = 1',
    'mul = Mul(x, v/read)',
    'mul_1/ReadVariableOp = Identity(local)',
    'mul_1 = Mul(mul, mul_1/ReadVariableOp)',
    'y = Identity(mul_1)',
  ]);
});
