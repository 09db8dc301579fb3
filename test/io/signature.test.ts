import { describe, expect, it } from 'vitest';
import { decodeMetaGraph, type MetaGraph } from '../../src/io/meta-graph.js';
import { failure } from '../support/failure.js';
import { encode, float, int64Type, stringType } from '../support/graph-def.js';
import { metaGraph, tensorInfo } from '../support/saved-model.js';
import { message } from '../support/write-bundle.mjs';

const decoded = (more: object): MetaGraph => decodeMetaGraph(encode('MetaGraphDef', metaGraph(more)), 'test');

const sparse = {
  coo_sparse: {
    values_tensor_name: 'ids/values:0',
    indices_tensor_name: 'ids/indices:0',
    dense_shape_tensor_name: 'ids/shape:0',
  },
  dtype: int64Type,
  tensor_shape: { dim: [{ size: -1 }, { size: 7 }] },
};

describe('a signature', () => {
  it('names tensors, their types and their shapes, in the order of the names', () => {
    const inputs = { b: tensorInfo('b_1:0', stringType), a: tensorInfo('a:1', float, -1, 3) };
    expect(decoded({ signature_def: { s: { inputs } } }).signatures).toMatchObject([
      {
        name: 's',
        inputs: [
          { name: 'a', part: '', tensor: 'a:1', dtype: 'float32', shape: [-1, 3] },
          { name: 'b', part: '', tensor: 'b_1:0', dtype: 'string', shape: [] },
        ],
        outputs: [],
      },
    ]);
  });
  it('of an open rank has no shape', () => {
    const inputs = { a: { name: 'a:0', dtype: float, tensor_shape: { unknown_rank: true } } };
    expect(decoded({ signature_def: { s: { inputs } } }).signatures[0]?.inputs[0]?.shape).toBeUndefined();
  });
  it('of a sparse tensor names the three that it is made of', () => {
    expect(decoded({ signature_def: { s: { inputs: { ids: sparse } } } }).signatures[0]?.inputs).toEqual([
      { name: 'ids', part: 'values', tensor: 'ids/values:0', dtype: 'int64', shape: [-1] },
      { name: 'ids', part: 'indices', tensor: 'ids/indices:0', dtype: 'int64', shape: [-1, 2] },
      { name: 'ids', part: 'dense_shape', tensor: 'ids/shape:0', dtype: 'int64', shape: [2] },
    ]);
  });
  it('of a composite tensor names its components', () => {
    const composite = { composite_tensor: { components: [tensorInfo('r/values:0', float, -1), sparse] } };
    const parts = decoded({ signature_def: { s: { outputs: { r: composite } } } }).signatures[0]?.outputs ?? [];
    expect(parts.map(({ part, tensor }) => [part, tensor])).toEqual([
      ['0', 'r/values:0'],
      ['1.values', 'ids/values:0'],
      ['1.indices', 'ids/indices:0'],
      ['1.dense_shape', 'ids/shape:0'],
    ]);
  });
});

describe('the op that a loader runs once', () => {
  it('is no signature', () => {
    const signatures = { __saved_model_init_op: {}, __saved_model_train_op: {}, s: {} };
    expect(decoded({ signature_def: signatures }).signatures.map(({ name }) => name)).toEqual(['s']);
  });
  // The order of get_init_op in TensorFlow 2.21's loader_impl.py.
  it('is that of the signature, of the collection for it, or of its older one', () => {
    const collection = (name: string): object => ({ [name]: { node_list: { value: [`${name}:0`] } } });
    const older = collection('legacy_init_op');
    const newer = { ...older, ...collection('saved_model_main_op') };
    const signature_def = { __saved_model_init_op: { outputs: { __saved_model_init_op: { name: 'NoOp' } } } };
    expect(decoded({ signature_def, collection_def: newer }).initOp).toBe('NoOp');
    expect(decoded({ collection_def: newer }).initOp).toBe('saved_model_main_op');
    expect(decoded({ collection_def: older }).initOp).toBe('legacy_init_op');
    expect(decoded({ collection_def: collection('table_initializer') }).initOp).toBeUndefined();
  });
});

describe('assets are found', () => {
  const asset = { tensor_info: { name: 'vocabulary:0' }, filename: 'vocabulary.txt' };
  const found = [{ tensor: 'vocabulary:0', file: 'vocabulary.txt' }];

  it('in their own field', () => expect(decoded({ asset_file_def: [asset] }).assets).toEqual(found));
  it('in the collection of TensorFlow 1', () => {
    const value = { type_url: 'type.googleapis.com/tensorflow.AssetFileDef', value: encode('AssetFileDef', asset) };
    expect(decoded({ collection_def: { saved_model_assets: { any_list: { value: [value] } } } }).assets).toEqual(found);
  });
});

describe('a signature that lies', () => {
  /** A TensorInfo in `levels` others, each a component of the next. */
  function nested(levels: number): Buffer {
    let info = Buffer.alloc(0);
    for (let level = 0; level < levels; level++) info = Buffer.from(message(5, message(2, info)));
    return info;
  }
  const withInput = (info: Uint8Array): Buffer => {
    const input = message(1, Buffer.concat([message(1, Buffer.from('x')), message(2, info)]));
    return Buffer.from(message(5, Buffer.concat([message(1, Buffer.from('s')), message(2, input)])));
  };

  it('of composites without an end is refused', async () => {
    const { code } = await failure(() => decodeMetaGraph(withInput(nested(20_000)), 'test'));
    expect(code).toBe('GRAPH_MALFORMED');
  });
  it('of a few is read', () => {
    expect(decodeMetaGraph(withInput(nested(3)), 'test').signatures[0]?.inputs[0]?.part).toBe('0.0.0');
  });
  it('that is cut off is refused', async () => {
    const { code, message: text } = await failure(() => decodeMetaGraph(withInput(Buffer.from('0aff', 'hex')), 'test'));
    expect([code, text]).toEqual(['GRAPH_MALFORMED', expect.stringMatching(/^The MetaGraphDef of test cannot be/)]);
  });
});
