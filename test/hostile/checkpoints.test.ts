// Checkpoints whose indexes, object graphs and names are made to be gone through again and again.
import { describe } from 'vitest';
import {
  encode,
  float,
  graphDef,
  handleVariable,
  type NodeLiteral,
  readVariable,
  refVariable,
  shapeAttr,
  stringType,
  textAttr,
  typeAttr,
} from '../support/graph-def.js';
import { smallNodes } from '../support/model.js';
import { blockEntry, oneBlockTable, oneRestart, plain, SnappyStream, snappy } from '../support/one-block-table.js';
import { metaGraph } from '../support/saved-model.js';
import { storedStrings } from '../support/stored-string.js';
import { bundleEntry, maskedCrc32c, message, table, varint } from '../support/write-bundle.mjs';
import { type Attack, freezing, hostileSize, withstands } from './attack.js';

const header = { key: Buffer.alloc(0), value: Buffer.from('08011a020801', 'hex') };
const uint8 = 4;

interface Record {
  readonly key: Buffer;
  readonly value: Buffer;
}

/** A command about a checkpoint of these records, and of a shard of zeros. */
function about(command: 'list' | 'verify', records: readonly Record[], shardBytes: number): Attack {
  const sorted = [header, ...[...records].sort((a, b) => Buffer.compare(a.key, b.key))];
  const files = { 'bad.index': table(sorted), 'bad.data-00000-of-00001': Buffer.alloc(shardBytes) };
  return { files, args: [command, 'bad'] };
}

/** Numbers from 0 to 8,191 as the key of a slice has them (docs/formats.md). */
function ordered(number: number): Buffer {
  return number < 64 ? Buffer.from([0x80 ^ number]) : Buffer.from([0xc0 | (number >> 8), number & 0xff]);
}

const zeroSums = new Map<number, number>();

function sumOfZeros(count: number): number {
  const sum = zeroSums.get(count) ?? maskedCrc32c(Buffer.alloc(0), count);
  zeroSums.set(count, sum);
  return sum;
}

/**
 * A tensor of bytes in columns, each cut at another row: pieces n and n + 1 of it together hold column n.
 * @param offsetOf where a piece is stored, by the bytes that are stored before it.
 */
function columns(count: number, offsetOf: (before: number) => number): Record[] {
  let before = 0;
  const slices: Buffer[] = [];
  const records: Record[] = [];
  const add = (column: number, start: number, length: number): void => {
    const extents = [start, length, column, 1];
    const key = Buffer.concat([Buffer.from('\0v\0\x01\x01\x02', 'latin1'), ...extents.map(ordered)]);
    const offset = offsetOf(before);
    const entry = { dtype: uint8, shape: [length, 1], offset, size: length, crc32c: sumOfZeros(length) };
    records.push({ key, value: bundleEntry(entry) });
    const extent = (from: number, size: number): Buffer =>
      message(1, Buffer.concat([Buffer.from([8]), varint(from), Buffer.from([16]), varint(size)]));
    slices.push(message(7, Buffer.concat([extent(start, length), extent(column, 1)])));
    before += length;
  };
  for (let column = 0; column < count; column++) {
    const cut = 1 + (column % (count - 1));
    add(column, 0, cut);
    add(column, cut, count - cut);
  }
  const whole = bundleEntry({ dtype: uint8, shape: [count, count], size: 0, crc32c: 0 });
  return [...records, { key: Buffer.from('v'), value: Buffer.concat([whole, ...slices]) }];
}

function tensors(count: number, size: number, offsetOf: (index: number) => number): Record[] {
  return Array.from({ length: count }, (_, index) => ({
    key: Buffer.from(index.toString(36).padStart(4, '0')),
    value: bundleEntry({ dtype: uint8, shape: [size], offset: offsetOf(index), size, crc32c: sumOfZeros(size) }),
  }));
}

/** Of a tensor of strings that is one string and takes no bytes, which is one too few. */
const cutString = Buffer.from([8, stringType]);

