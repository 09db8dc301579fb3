/** The models of `scripts/make-tfjs-models.py`, frozen and run in TensorFlow.js: with the numbers that TensorFlow gave. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FreezeOptions, freeze } from '../../../src/index.js';
import { temporaryFolder } from '../../support/folder.js';
import { type Backend, chooseBackend, difference, loadTfjs, runTfjs, type Tensors } from '../../support/tfjs.mjs';

const models = new URL('models/', import.meta.url).pathname;
const backends: readonly Backend[] = ['cpu', 'wasm'];

/** Of a graph with a checkpoint, the outputs; a SavedModel has a signature. */
const outputs: Readonly<Record<string, readonly string[] | undefined>> = {
  dense: ['y', 'best'],
  convolution: ['y'],
  choices: ['chosen', 'total', 'product'],
  recurrent: undefined,
  lookup: undefined,
  types: undefined,
};

interface Run {
  readonly feeds: Tensors;
  readonly fetches: Tensors;
}

function sourceOf(name: string): Omit<FreezeOptions, 'out'> {
  const folder = join(models, name);
  const nodes = outputs[name];
  return nodes
    ? { graph: join(folder, 'graph.pb'), checkpoint: join(folder, 'model'), outputs: nodes }
    : { graph: folder };
}

describe.each(backends)('TensorFlow.js on %s', (backend) => {
  beforeAll(() => chooseBackend(backend));

  it.each(Object.keys(outputs))('runs %s', async (name) => {
    const out = join(temporaryFolder(), name);
    await freeze({ ...sourceOf(name), out, layout: 'tfjs' });
    const model = await loadTfjs(out);
    const runs: Run[] = JSON.parse(readFileSync(join(models, name, 'runs.json'), 'utf8'));
    expect(runs.length).toBeGreaterThan(0);
    // Again, since what a run hands out is disposed of.
    for (const { feeds, fetches } of [...runs, ...runs]) {
      expect(difference(fetches, await runTfjs(model, feeds), 1e-5)).toBeUndefined();
    }
  });
});
