import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bindVariables } from '../../src/checkpoint/bind-variables.js';
import { Checkpoint } from '../../src/checkpoint/checkpoint.js';
import { variablesOf } from '../../src/graph/variables.js';
import type { SliceInfo } from '../../src/io/slice-infos.js';
import { failure } from '../support/failure.js';
import { temporaryFolder } from '../support/folder.js';
import { float, graphOf, type NodeLiteral, refVariable, stringTensor } from '../support/graph-def.js';
import { writeBundle } from '../support/write-bundle.mjs';

/** A checkpoint of float32 tensors of these shapes. */
function checkpointOf(shapes: Record<string, number[]>): Promise<Checkpoint> {
  const prefix = join(temporaryFolder(), 'model.ckpt');
  const tensors = Object.entries(shapes).map(([key, shape]) => {
    const bytes = Buffer.alloc(4 * shape.reduce((count, size) => count * size, 1));
    return { key, dtype: float, shape, bytes };
  });
  writeBundle(prefix, tensors);
  return Checkpoint.open(prefix);
}

const noSlices: ReadonlyMap<string, SliceInfo> = new Map();

/** What each variable is bound to: the key, and the part of it. */
async function bind(nodes: NodeLiteral[], shapes: Record<string, number[]>, slices = noSlices): Promise<unknown> {
  const graph = graphOf(nodes);
  const checkpoint = await checkpointOf(shapes);
  const none = { restoreOp: undefined, map: new Map(), objects: new Uint8Array(0) };
  const binding = { checkpoint, graph, pruned: graph, outputs: ['y'], slices, ...none };
  const bound = await bindVariables(variablesOf(graph), binding);
  return Object.fromEntries(
    [...bound].map(([name, { key, region, byteLength }]) => {
      const part = region?.map(({ start, length }) => `${start}+${length}`).join(' ') ?? 'all';
      return [name, `${key} ${part}, ${byteLength} bytes`];
    }),
  );
}

/** A Saver that restores this part of `key` into the variable `v`. */
const saver = (key: string, slice: string): NodeLiteral[] => [
  { name: 'save/names', op: 'Const', attr: { value: stringTensor(key) } },
  { name: 'save/slices', op: 'Const', attr: { value: stringTensor(slice) } },
  { name: 'save/restore', op: 'RestoreV2', input: ['save/prefix', 'save/names', 'save/slices'] },
  { name: 'save/set', op: 'Assign', input: ['v', 'save/restore'] },
];

describe('a part of a variable is found by', () => {
  const restored = (slice: string, ...shape: number[]): Promise<unknown> =>
    bind([refVariable('v', float, ...shape), ...saver('emb', slice)], { emb: [6, 3] });

  it("its Saver's slice", async () => {
    expect(await restored('6 3 3,2:1,2', 2, 2)).toEqual({ v: 'emb 3+2 1+2, 16 bytes' });
  });
  it("its Saver's slice, with whole dimensions", async () => {
    expect(await restored('6 3 2,4:-', 4, 3)).toEqual({ v: 'emb 2+4 0+3, 48 bytes' });
  });
  it("its Saver's slice, which may be all there is", async () => {
    expect(await restored('6 3 0,6:0,3', 6, 3)).toEqual({ v: 'emb all, 72 bytes' });
  });
  it("the MetaGraphDef's word", async () => {
    const info = {
      key: 'emb',
      fullShape: [6, 3],
      region: [
        { start: 4, length: 2 },
        { start: 0, length: 3 },
      ],
    };
    const nodes = [refVariable('v', float, 2, 3)];
    expect(await bind(nodes, { emb: [6, 3] }, new Map([['v', info]]))).toEqual({ v: 'emb 4+2 0+3, 24 bytes' });
    // Where the parts were saved as variables of their own, the word counts for nothing.
    expect(await bind(nodes, { v: [2, 3] }, new Map([['v', info]]))).toEqual({ v: 'v all, 24 bytes' });
  });
  it('the shapes of the parts before it', async () => {
    const parts = [3, 2, 2].map((rows, index) => refVariable(`emb/part_${index}`, float, rows, 2));
    expect(await bind(parts, { emb: [7, 2] })).toEqual({
      'emb/part_0': 'emb 0+3 0+2, 24 bytes',
      'emb/part_1': 'emb 3+2 0+2, 16 bytes',
      'emb/part_2': 'emb 5+2 0+2, 16 bytes',
    });
    const columns = [1, 2].map((size, index) => refVariable(`emb/part_${index}`, float, 3, size));
    expect(await bind(columns, { emb: [3, 3] })).toEqual({
      'emb/part_0': 'emb 0+3 0+1, 12 bytes',
      'emb/part_1': 'emb 0+3 1+2, 24 bytes',
    });
    expect(await bind([refVariable('emb/part_0', float, 3)], { emb: [3] })).toEqual({
      'emb/part_0': 'emb all, 12 bytes',
    });
  });
});