/** 128 times as many such tensors: the names of each 128 differ from the 128 before in what they begin with. */
function copiedStrings(groups: number): Attack {
  const rest = Buffer.concat(
    Array.from({ length: 127 }, (_, index) => blockEntry(3, Buffer.from([index + 1]), cutString)),
  );
  const stream = new SnappyStream();
  stream.literal(blockEntry(0, header.key, header.value));
  for (let group = 0; group < groups; group++) {
    const first = blockEntry(0, Buffer.from([0x61, group >> 7, group & 0x7f, 0]), cutString);
    stream.literal(first);
    if (group === 0) stream.literal(rest);
    else stream.copy(first.length + rest.length, rest.length);
  }
  stream.literal(oneRestart);
  return { files: { 'bad.index': oneBlockTable(stream.all(), snappy, hostileSize) }, args: ['verify', 'bad'] };
}

/** A tensor in as many slices, each of four bytes: three of the stream stand for sixteen of them. */
function copiedSlices(count: number): Attack {
  const slice = message(7, message(1, Buffer.alloc(0)));
  const tensor = Buffer.concat([Buffer.from([8, uint8]), message(2, message(2, Buffer.from([8, 1])))]);
  const size = tensor.length + count * slice.length;
  const stream = new SnappyStream();
  stream.literal(blockEntry(0, header.key, header.value));
  stream.literal(Buffer.concat([Buffer.from([0, 1]), varint(size), Buffer.from('v'), tensor, slice]));
  stream.copy(slice.length, (count - 1) * slice.length);
  stream.literal(oneRestart);
  return { files: { 'bad.index': oneBlockTable(stream.all(), snappy, hostileSize) }, args: ['list', 'bad'] };
}

/** As many such tensors, whose names are 255 control characters each. */
function controlCharacters(count: number): Attack {
  const key = (index: number): Buffer =>
    Buffer.concat([Buffer.alloc(252, 1), Buffer.from([index >> 14, (index >> 7) & 0x7f, index & 0x7f])]);
  const block = Buffer.concat([
    blockEntry(0, header.key, header.value),
    blockEntry(0, key(0), cutString),
    ...Array.from({ length: count - 1 }, (_, index) => blockEntry(252, key(index + 1).subarray(252), cutString)),
    oneRestart,
  ]);
  const files = { 'bad.index': oneBlockTable(block, plain, hostileSize) };
  return { files, args: ['verify', '--json', 'bad'] };
}

describe('a checkpoint of', () => {
  withstands({
    'a tensor in 6,000 slices that share their bytes': [
      'CHECKPOINT_MALFORMED',
      () =>
        about(
          'verify',
          columns(3_000, () => 0),
          3_000,
        ),
    ],
    'a tensor in 1,980 slices, of nearly as many runs as elements': [
      undefined,
      () =>
        about(
          'verify',
          columns(990, (before) => before),
          990 * 990,
        ),
    ],
    '20,000 tensors of one megabyte, which is the same': [
      'CHECKPOINT_MALFORMED',
      () =>
        about(
          'verify',
          tensors(20_000, hostileSize, () => 0),
          hostileSize,
        ),
    ],
    '25,000 tensors that are listed': [
      undefined,
      () =>
        about(
          'list',
          tensors(25_000, 1, (index) => index),
          25_000,
        ),
    ],
    '500,000 tensors in a compressed block': ['CHECKPOINT_MALFORMED', () => copiedStrings(4_000)],
    'a tensor in 5,000,000 slices in a compressed block': ['CHECKPOINT_MALFORMED', () => copiedSlices(5_000_000)],
    '33,000 damaged tensors whose names are control characters': [undefined, () => controlCharacters(33_000)],
  });
});

const handle: NodeLiteral[] = [handleVariable('w', float, 2), readVariable('y', 'w')];

/** A SavedModel whose only variable is where the object graph says. */
function objects(stored: Uint8Array, saved: Uint8Array): Attack {
  const { bytes, crc32c } = storedStrings([stored]);
  const entry = bundleEntry({ dtype: stringType, shape: [], size: bytes.length, crc32c });
  const graph = encode('MetaGraphDef', metaGraph({ signature_def: {} }, ['serve'], handle));
  return {
    files: {
      'saved_model.pb': Buffer.concat([Buffer.from([8, 1]), message(2, Buffer.concat([graph, message(7, saved)]))]),
      'variables/variables.index': table([header, { key: Buffer.from('_CHECKPOINTABLE_OBJECT_GRAPH'), value: entry }]),
      'variables/variables.data-00000-of-00001': bytes,
    },
    args: ['freeze', '--graph', '.', '--outputs', 'y', '--out', 'frozen.pb'],
  };
}

