// One binary has code for several generations of processors, and takes the best that the one below it can run.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../support/folder.js';
import { root } from '../support/run.js';

const demo = join(root, 'examples', 'demo');
const levels = process.arch === 'x64' ? ['portable', 'sse4.2', 'avx2', 'avx512'] : ['portable', 'armv8'];
const types = ['original', 'float16', 'bfloat16', 'int8'];

/** What the demo is frozen to with all types of weights, by a process that is held down to these instructions. */
function frozen(level: string | undefined): Buffer[] {
  const folder = temporaryFolder();
  const options = types.map((type) => ({
    graph: join(demo, 'graph.pb'),
    checkpoint: join(demo, 'model.ckpt-200'),
    outputs: 'inference/probabilities',
    out: join(folder, type),
    ...(type !== 'original' && { weights: `*=${type}` }),
  }));
  const source = `
    import { freeze } from 'permafrost';
    for (const options of ${JSON.stringify(options)}) await freeze(options);`;
  const { PERMAFROST_CPU: _, ...env } = process.env;
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], {
    cwd: root,
    encoding: 'utf8',
    env: level === undefined ? env : { ...env, PERMAFROST_CPU: level },
  });
  expect([status, stderr]).toEqual([0, '']);
  return types.map((type) => readFileSync(join(folder, type)));
}

describe('the instructions of a processor', () => {
  it('change no byte', () => {
    const [original, ...converted] = frozen(undefined);
    expect(original?.equals(readFileSync(join(demo, 'frozen-by-tensorflow.pb')))).toBe(true);
    for (const level of levels) {
      const [stored, ...others] = frozen(level);
      expect(stored?.equals(original as Buffer), level).toBe(true);
      expect(
        others.map((bytes, at) => bytes.equals(converted[at] as Buffer)),
        level,
      ).toEqual([true, true, true]);
    }
  });
});
