import { writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { failure } from '../support/failure.js';
import { namesIn } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import { graphDef, identity, type NodeLiteral, refVariable } from '../support/graph-def.js';
import { type SmallModel, smallModel } from '../support/model.js';
import { writeSparseCheckpoint } from '../support/sparse-checkpoint.js';

const mebibyte = 1 << 20;

/** One variable for each size, all of them needed by `y`. */
function model(sizes: Readonly<Record<string, number>>): SmallModel {
  const made = smallModel();
  const names = Object.keys(sizes);
  const variables: NodeLiteral[] = names.map((name) => refVariable(name, 1, (sizes[name] as number) / 4));
  writeFileSync(made.graph, graphDef([...variables, { name: 'y', op: 'ConcatV2', input: names }]));
  writeSparseCheckpoint(made.checkpoint, sizes);
  return made;
}

describe('more than 2 GiB', () => {
  it('are refused before anything is written, with the size and the five largest variables', async () => {
    const sizes = { a: 512, b: 513, c: 514, d: 515, e: 516, f: 1, g: 2 };
    const bytes = Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, size * mebibyte]));
    const { graph, checkpoint, out, outFolder } = model(bytes);
    const error = await failure(() => freeze({ graph, checkpoint, outputs: 'y', out }));
    expect(error.code).toBe('OUTPUT_TOO_LARGE');
    const [, total] = /^The frozen graph would be (\d+) bytes, and no program can read/.exec(error.message) ?? [];
    expect(Number(total)).toBeGreaterThan(2573 * mebibyte);
    expect(Number(total)).toBeLessThan(2573 * mebibyte + 1000);
    expect(error.message).toContain('of more than 2147483647 (2 GiB): nothing was written.');
    expect(error.message).toContain(
      "The largest variables are 'e' (541065216 bytes), 'd' (540016640 bytes), 'c' (538968064 bytes), " +
        "'b' (537919488 bytes), 'a' (536870912 bytes). Choose outputs",
    );
    expect(namesIn(outFolder)).toEqual([]);
  });

  it('of one variable are refused, too', async () => {
    const { graph, checkpoint, out, outFolder } = model({ w: 3072 * mebibyte });
    const error = await failure(() => freeze({ graph, checkpoint, outputs: 'y', out }));
    expect(error.code).toBe('OUTPUT_TOO_LARGE');
    expect(error.message).toContain("The largest variables are 'w' (3221225472 bytes).");
    expect(namesIn(outFolder)).toEqual([]);
  });

  it('are refused by a dry run, too', async () => {
    const { graph, checkpoint } = model({ w: 3072 * mebibyte });
    const error = await failure(() => freeze({ graph, checkpoint, outputs: 'y', dryRun: true }));
    expect(error.code).toBe('OUTPUT_TOO_LARGE');
  });

  it('are no matter where the outputs need less', async () => {
    const { graph, checkpoint } = model({ a: 4, w: 3072 * mebibyte });
    writeFileSync(graph, graphDef([refVariable('a', 1, 1), refVariable('w', 1, 768 * mebibyte), identity('y', 'a')]));
    await expect(freeze({ graph, checkpoint, outputs: 'y', dryRun: true })).resolves.toMatchObject({ nodesAfter: 2 });
  });
});

it('the largest file that can be read is exactly 2147483647 bytes', async () => {
  /** The size of a frozen graph with one large variable and a note of `padding` bytes. */
  const sizeWith = async (padding: number): Promise<number> => {
    const { graph, checkpoint } = model({ w: 2047 * mebibyte });
    const note = { _note: { s: Buffer.alloc(padding, 'n') } };
    writeFileSync(graph, graphDef([refVariable('w', 1, 2047 * (mebibyte / 4)), { ...identity('y', 'w'), attr: note }]));
    return (await freeze({ graph, checkpoint, outputs: 'y', dryRun: true })).bytes;
  };
  // Lengths between these two take the same number of bytes, so one byte of note is one byte of file.
  const room = 2 ** 31 - 1 - (await sizeWith(500_000));
  expect(await sizeWith(500_000 + room)).toBe(2 ** 31 - 1);
  const error = await failure(() => sizeWith(500_000 + room + 1));
  expect(error.message).toMatch(/^The frozen graph would be 2147483648 bytes,/);
});
