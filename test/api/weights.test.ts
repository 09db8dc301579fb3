import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { FreezeOptions } from '../../src/index.js';
import { float32 } from '../support/bytes.js';
import { failure } from '../support/failure.js';
import { namesIn } from '../support/folder.js';
import { freeze, freezeGraph } from '../support/freeze.js';
import { float, type NodeView, placeholder, refVariable, typeAttr, viewGraphDef } from '../support/graph-def.js';
import { largeModel, type SmallModel, smallModel } from '../support/model.js';

/** The rows of a matrix whose product is asked for. */
const rows = [
  [1, -2, 65520, 0.1],
  [0.5, 127, 3, 1e-30],
  [-1, 0.25, 100, 0],
  [0.25, 1, 7, 0],
];

function model(values: readonly (readonly number[])[] = rows): SmallModel {
  const shape = [values.length, values[0]?.length ?? 0] as const;
  return smallModel(
    [
      placeholder('x'),
      refVariable('w', float, ...shape),
      { name: 'y', op: 'MatMul', input: ['x', 'w'], attr: { T: typeAttr(float) } },
    ],
    [{ key: 'w', dtype: float, shape: [...shape], bytes: float32(...values.flat()) }],
  );
}

async function frozen(weights: FreezeOptions['weights'], { graph, checkpoint, out } = model()) {
  const report = await freeze({ graph, checkpoint, outputs: 'y', out, ...(weights === undefined ? {} : { weights }) });
  return { report, nodes: viewGraphDef(readFileSync(out)).nodes };
}

/** The elements of a constant, as stored. */
function content(node: NodeView | undefined): Buffer {
  const value = node?.attr.value as { tensor: { tensor_content: Uint8Array } } | undefined;
  return Buffer.from(value?.tensor.tensor_content ?? []);
}

function sixteenBits(...numbers: number[]): Buffer {
  return Buffer.from(Uint16Array.from(numbers).buffer);
}

describe('weights that are stored in another type', () => {
  it('float16: rounded, infinite where too large, and counted in the report', async () => {
    const { report, nodes } = await frozen('w=float16');
    expect(content(nodes.get('w/float16'))).toEqual(
      sixteenBits(
        ...[0x3c00, 0xc000, 0x7c00, 0x2e66],
        ...[0x3800, 0x57f0, 0x4200, 0x0000],
        ...[0xbc00, 0x3400, 0x5640, 0x0000],
        ...[0x3400, 0x3c00, 0x4700, 0x0000],
      ),
    );
    expect(report.variables).toEqual([
      { name: 'w', key: 'w', dtype: 'float32', shape: [4, 4], bytes: 64, storedAs: 'float16', overflows: 1 },
    ]);
  });

  it('bfloat16: the upper halves, rounded', async () => {
    const { report, nodes } = await frozen(['*=bfloat16']);
    expect(content(nodes.get('w/bfloat16')).subarray(0, 8)).toEqual(sixteenBits(0x3f80, 0xc000, 0x4780, 0x3dcd));
    expect(report.variables[0]).toMatchObject({ storedAs: 'bfloat16', overflows: 0 });
  });

  it('int8: multiples of a 127th of the largest of each column; a column next to 0 is zeros with a scale of 1', async () => {
    const small = rows.map((row) => row.map((value, column) => (column === 3 ? value * 1e-40 : value)));
    const { report, nodes } = await frozen('w=int8', model(small));
    const stored = content(nodes.get('w/int8'));
    expect([...new Int8Array(stored)]).toEqual([127, -2, 127, 0, 64, 127, 0, 0, -127, 0, 0, 0, 32, 1, 0, 0]);
    const scales = [1 / 127, 1, 65520 / 127, 1].map(Math.fround);
    expect(content(nodes.get('w/scales'))).toEqual(float32(...scales));
    expect(nodes.get('w')?.op).toBe('Mul');
    expect(report.variables[0]).toMatchObject({ storedAs: 'int8', overflows: 0 });
  });

  it('int8: each matrix of a batch has scales of its own', async () => {
    // The second one is a thousand times the first, its columns the other way round.
    const numbers = [...rows.flat(), ...rows.flatMap((row) => [...row].reverse().map((value) => value * 1000))];
    const made = smallModel(
      [
        placeholder('x'),
        refVariable('w', float, 2, 4, 4),
        { name: 'y', op: 'BatchMatMulV2', input: ['x', 'w'], attr: { T: typeAttr(float) } },
      ],
      [{ key: 'w', dtype: float, shape: [2, 4, 4], bytes: float32(...numbers) }],
    );
    const { nodes } = await frozen('w=int8', made);
    const first = [127, -2, 127, 127, 64, 127, 0, 0, -127, 0, 0, 0, 32, 1, 0, 0];
    const stored = [...new Int8Array(content(nodes.get('w/int8')))];
    expect(stored.slice(0, 16)).toEqual(first);
    expect(stored.slice(16)).toEqual([0, 4, 8, 12].flatMap((row) => first.slice(row, row + 4).reverse()));
    const scales = [1, 127, 65520, Math.fround(0.1)];
    const more = [...scales].reverse().map((scale) => Math.fround(scale * 1000));
    expect(content(nodes.get('w/scales'))).toEqual(
      float32(...[...scales, ...more].map((most) => Math.fround(most / 127))),
    );
    expect(nodes.get('w/scales')?.attr.value).toMatchObject({
      tensor: { tensor_shape: { dim: [{ size: 2 }, { size: 1 }, { size: 4 }] } },
    });
  });

  it('a pattern that matches what can only stay as it is says so', async () => {
    const { report } = await frozen('*=float16', {
      ...smallModel(
        [
          placeholder('x'),
          refVariable('w', float, 2, 2),
          refVariable('factor', float),
          { name: 'y', op: 'AddN', input: ['x', 'w', 'factor'], attr: { T: typeAttr(float), N: { i: 3 } } },
        ],
        [
          { key: 'w', dtype: float, shape: [2, 2], bytes: float32(1, 2, 3, 4) },
          { key: 'factor', dtype: float, shape: [], bytes: float32(1) },
        ],
      ),
    });
    expect(report.unchangedWeights).toEqual(['factor']);
    expect(report.variables.map(({ storedAs }) => storedAs)).toEqual(['float16', 'float32']);
  });

  it('a dry run has the size and no overflows', async () => {
    const { graph, checkpoint, out } = model();
    const options = { graph, checkpoint, outputs: 'y', out, weights: 'w=float16' };
    const dry = await freeze({ ...options, dryRun: true });
    expect(dry.variables[0]).toMatchObject({ storedAs: 'float16', overflows: 0 });
    expect(dry.bytes).toBe((await freeze(options)).bytes);
  });

  it('without rules, and with float32, the graph is what it would be', async () => {
    const made = model();
    await frozen(undefined, made);
    const plain = readFileSync(made.out);
    await frozen(['w=int8', '*=float32'], made);
    expect(readFileSync(made.out)).toEqual(plain);
  });

  it('int8: the largest float32 is restored as a finite number, next to itself', async () => {
    const largest = (2 - 2 ** -23) * 2 ** 127;
    const { report, nodes } = await frozen('w=int8', model([[largest, -largest, 1, largest / 2], ...rows]));
    const stored = new Int8Array(content(nodes.get('w/int8')));
    expect([...stored.subarray(0, 4)]).toEqual([127, -127, 0, 127]);
    const scales = content(nodes.get('w/scales'));
    // As the graph multiplies: in float32.
    const restored = [0, 1].map((column) => Math.fround((stored[column] as number) * scales.readFloatLE(4 * column)));
    expect(restored).toEqual([3.4028232635611926e38, -3.4028232635611926e38]);
    expect(report.variables[0]).toMatchObject({ storedAs: 'int8', overflows: 0 });
  });
});

