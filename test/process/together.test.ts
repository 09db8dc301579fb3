import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namesIn } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import { smallModel } from '../support/model.js';
import { runModule, startNode } from '../support/run.js';

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

describe('the package is loaded', () => {
  const { graph, checkpoint } = { graph: 'examples/demo/graph.pb', checkpoint: 'examples/demo' };
  const options = JSON.stringify({ graph, checkpoint, outputs: 'inference/probabilities', dryRun: true });
  const print = `.then(({ variables }) => console.log(variables.length > 0))`;

  it('by import', async () => {
    const source = `import { freeze } from 'permafrost'; freeze(${options})${print};`;
    expect(await runModule(source)).toMatchObject({ code: 0, stdout: 'true\n', stderr: '' });
  });
  it('by require', async () => {
    const source = `const { freeze } = require('permafrost'); freeze(${options})${print};`;
    expect(await startNode('--input-type=commonjs', '--eval', source).ended).toMatchObject({
      code: 0,
      stdout: 'true\n',
    });
  });
  it('twice, and errors of one copy are known to the other', async () => {
    const source = `
      import { isPermafrostError } from 'permafrost';
      const other = await import('./dist/index.js?copy');
      const error = new other.PermafrostError('ABORTED', 'text');
      console.log(isPermafrostError(error), isPermafrostError(new Error('text')), isPermafrostError('text'));
    `;
    expect(await runModule(source)).toMatchObject({ code: 0, stdout: 'true false false\n' });
  });
  it('with nothing but its names', async () => {
    const source = `console.log(Object.keys(await import('permafrost')).sort().join(' '));`;
    expect((await runModule(source)).stdout).toBe(
      'PermafrostError checkGraph freeze freezeGraph isPermafrostError relocate\n',
    );
  });
});
