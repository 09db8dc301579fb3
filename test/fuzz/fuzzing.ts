/** How often a property is tried, and what is true of every end. */
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect } from 'vitest';
import { errorCodes, isPermafrostError, type PermafrostErrorCode } from '../../src/errors.js';
import { float32 } from '../support/bytes.js';
import { makeFolder, namesIn } from '../support/folder.js';
import { float } from '../support/graph-def.js';
import { writeBundle } from '../support/write-bundle.mjs';

const { PERMAFROST_FUZZ_RUNS: given, PERMAFROST_FUZZ_SEED: again } = process.env;
const seed = Number(again ?? Date.now() % 2 ** 31);
const known: ReadonlySet<string> = new Set(errorCodes);

/** How a job ended: with a result, or an error of a documented code. */
export type End<T> = { readonly result: T } | { readonly code: PermafrostErrorCode };

/** Ends, by what they were. */
const ends = new Map<string, number>();

/** @throws whatever is thrown that is no PermafrostError. */
export async function ending<T>(job: () => Promise<T>): Promise<End<T>> {
  try {
    const result = await job();
    ends.set('results', (ends.get('results') ?? 0) + 1);
    return { result };
  } catch (error) {
    if (!isPermafrostError(error) || !known.has(error.code)) throw error;
    expect(error.message).not.toBe('');
    ends.set(error.code, (ends.get(error.code) ?? 0) + 1);
    return { code: error.code };
  }
}

/** Tries a property as often as CI can afford, or as often as was asked for; a failure names the seed that repeats it. */
export async function holds<T extends unknown[]>(
  name: string,
  usual: number,
  property: fc.IAsyncProperty<T>,
): Promise<void> {
  ends.clear();
  const runs = given === undefined ? usual : Number(given);
  await fc.assert(property, { numRuns: runs, seed });
  const all = [...ends].sort(([, a], [, b]) => b - a).map(([end, count]) => `${end} ${count}`);
  console.log(`${name}: ${runs} runs with seed ${seed}: ${all.join(', ')}`);
}

/** A folder for one run: a checkpoint of these variables, each two floats, and an empty folder for what is written. */
export async function inFolder<T>(
  variables: readonly string[],
  job: (place: { path: (name: string) => string; write: (name: string, content: Uint8Array | string) => string }) => T,
): Promise<Awaited<T>> {
  const [folder, remove] = makeFolder();
  const path = (name: string): string => join(folder, name);
  const write = (name: string, content: Uint8Array | string): string => {
    writeFileSync(path(name), content);
    return path(name);
  };
  writeBundle(
    path('model.ckpt'),
    [...new Set(variables)].map((key) => ({ key, dtype: float, shape: [2], bytes: float32(1, 2) })),
  );
  try {
    const ended = await job({ path, write });
    // Whatever happened, no temporary file is left.
    expect(namesIn(folder).filter((name) => name.includes('.permafrost-'))).toEqual([]);
    return ended;
  } finally {
    rmSync(folder, { recursive: true, force: true });
    remove();
  }
}
