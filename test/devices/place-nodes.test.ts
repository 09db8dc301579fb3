/** What the core does with columns that a caller of the addon may hand over. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDevicePlugin, placeNodes } from '../../src/native.js';
import type { PlacementColumns, PlacementResult } from '../../src/native-placement.js';
import { buildExamplePlugin } from '../support/device-plugins.js';
import { makeFolder } from '../support/folder.js';

const [folder, remove] = makeFolder();
beforeAll(() => {
  loadDevicePlugin(buildExamplePlugin(folder));
}, 120_000);
afterAll(remove);

const int32 = (...values: number[]): Int32Array => Int32Array.from(values);
const uint32 = (...values: number[]): Uint32Array => Uint32Array.from(values);

/** `a` (Relu) feeds `b` (AsString) feeds `c` (an op of nobody), for `gpu:0,cpu:0`. */
function columns(changes: Partial<Record<keyof PlacementColumns, unknown>> = {}): PlacementColumns {
  return {
    kindNames: ['Relu', 'AsString', 'Mine'],
    typeNames: ['T', 'T'],
    typeEnds: uint32(1, 2, 2),
    dtypes: int32(1, 1),
    dtypeEnds: uint32(1, 2),
    inputNames: ['features', 'input'],
    inputDtypes: int32(1, 1),
    inputEnds: uint32(1, 2, 2),
    outputNames: ['activations', 'output'],
    outputDtypes: int32(1, 7),
    outputEnds: uint32(1, 2, 2),
    targets: ['gpu', 'cpu'],
    indexes: uint32(0, 0),
    next: int32(1, -1),
    preferred: 0,
    kinds: int32(0, 1, 2),
    asked: int32(0, -1, -1),
    names: Buffer.alloc(0),
    nameEnds: uint32(),
    producers: int32(0, 1),
    outputs: int32(0, 0),
    consumers: int32(1, 2),
    inputs: int32(0, 0),
    bytes: Float64Array.from([16, 0]),
    bondFirsts: int32(),
    bondSeconds: int32(),
    ...changes,
  } as PlacementColumns;
}

function placed(result: PlacementResult): Exclude<PlacementResult, { readonly contradiction: object }> {
  if (result.contradiction) throw new Error('a contradiction');
  return result;
}

it('nodes are placed, and it is told why and what crosses', async () => {
  const result = placed(await placeNodes(columns()));
  expect([...result.devices]).toEqual([0, 1, -1]);
  expect([...result.causes]).toEqual([0, 1, 5]);
  expect([...result.reasonsOfNodes].map((reason) => result.reasons[reason])).toEqual([
    undefined,
    'no kernel for AsString on gpu',
    'op Mine is unknown',
  ]);
  expect([...result.crossings]).toEqual([3, 0]);
  expect(result.isCutShort).toBe(false);
});

it('a graph without nodes has a placement', async () => {
  const none = int32();
  const [kinds, asked, producers, outputs, consumers, inputs] = [none, none, none, none, none, none];
  const result = await placeNodes(
    columns({ kinds, asked, producers, outputs, consumers, inputs, bytes: new Float64Array() }),
  );
  expect(placed(result).devices).toHaveLength(0);
});

it('two that are bound and asked to be apart are a contradiction, with the way between them', async () => {
  const result = await placeNodes(
    columns({ kinds: int32(0, 0, 0), asked: int32(1, -1, 0), bondFirsts: int32(2, 0), bondSeconds: int32(1, 1) }),
  );
  expect(result).toEqual({ contradiction: { first: 0, second: 2, path: int32(0, 1, 2) } });
});

it('a target that refuses is asked about nodes by their names', async () => {
  const names = ['debug/relu', 'relu', 'über/relu'];
  let end = 0;
  const nameEnds = Uint32Array.from(names, (name) => (end += Buffer.byteLength(name)));
  const result = placed(
    await placeNodes(
      columns({
        targets: ['tpu_like', 'cpu'],
        kinds: int32(0, 0, 0),
        asked: int32(-1, -1, -1),
        producers: int32(),
        outputs: int32(),
        consumers: int32(),
        inputs: int32(),
        bytes: new Float64Array(),
        names: Buffer.from(names.join('')),
        nameEnds,
      }),
    ),
  );
  expect([...result.devices]).toEqual([1, 0, 0]);
  expect([...result.causes]).toEqual([2, 0, 0]);
  expect(result.reasons).toEqual(['nodes for debugging stay off the board']);
});

describe('columns that do not fit are refused', () => {
  const cases: readonly [what: string, changes: Partial<Record<keyof PlacementColumns, unknown>>, why: RegExp][] = [
    ['a column that is missing', { kinds: undefined }, /expected/],
    ['a column of other numbers', { asked: Float64Array.of(0, 0, 0) }, /expected/],
    ['a shorter column', { asked: int32(0) }, /differ|length/],
    ['a kind that does not exist', { kinds: int32(0, 1, 3) }, /kind/],
    ['a device that does not exist', { asked: int32(2, -1, -1) }, /device/],
    ['an edge from nowhere', { producers: int32(0, 3) }, /edge|node/],
    ['an edge from a negative node', { consumers: int32(-1, 2) }, /edge|node/],
    ['a negative output', { outputs: int32(0, -1) }, /./],
    ['a bond to nowhere', { bondFirsts: int32(0), bondSeconds: int32(9) }, /bond|node/],
    ['a bond of one', { bondFirsts: int32(0) }, /bond/],
    ['a chain of devices that comes back', { next: int32(1, 0) }, /comes back/],
    ['ends that fall', { typeEnds: uint32(2, 1, 2) }, /ends/],
    ['ends beyond their column', { dtypeEnds: uint32(1, 3) }, /ends/],
    ['names of fewer nodes', { names: Buffer.from('a'), nameEnds: uint32(1) }, /ends/],
    ['a name that is no text', { kindNames: ['Relu', 7, 'Mine'] }, /strings/],
    ['a preference for nothing', { preferred: 2 }, /preference/],
    ['no columns at all', { targets: 'gpu' }, /strings/],
  ];
  it.each(cases)('%s', async (_, changes, why) => {
    await expect((async () => placeNodes(columns(changes)))()).rejects.toThrow(why);
  });

  it('a target that does not exist', async () => {
    await expect((async () => placeNodes(columns({ targets: ['tpx', 'cpu'] })))()).rejects.toMatchObject({
      code: 'DEVICE_UNKNOWN',
    });
  });
});