const none = Buffer.alloc(0);
const names = Array.from({ length: 40_000 }, (_, index) => index.toString(36));

describe('an object graph of', () => {
  const refused = 'VARIABLE_NOT_IN_CHECKPOINT';
  withstands({
    '40,000 objects that are the same one in the checkpoint': [
      refused,
      () =>
        objects(
          encode('TrackableObjectGraph', { nodes: [{ children: names.map((local_name) => ({ local_name })) }] }),
          encode('SavedObjectGraph', {
            nodes: [
              { children: names.map((local_name, index) => ({ node_id: index + 1, local_name })) },
              ...names.map(() => ({})),
            ],
          }),
        ),
    ],
    '480,000 objects without anything': [refused, () => objects(Buffer.alloc(960_000, Buffer.from([0x0a, 0])), none)],
    '480,000 children without a name': [
      refused,
      () => objects(message(1, Buffer.alloc(960_000, Buffer.from([0x0a, 0]))), none),
    ],
  });
});

describe('variables', () => {
  const parts = Array.from({ length: 10_000 }, (_, index) => `e/part_${index}`);
  withstands({
    'in 10,000 parts': [
      undefined,
      () => ({
        ...freezing(
          graphDef([...parts.map((name) => refVariable(name, float, 1)), { name: 'y', op: 'Foo', input: parts }]),
        ),
        tensors: [{ key: 'e', dtype: float, shape: [parts.length], bytes: Buffer.alloc(4 * parts.length) }],
      }),
    ],
    'whose regions would have one name, 7,000 times': [
      undefined,
      () => {
        const places = Array.from({ length: 7 }, (_, place) => 4 ** place);
        const nodes = Array.from({ length: 7_000 }, (_, index) => {
          const name = `v${places.map((place) => '>/\\-'[Math.floor(index / place) % 4]).join('')}`;
          const attr = { dtype: typeAttr(float), shape: shapeAttr(2_500), shared_name: textAttr('w') };
          return [{ name, op: 'VarHandleOp', attr }, readVariable(`r${index}`, name)];
        }).flat();
        const y = {
          name: 'y',
          op: 'MatMul',
          input: nodes.flatMap(({ name, op }) => (op === 'VarHandleOp' ? [] : name)),
        };
        return {
          ...freezing(graphDef([...nodes, y]), '--layout', 'memmapped'),
          tensors: [{ key: 'w', dtype: float, shape: [2_500], bytes: Buffer.alloc(10_000) }],
        };
      },
    ],
    'whose averages may be in 60,000 scopes': [
      'INVALID_ARGUMENT',
      () => ({
        ...freezing(graphDef(smallNodes), '--ema'),
        tensors: [
          { key: 'w', dtype: float, shape: [2], bytes: Buffer.alloc(8) },
          ...Array.from({ length: 15 }, (_, index) => ({
            key: `${'/'.repeat(60_000)}${index}/v/ExponentialMovingAverage`,
            dtype: float,
            shape: [2],
            bytes: Buffer.alloc(8),
          })),
        ],
      }),
    ],
  });
});

describe('a MetaGraphDef with 480,000 times nothing', () => {
  const meta = (field: number): Attack => ({
    files: {
      'saved_model.pb': Buffer.concat([
        Buffer.from([8, 1]),
        message(
          2,
          Buffer.concat([
            encode('MetaGraphDef', metaGraph({ signature_def: {} })),
            Buffer.alloc(960_000, Buffer.from([(field << 3) | 2, 0])),
          ]),
        ),
      ]),
    },
    args: ['freeze', '--graph', 'saved_model.pb', '--checkpoint', 'model.ckpt', '--outputs', 'y', '--out', 'frozen'],
  });
  withstands({
    'for its tags': [undefined, () => meta(1)],
    'for its Saver': [undefined, () => meta(3)],
    'for collections': [undefined, () => meta(4)],
    'for signatures': [undefined, () => meta(5)],
    'for assets': ['LIMIT_EXCEEDED', () => meta(6)],
    'for objects': [undefined, () => meta(7)],
  });
});