describe('weights that cannot be stored so', () => {
  async function refusal(options: Partial<FreezeOptions>, made = model()) {
    const { graph, checkpoint, out, outFolder } = made;
    const error = await failure(() => freeze({ graph, checkpoint, outputs: 'y', out, ...options }));
    expect(namesIn(outFolder)).toEqual([]);
    return error;
  }

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('int8 has no place for %s', async (value) => {
    const error = await refusal({ weights: 'w=int8' }, model([...rows, [0, value, 0, 0]]));
    expect(error.code).toBe('UNSUPPORTED');
    expect(error.message).toBe(
      "Variable 'w' has values that are no finite numbers, and int8 has no place for them. " +
        "Store it in another type ('w=float32' keeps it as it is), or mend the checkpoint.",
    );
  });

  it('rules are no part of what TensorFlow writes', async () => {
    const error = await refusal({ weights: 'float16', tfParity: true });
    expect(error.code).toBe('INVALID_ARGUMENT');
    expect(error.message).toContain('weights cannot be given together with tfParity');
    const { graph, checkpoint, out } = model();
    const flags = { input_graph: graph, input_checkpoint: checkpoint, output_node_names: 'y', output_graph: out };
    const unknown = await failure(() => freezeGraph({ ...flags, weights: 'float16' } as never));
    expect(unknown.message).toContain("There is no option 'weights'");
  });

  it('a rule that is none, and one that matches nothing', async () => {
    expect((await refusal({ weights: 'w:int8' as never })).message).toContain("but received 'w:int8'");
    expect((await refusal({ weights: 'v=int8' })).message).toContain("The nearest names are 'w'.");
  });

  it('damaged bytes are found, whatever they become', async () => {
    const made = model();
    const shard = `${made.checkpoint}.data-00000-of-00001`;
    const bytes = readFileSync(shard);
    bytes[5] = (bytes[5] as number) ^ 1;
    writeFileSync(shard, bytes);
    for (const weights of ['w=float16', 'w=bfloat16', 'w=int8']) {
      expect((await refusal({ weights }, made)).code).toBe('CHECKSUM_MISMATCH');
    }
  });

  it('an abort ends the search for scales, and what comes after it', async () => {
    // A whole run would find that the checksum is wrong.
    const made = largeModel();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 20);
    expect((await refusal({ weights: 'w=int8', signal: controller.signal }, made)).code).toBe('ABORTED');
  });
});
