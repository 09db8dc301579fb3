import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namesIn } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import { smallModel } from '../support/model.js';

describe('many freezes at once in one process', () => {
  it('do not disturb each other', async () => {
    const models = Array.from({ length: 30 }, () => smallModel());
    const one = smallModel();
    await freeze({ graph: one.graph, checkpoint: one.checkpoint, outputs: 'y', out: one.out });
    await Promise.all(models.map(({ graph, checkpoint, out }) => freeze({ graph, checkpoint, outputs: 'y', out })));
    for (const { out } of models) expect(readFileSync(out).equals(readFileSync(one.out))).toBe(true);
  });

  it('of one checkpoint into different targets are the same', async () => {
    const { graph, checkpoint, outFolder } = smallModel();
    const targets = ['a', 'b', 'c'].map((name) => join(outFolder, name));
    await Promise.all(targets.map((out) => freeze({ graph, checkpoint, outputs: 'y', out })));
    expect(namesIn(outFolder)).toEqual(['a', 'b', 'c']);
    const [first, ...others] = targets.map((out) => readFileSync(out, 'hex'));
    for (const other of others) expect(other).toBe(first);
  });

  it('into one target leave one whole file', async () => {
    const { graph, checkpoint, out, outFolder } = smallModel();
    const reports = await Promise.all([1, 2, 3, 4].map(() => freeze({ graph, checkpoint, outputs: 'y', out })));
    expect(namesIn(outFolder)).toEqual(['frozen.pb']);
    expect(readFileSync(out)).toHaveLength(reports[0]?.bytes as number);
  });
});
