// SavedModels, checkpoints and constants that say in a few bytes that there is very much.
import { describe } from 'vitest';
import {
  encode,
  float,
  floatNode,
  graphDef,
  identity,
  int32Type,
  type NodeLiteral,
  placeholder,
  refVariable,
  typeAttr,
} from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { oneBlockTable, SnappyStream, snappy } from '../support/one-block-table.js';
import { metaGraph, savedModelBytes, smallSignature } from '../support/saved-model.js';
import { bundleEntry, field, message, table, varint } from '../support/write-bundle.mjs';
import { type Attack, freezing, withstands } from './attack.js';

const version = Buffer.from([8, 1]);

function saved(content: Uint8Array, ...more: string[]): Attack {
  const args = ['freeze', '--graph', 'saved_model.pb', '--checkpoint', 'model.ckpt', '--out', 'frozen', ...more];
  return { files: { 'saved_model.pb': Buffer.concat([version, content]) }, args };
}

/** A SavedModel of the small model, with one more output of its signature. */
function withOutput(info: Uint8Array): Buffer {
  const output = Buffer.concat([message(1, Buffer.from('o')), message(2, info)]);
  const signature = Buffer.concat([message(1, Buffer.from('serving_default')), message(2, message(2, output))]);
  return message(2, Buffer.concat([encode('MetaGraphDef', metaGraph({ signature_def: {} })), message(5, signature)]));
}

function nested(levels: number, wrap: (inner: Uint8Array) => Uint8Array): Uint8Array {
  return Array.from({ length: levels }).reduce<Uint8Array>((inner) => wrap(inner), Buffer.alloc(0));
}

describe('a SavedModel of', () => {
  withstands({
    '500,000 MetaGraphDefs': [
      'LIMIT_EXCEEDED',
      () => saved(Buffer.concat([savedModelBytes(metaGraph()), Buffer.alloc(980_000, Buffer.from([0x12, 0]))])),
    ],
    '900 sets of tags': [
      'INVALID_ARGUMENT',
      () =>
        saved(
          Buffer.concat(
            Array.from({ length: 900 }, (_, index) => message(2, message(1, message(4, Buffer.from(`t${index}`))))),
          ),
        ),
    ],
    '15,000 signatures, which 22,000 nodes are asked for': [
      undefined,
      () => {
        const nodes = Array.from({ length: 22_000 }, (_, at) => ({
          name: `n${at}`,
          op: 'Neg',
          input: [at ? `n${at - 1}` : 'x'],
        }));
        const signatures = Array.from({ length: 15_000 }, (_, at) => [
          `s${at}`,
          { outputs: { o: { name: `n${21_999 - at}:0` } } },
        ]);
        const model = metaGraph(
          { signature_def: Object.fromEntries(signatures) },
          ['serve'],
          [placeholder('x'), ...nodes],
        );
        return saved(savedModelBytes(model), '--inputs', 'x', '--layout', 'saved-model');
      },
    ],
    '8,000 signatures of the 8,000 tensors that an iterator gives': [
      'LIMIT_EXCEEDED',
      () => {
        const numbers = Array.from({ length: 8_000 }, (_, at) => at);
        const attr = { output_types: { list: { type: numbers.map(() => float) } } };
        const nodes = [
          { name: 'next', op: 'IteratorGetNext', input: ['iterator'], attr },
          { name: 'iterator', op: 'Iterator' },
          { name: 'o', op: 'AddN', input: numbers.map((at) => `next:${at}`) },
        ];
        const signatures = numbers.map((at) => [`s${at}`, { outputs: { o: { name: 'o:0' } } }]);
        const model = metaGraph({ signature_def: Object.fromEntries(signatures) }, ['serve'], nodes);
        return saved(savedModelBytes(model), '--inference', '--layout', 'saved-model');
      },
    ],
    '8,000 signatures': [
      undefined,
      () =>
        saved(
          savedModelBytes(
            metaGraph({
              signature_def: Object.fromEntries(
                Array.from({ length: 8_000 }, (_, index) => [`s${index}`, smallSignature]),
              ),
            }),
          ),
          '--layout',
          'saved-model',
        ),
    ],
    'an output of 450,000 components': [
      'INVALID_ARGUMENT',
      () => saved(withOutput(message(5, Buffer.alloc(900_000, Buffer.from([0x12, 0]))))),
    ],
    'an output 5,000 components deep': [
      'GRAPH_MALFORMED',
      () => saved(withOutput(nested(5_000, (inner) => message(5, message(2, inner))))),
    ],
    '25,000 assets': [
      'LIMIT_EXCEEDED',
      () =>
        saved(
          savedModelBytes(
            metaGraph({
              asset_file_def: Array.from({ length: 25_000 }, (_, index) => ({
                tensor_info: { name: 'x:0' },
                filename: `a${index}`,
              })),
            }),
          ),
        ),
    ],
    '40,000 collections': [
      undefined,
      () =>
        saved(
          savedModelBytes(
            metaGraph({
              collection_def: Object.fromEntries(
                Array.from({ length: 40_000 }, (_, index) => [`c${index}`, { node_list: { value: ['a'] } }]),
              ),
            }),
          ),
        ),
    ],
  });
});

/** Zeros, of which each three bytes stand for 64. */
function snappyBomb(size: number): Buffer {
  const stream = new SnappyStream();
  stream.literal(Buffer.alloc(1));
  stream.copy(1, size - 1);
  return stream.all();
}

