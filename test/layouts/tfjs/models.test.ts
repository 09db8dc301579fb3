/** The models of `scripts/make-tfjs-models.py`, frozen and run in TensorFlow.js: with the numbers that TensorFlow gave. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type FreezeOptions, freeze } from '../../../src/index.js';
import { temporaryFolder } from '../../support/folder.js';
import { backends, loadTfjs, runTfjs, type TensorValues, type Tensors, useBackend } from '../../support/tfjs.js';

const models = new URL('models/', import.meta.url).pathname;

interface Run {
  readonly feeds: Tensors;
  readonly fetches: Tensors;
}

/** Of a graph with a checkpoint, the outputs; a SavedModel has a signature. */
const outputs: Readonly<Record<string, readonly string[] | undefined>> = {
  dense: ['y', 'best'],
  convolution: ['y'],
  choices: ['chosen', 'total'],
  recurrent: undefined,
  lookup: undefined,
  types: undefined,
};

function optionsOf(name: string): Omit<FreezeOptions, 'out' | 'layout'> {
  const folder = join(models, name);
  const names = outputs[name];
  return names ? { graph: join(folder, 'graph.pb'), checkpoint: join(folder, 'model'), outputs: names } : { graph: folder };
}

function expectClose(found: TensorValues | undefined, { shape, values }: TensorValues): void {
  expect(found?.shape).toEqual(shape);
  values.forEach((value, index) => {
    if (typeof value === 'number') expect(found?.values[index]).toBeCloseTo(value, 5);
    else expect(found?.values[index]).toEqual(value);
  });
}

describe.each(backends)('TensorFlow.js on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  it.each(Object.keys(outputs))('runs %s', async (name) => {
    const out = join(temporaryFolder(), name);
    await freeze({ ...optionsOf(name), out, layout: 'tfjs' });
    const model = await loadTfjs(out);
    const runs: Run[] = JSON.parse(readFileSync(join(models, name, 'runs.json'), 'utf8'));
    expect(runs.length).toBeGreaterThan(0);
    for (const { feeds, fetches } of runs) {
      const fetched = await runTfjs(model, feeds);
      expect(Object.keys(fetched).sort()).toEqual(Object.keys(fetches).sort());
      for (const [output, tensor] of Object.entries(fetches)) expectClose(fetched[output], tensor);
    }
  });
});