describe('a part is refused', () => {
  const restored = (slice: string, ...shape: number[]) =>
    failure(() => bind([refVariable('v', float, ...shape), ...saver('emb', slice)], { emb: [6, 3] }));

  for (const slice of [
    '6 3',
    '6 3 0,6',
    '6 3 0,6:0,3:0,1',
    '6 x 0,6:-',
    '6 3 a,6:-',
    '6 3 1:-',
    '6 3 -1,2:-',
    ' ',
    '6  3 -:-',
  ])
    it(`of the slice '${slice}', which is none`, async () => {
      const { code, message } = await restored(slice, 6, 3);
      expect(code).toBe('GRAPH_INVALID');
      expect(message).toContain(`the part '${slice}' of 'emb', which is not the form of a slice`);
    });
  it('of a length that a slice has for a whole dimension', async () => {
    const slices = new Map([['v', { key: 'emb', fullShape: [6], region: [{ start: 0, length: -1 }] }]]);
    const { code, message } = await failure(() => bind([refVariable('v', float, -1)], { emb: [6] }, slices));
    expect([code, message]).toEqual(['VARIABLE_MISMATCH', expect.stringContaining('is the part [0..-1]')]);
  });
  it('outside the whole', async () => {
    const { code, message } = await restored('6 3 5,2:-', 2, 3);
    expect(code).toBe('VARIABLE_MISMATCH');
    expect(message).toMatch(/^Variable 'v' is the part \[5\.\.7, 0\.\.3\] of a variable of shape \[6, 3\], /);
  });
  it('of a whole of another shape', async () => {
    const { code, message } = await restored('6 4 0,2:-', 2, 4);
    expect(code).toBe('VARIABLE_MISMATCH');
    expect(message).toMatch(/ of shape \[6, 4\], and the checkpoint's tensor 'emb' has the shape \[6, 3\]\. /);
  });
  it("that is not of the variable's shape", async () => {
    expect((await restored('6 3 0,2:-', 3, 3)).code).toBe('VARIABLE_MISMATCH');
  });
  const parts: Record<string, number[][]> = {
    'do not add up': [
      [3, 2],
      [3, 2],
    ],
    'have an open dimension': [
      [3, 2],
      [-1, 2],
    ],
    'are of another rank': [[3], [4]],
    'differ along two axes': [
      [3, 1],
      [4, 1],
    ],
  };
  for (const [what, shapes] of Object.entries(parts))
    it(`whose graph's parts ${what}`, async () => {
      const nodes = shapes.map((shape, index) => refVariable(`emb/part_${index}`, float, ...shape));
      const { code, message } = await failure(() => bind(nodes, { emb: [7, 2] }));
      expect(code).toBe('VARIABLE_NOT_IN_CHECKPOINT');
      expect(message).toMatch(
        /^Variable 'emb\/part_0' is a part of the partitioned variable 'emb', and the graph does not/,
      );
    });
});