const header = { key: Buffer.alloc(0), value: Buffer.from('08011a020801', 'hex') };

/** The small graph, with this for its checkpoint's index. */
function indexed(index: Uint8Array): Attack {
  const args = ['freeze', '--graph', 'graph.pb', '--checkpoint', 'bad.ckpt', '--out', 'frozen.pb', '--outputs', 'y'];
  return { files: { 'graph.pb': graphDef(smallNodes), 'bad.ckpt.index': index }, args };
}

describe('the index of a checkpoint with', () => {
  const refused = 'CHECKPOINT_MALFORMED';
  withstands({
    '20 MB of zeros in a megabyte': [refused, () => indexed(oneBlockTable(snappyBomb(20_000_000), snappy))],
    '50,000 tensors': [
      'VARIABLE_NOT_IN_CHECKPOINT',
      () =>
        indexed(
          table([
            header,
            ...Array.from({ length: 50_000 }, (_, index) => ({
              key: Buffer.from(`${index}`.padStart(5, '0')),
              value: Buffer.from('0801 1202 1200'.replaceAll(' ', ''), 'hex'),
            })),
          ]),
        ),
    ],
    'a tensor of 200,000 dimensions': [
      refused,
      () =>
        indexed(
          table([
            header,
            {
              key: Buffer.from('w'),
              value: Buffer.concat([Buffer.from([8, 1]), message(2, Buffer.alloc(400_000, Buffer.from([0x12, 0])))]),
            },
          ]),
        ),
    ],
    'a tensor of 200,000 slices': [
      refused,
      () =>
        indexed(
          table([
            header,
            {
              key: Buffer.from('w'),
              value: Buffer.concat([
                Buffer.from('080112041202 0802'.replaceAll(' ', ''), 'hex'),
                Buffer.alloc(800_000, Buffer.from([0x3a, 2, 0x0a, 0])),
              ]),
            },
          ]),
        ),
    ],
    '99,999 shards': [
      'SHARD_MISSING',
      () =>
        indexed(
          table([
            { ...header, value: Buffer.concat([field(1, 0), varint(99_999), Buffer.from('1a020801', 'hex')]) },
            { key: Buffer.from('w'), value: bundleEntry({ dtype: 1, shape: [2], size: 8, shard: 5, crc32c: 0 }) },
          ]),
        ),
    ],
  });
});

const T = { T: typeAttr(float) };

function constant(name: string, dtype: number, sizes: readonly number[], values: object): NodeLiteral {
  const tensor_shape = { dim: sizes.map((size) => ({ size })) };
  return { name, op: 'Const', attr: { dtype: typeAttr(dtype), value: { tensor: { dtype, tensor_shape, ...values } } } };
}

const one = (name: string, ...sizes: number[]): NodeLiteral => constant(name, float, sizes, { float_val: [1] });

/** `y` is computed from the last of the nodes. */
function reading(nodes: readonly NodeLiteral[], ...way: string[]): Attack {
  const { name } = nodes.at(-1) as NodeLiteral;
  return freezing(graphDef([...smallNodes.slice(0, 3), ...nodes, floatNode('Mul', 'y', name, 'w/read')]), ...way);
}

/** `w` is given the last of the nodes by an initialiser. */
function assigning(nodes: readonly NodeLiteral[]): Attack {
  const { name } = nodes.at(-1) as NodeLiteral;
  return freezing(
    graphDef([...smallNodes, ...nodes, floatNode('Assign', 'init', 'w', name)]),
    '--initializers',
    'init',
  );
}

const filled = [
  constant('sizes', int32Type, [1], { int_val: [1e9] }),
  one('one'),
  { name: 'f', op: 'Fill', input: ['sizes', 'one'], attr: { ...T, index_type: typeAttr(int32Type) } },
];

const doubled = [
  one('s0', 1024),
  constant('axis', int32Type, [], { int_val: [0] }),
  ...Array.from(
    { length: 40 },
    (_, index): NodeLiteral => ({
      name: `s${index + 1}`,
      op: 'ConcatV2',
      input: [`s${index}`, `s${index}`, 'axis'],
      attr: { ...T, N: { i: 2 }, Tidx: typeAttr(int32Type) },
    }),
  ),
];

describe('a tensor', () => {
  const unsupported = 'UNSUPPORTED';
  withstands({
    'of 10^12 elements, which are one': ['LIMIT_EXCEEDED', () => reading([one('c', 1e6, 1e6)], '--layout', 'tfjs')],
    'of 10^12 elements, which are one, as it is': [undefined, () => reading([one('c', 1e6, 1e6)], '--optimize')],
    'of 15,000,000 elements, which are one': [undefined, () => reading([one('c', 15e6)], '--layout', 'tfjs')],
    'filled to 10^9 elements': [undefined, () => reading(filled, '--optimize')],
    'filled to 10^9 elements and assigned': [unsupported, () => assigning(filled)],
    'that doubles forty times': [undefined, () => reading(doubled, '--optimize')],
    'that doubles forty times and is assigned': [unsupported, () => assigning(doubled)],
    'of a variable of 10^12 elements': [
      'VARIABLE_MISMATCH',
      () =>
        freezing(
          graphDef([
            placeholder('x'),
            refVariable('w', float, 1e6, 1e6),
            identity('w/read', 'w'),
            floatNode('Mul', 'y', 'x', 'w/read'),
          ]),
        ),
    ],
  });
});
