import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bindVariables } from '../../src/checkpoint/bind-variables.js';
import { Checkpoint } from '../../src/checkpoint/checkpoint.js';
import { variablesOf } from '../../src/graph/variables.js';
import { failure } from '../support/failure.js';
import { temporaryFolder } from '../support/folder.js';
import {
  encode,
  float,
  graphOf,
  handleVariable,
  identity,
  type NodeLiteral,
  stringType,
} from '../support/graph-def.js';
import { storedStrings } from '../support/stored-string.js';
import { type TensorToWrite, writeBundle } from '../support/write-bundle.mjs';

/** An object that holds a variable. */
const holder = (key: string, full_name = ''): object => ({
  attributes: [{ name: 'VARIABLE_VALUE', full_name, checkpoint_key: key }],
});
const child = (node_id: number, local_name: string): object => ({ node_id, local_name });

/** A checkpoint of objects: two variables of one shape, under the keys `first` and `second`. */
function checkpointOf(nodes: object[] | Uint8Array, shape = [2]): Promise<Checkpoint> {
  const prefix = join(temporaryFolder(), 'ckpt-1');
  const bytes = nodes instanceof Uint8Array ? nodes : encode('TrackableObjectGraph', { nodes });
  const tensors: TensorToWrite[] = ['first', 'second'].map((key) => ({
    key,
    dtype: float,
    shape,
    bytes: Buffer.alloc(4 * shape.reduce((count, size) => count * size, 1)),
  }));
  const graph = { key: '_CHECKPOINTABLE_OBJECT_GRAPH', dtype: stringType, shape: [], ...storedStrings([bytes]) };
  writeBundle(prefix, [...tensors, graph]);
  return Checkpoint.open(prefix);
}

const nodes: NodeLiteral[] = [
  handleVariable('kernel', float, 2),
  handleVariable('kernel_1', float, 2),
  identity('y', 'kernel'),
];

async function bind(checkpoint: Checkpoint, savedObjects: object[] = [], wanted = nodes): Promise<object> {
  const graph = graphOf(wanted);
  const objects = encode('SavedObjectGraph', { nodes: savedObjects });
  const given = { restoreOp: undefined, map: new Map(), slices: new Map(), objects };
  const binding = { checkpoint, graph, pruned: graph, outputs: ['y'], ...given };
  const bound = await bindVariables(variablesOf(graph), binding);
  return Object.fromEntries([...bound].map(([name, { key }]) => [name, key]));
}

const both = { kernel: 'second', kernel_1: 'first' };

describe('the key of a variable is found', () => {
  it('by the full name of its value', async () => {
    const root = { children: [child(1, 'a'), child(2, 'b')] };
    expect(await bind(await checkpointOf([root, holder('first', 'kernel_1'), holder('second', 'kernel')]))).toEqual(
      both,
    );
  });
  it('by the path to it in the SavedModel, where the numbers of the objects differ', async () => {
    const root = { children: [child(1, 'a'), child(2, 'b')] };
    const saved = [
      { children: [child(2, 'a'), child(1, 'b')] },
      { variable: { name: 'kernel' } },
      { variable: { name: 'kernel_1' } },
    ];
    expect(await bind(await checkpointOf([root, holder('first'), holder('second')]), saved)).toEqual(both);
  });
  it('round a circle of objects', async () => {
    const around = [child(1, 'a'), child(2, 'b'), child(0, 'self')];
    const saved = [{ children: around }, { variable: { name: 'kernel_1' } }, { variable: { name: 'kernel' } }];
    const stored = [{ children: around }, holder('first'), holder('second')];
    expect(await bind(await checkpointOf(stored), saved)).toEqual(both);
  });
});

describe('no key is taken', () => {
  it('from a name that several objects have', async () => {
    const checkpoint = await checkpointOf([{}, holder('first', 'kernel'), holder('second', 'kernel')]);
    const { code, message } = await failure(() => bind(checkpoint));
    expect(code).toBe('VARIABLE_NOT_IN_CHECKPOINT');
    expect(message).toMatch(
      /a checkpoint of objects, with a path for a key, and 2 of its variables are called so: 'first', 'second'\. Say in a variable map which key it is\./,
    );
  });
  it('from a name that no object has', async () => {
    const checkpoint = await checkpointOf([{}, holder('first', 'kernels'), holder('second', 'bias')]);
    const { message } = await failure(() => bind(checkpoint));
    expect(message).toMatch(/none of its variables is called so \(the nearest are 'kernels'\)\. Say in a variable map/);
  });
  it('from objects whose numbers are of nothing', async () => {
    const wild = [{ children: [child(-1, 'a'), child(2 ** 31 - 1, 'b'), child(7, 'c')] }];
    const { code } = await failure(async () => bind(await checkpointOf([...wild, holder('first')]), wild));
    expect(code).toBe('VARIABLE_NOT_IN_CHECKPOINT');
  });
  it('that the checkpoint does not have', async () => {
    const checkpoint = await checkpointOf([{}, holder('nowhere', 'kernel'), holder('second', 'kernel_1')]);
    expect((await failure(() => bind(checkpoint))).code).toBe('VARIABLE_NOT_IN_CHECKPOINT');
  });
  it('of another shape', async () => {
    const checkpoint = await checkpointOf([{}, holder('first', 'kernel'), holder('second', 'kernel_1')], [3]);
    expect((await failure(() => bind(checkpoint))).code).toBe('VARIABLE_MISMATCH');
  });
});

it('an object graph that is none is refused', async () => {
  const checkpoint = await checkpointOf(Buffer.from('0aff', 'hex'));
  const { code, message } = await failure(() => bind(checkpoint));
  expect([code, message]).toEqual([
    'CHECKPOINT_MALFORMED',
    expect.stringMatching(/^The object graph of .*ckpt-1 cannot be decoded: /),
  ]);
});

it('an object graph of other bytes than were saved is refused', async () => {
  const prefix = join(temporaryFolder(), 'ckpt-1');
  const graph = {
    key: '_CHECKPOINTABLE_OBJECT_GRAPH',
    dtype: stringType,
    shape: [],
    ...storedStrings([Buffer.from('x')]),
  };
  writeBundle(prefix, [{ ...graph, crc32c: 1 }]);
  const checkpoint = await Checkpoint.open(prefix);
  expect((await failure(() => bind(checkpoint))).code).toBe('CHECKSUM_MISMATCH');
});
