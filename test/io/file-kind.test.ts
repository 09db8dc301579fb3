// Extensions are wrong on purpose: a file is what its content says.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type FileKind, fileKind, kindName } from '../../src/io/file-kind.js';
import { failure } from '../support/failure.js';
import { temporaryFolder } from '../support/folder.js';
import { encode, graphDef } from '../support/graph-def.js';
import { smallModel, smallNodes } from '../support/model.js';
import { table } from '../support/write-bundle.mjs';

async function kindOf(content: Uint8Array | string, name = 'model.tflite'): Promise<FileKind> {
  const path = join(temporaryFolder(), name);
  writeFileSync(path, content);
  return fileKind(path);
}

const saver = { filename_tensor_name: 'save/Const:0', save_tensor_name: 'save/control:0', restore_op_name: 'save/all' };
const metaGraph = {
  meta_info_def: { tensorflow_version: '2.21.0' },
  graph_def: { node: smallNodes },
  saver_def: saver,
};
/** SavedModel { saved_model_schema_version: 1, meta_graphs: [metaGraph] } */
function savedModel(): Buffer {
  const meta = encode('MetaGraphDef', metaGraph);
  return Buffer.concat([Buffer.from([8, 1, 0x12, (meta.length & 0x7f) | 0x80, meta.length >> 7]), meta]);
}
/** ModelProto { ir_version: 8, producer_name: "pytorch" } */
const onnx = Buffer.concat([Buffer.from([8, 8, 0x12, 7]), Buffer.from('pytorch')]);
/** A V1 checkpoint is a table whose first value is SavedTensorSlices { meta { … } }. */
const v1Table = table([{ key: Buffer.alloc(0), value: Buffer.from([0x0a, 0x02, 0x12, 0x00]) }]);
const bigV1Table = table([
  { key: Buffer.alloc(0), value: Buffer.concat([Buffer.from([0x0a, 0xc8, 0x01]), Buffer.alloc(200, 0)]) },
]);
const v2Table = table([{ key: Buffer.alloc(0), value: Buffer.from('08011a020801', 'hex') }]);

const contents: readonly [kind: FileKind, what: string, content: Uint8Array | string][] = [
  ['graph', 'a binary GraphDef', graphDef(smallNodes)],
  [
    'graph',
    'a GraphDef with its versions first',
    Buffer.concat([Buffer.from('22020805', 'hex'), graphDef(smallNodes)]),
  ],
  ['graph-text', 'a text GraphDef', 'node {\n  name: "x"\n  op: "NoOp"\n}\n'],
  ['graph-text', 'a text GraphDef with a comment first', '# written by hand\n\nnode { name: "x" op: "NoOp" }'],
  ['graph-text', 'a text GraphDef with its versions first', 'versions {\n  producer: 1\n}\n'],
  ['meta-graph', 'a binary MetaGraphDef', encode('MetaGraphDef', metaGraph)],
  ['meta-graph-text', 'a text MetaGraphDef', 'meta_info_def {\n  tensorflow_version: "2.21.0"\n}\n'],
  ['saver', 'a binary SaverDef', encode('SaverDef', saver)],
  ['saver-text', 'a text SaverDef', 'filename_tensor_name: "save/Const:0"\nrestore_op_name: "save/all"\n'],
  ['saved-model', 'a SavedModel', savedModel()],
  ['saved-model-text', 'a text SavedModel', 'saved_model_schema_version: 1\nmeta_graphs {\n}\n'],
  ['checkpoint-state', 'a checkpoint state', 'model_checkpoint_path: "model.ckpt-1"\n'],
  ['checkpoint-index', 'the index of a checkpoint', v2Table],
  ['checkpoint-v1', 'a V1 checkpoint', v1Table],
  ['checkpoint-v1', 'a V1 checkpoint with a long first record', bigV1Table],
  [
    'tflite',
    'a TensorFlow Lite model',
    Buffer.concat([Buffer.from([28, 0, 0, 0]), Buffer.from('TFL3'), Buffer.alloc(64)]),
  ],
  ['onnx', 'an ONNX model', onnx],
  ['hdf5', 'an HDF5 file', Buffer.from('\x89HDF\r\n\x1a\n\0\0\0', 'latin1')],
  ['zip', 'a ZIP archive', Buffer.from('PK\x03\x04\x14\0', 'latin1')],
  ['gzip', 'a gzip archive', Buffer.from([0x1f, 0x8b, 8, 0])],
  ['git-lfs-pointer', 'a Git LFS pointer', 'version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 12\n'],
  ['json', 'a JSON object', '{"format": "graph-model"}'],
  ['json', 'a JSON array', '[{"name": "x"}]'],
  ['text', 'a text file', 'Dear reader, this is no model.\n'],
  ['empty', 'an empty file', ''],
  ['unknown', 'random bytes', Buffer.from('ff00c3d2e1f0a5b4c3d2e1f00f1e2d3c', 'hex')],
];

describe('by its content', () => {
  for (const [kind, what, content] of contents) {
    it(`${what} is ${kind}`, async () => expect(await kindOf(content)).toBe(kind));
  }
  it('a graph stays a graph under the name of a shard', async () => {
    expect(await kindOf(graphDef(smallNodes), 'model.ckpt.data-00000-of-00001')).toBe('graph');
  });
  it('text that is cut within a character by the head that is read is text', async () => {
    expect(await kindOf(`# ${'\u00e9'.repeat(40_000)}\nnode {}`)).not.toBe('unknown');
    expect(await kindOf(`#${'\u00e9'.repeat(40_000)}\nnode {}`)).not.toBe('unknown');
  });
});

describe('by its name', () => {
  it('only a shard is told, for its bytes say nothing', async () => {
    const { checkpoint } = smallModel();
    expect(await fileKind(`${checkpoint}.data-00000-of-00001`)).toBe('checkpoint-shard');
  });
});

describe('folders', () => {
  it('with saved_model.pb are SavedModels', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'saved_model.pb'), '');
    expect(await fileKind(folder)).toBe('saved-model-folder');
  });
  it('without are folders', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'variables'));
    expect(await fileKind(folder)).toBe('folder');
  });
});

describe('what cannot be read', () => {
  it('a path without a file', async () => {
    const path = join(temporaryFolder(), 'none.pb');
    const error = await failure(() => fileKind(path));
    expect([error.code, error.message]).toEqual(['FILE_NOT_FOUND', `There is no file '${path}'.`]);
  });
  it('a loop of links', async () => {
    const path = join(temporaryFolder(), 'loop.pb');
    symlinkSync(path, path);
    const error = await failure(() => fileKind(path));
    expect(error.code).toBe('READ_FAILED');
    expect(error.message).toContain(`${path} cannot be read (ELOOP`);
  });
});

it('every kind has a name that fits into a sentence', () => {
  for (const [kind] of contents) expect(kindName(kind)).toMatch(/^(an? |the ).*[^.]$/);
});
