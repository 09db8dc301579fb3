// Checks and suggestions that run beside the program. The sources have no workers, so the built package is run.
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { checkGraph, suggest } from '../../src/index.js';
import { graphDef } from '../support/graph-def.js';
import { padGraph, type SmallModel, smallModel, smallNodes } from '../support/model.js';
import { runModule } from '../support/run.js';

/** Runs source that has the functions, the model's `file`, `failed` and `print`; gives what was printed. */
async function run({ graph }: SmallModel, source: string): Promise<unknown> {
  const { code, signal, stdout, stderr } = await runModule(`
    import { checkGraph, isPermafrostError, suggest } from 'permafrost';
    const file = ${JSON.stringify(graph)};
    const print = (value) => console.log(JSON.stringify(value));
    const failed = (pending) => pending.then(() => 'done', (error) => [isPermafrostError(error), error.code, error.message]);
    let workers = 0;
    process.on('worker', () => workers++);
    ${source}
  `);
  expect([code, signal, stderr]).toEqual([0, null, '']);
  return JSON.parse(stdout);
}

/** With a finding for each of many nodes, of which two share a long name. */
function brokenModel(): SmallModel {
  const model = smallModel();
  const long = 'n'.repeat(10_000);
  const nodes = Array.from({ length: 5_000 }, (_, at) => ({
    name: at < 2 ? long : `node${at}`,
    op: 'Neg',
    input: ['no'],
  }));
  writeFileSync(model.graph, graphDef([...smallNodes, ...nodes]));
  return model;
}

/** Without what is undefined, as JSON has it. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a large graph', () => {
  it('is checked in a worker, with the same findings', async () => {
    const model = brokenModel();
    const report = await checkGraph({ file: model.graph });
    expect(report.errors).toBeGreaterThan(5_000);
    const source = 'const report = await checkGraph({ file }); print({ workers, report });';
    expect(await run(model, source)).toEqual({ workers: 1, report: plain(report) });
  });
  it('has its inputs and outputs suggested by a worker, also of bytes, which stay with the caller', async () => {
    const model = smallModel();
    padGraph(model);
    const { graph: _, ...report } = await suggest({ graph: model.graph });
    const source = `
      import { readFileSync } from 'node:fs';
      const bytes = readFileSync(file);
      const reports = [await suggest({ graph: file }), await suggest({ graph: bytes })];
      print({ workers, names: reports.map(({ graph }) => graph), report: reports.map(({ graph, ...rest }) => rest), length: bytes.length });
    `;
    expect(await run(model, source)).toEqual({
      workers: 2,
      names: [model.graph, '<bytes>'],
      report: Array(2).fill(plain(report)),
      length: readFileSync(model.graph).length,
    });
  });
  it('fails with the errors of the calling thread', async () => {
    const model = smallModel();
    padGraph(model);
    const source = `
      const errors = [await failed(checkGraph({ file, limits: { nodes: 1 } })), await failed(checkGraph({ file, target: 'tpu' }))];
      print({ workers, errors });
    `;
    expect(await run(model, source)).toEqual({
      workers: 2,
      errors: [
        [true, 'LIMIT_EXCEEDED', expect.stringContaining('more than 1 node')],
        [true, 'DEVICE_UNKNOWN', expect.stringContaining("'tpu'")],
      ],
    });
  });
  it('is left when the signal says so, before its turn comes too', async () => {
    const model = smallModel();
    padGraph(model);
    const source = `
      import { getEventListeners } from 'node:events';
      const controller = new AbortController();
      const { signal } = controller;
      const pending = Array.from({ length: 5 }, () => failed(suggest({ graph: file, signal })));
      process.once('worker', () => controller.abort());
      const ends = await Promise.all(pending);
      const late = await failed(checkGraph({ file, signal }));
      print({ ends: [...new Set([...ends, late].map(String))], listeners: getEventListeners(signal, 'abort').length });
    `;
    expect(await run(model, source)).toEqual({
      ends: ['true,ABORTED,The work on the graph was aborted.'],
      listeners: 0,
    });
  });
});

it('keeps its turn when nobody waits for it any more, until its worker is done', async () => {
  const source = `
    const controllers = Array.from({ length: 9 }, () => new AbortController());
    let [busy, most, started] = [0, 0, 0];
    process.on('worker', (worker) => {
      most = Math.max(most, ++busy);
      worker.once('message', () => busy--);
      const controller = controllers[started++];
      setTimeout(() => controller.abort(), 5);
    });
    const ends = await Promise.all(controllers.map(({ signal }) => failed(checkGraph({ file, signal }))));
    print({ most, codes: [...new Set(ends.map(([, code]) => code))] });
  `;
  expect(await run(brokenModel(), source)).toEqual({ most: 3, codes: ['ABORTED'] });
});

describe('a small graph', () => {
  it('is given up when the signal says so before it is read', async () => {
    const source = `
      const ends = [];
      for (const look of [({ signal }) => checkGraph({ file, signal }), ({ signal }) => suggest({ graph: file, signal })]) {
        const controller = new AbortController();
        const pending = failed(look(controller));
        controller.abort();
        ends.push((await pending)[1]);
      }
      print({ workers, ends });
    `;
    expect(await run(smallModel(), source)).toEqual({ workers: 0, ends: ['ABORTED', 'ABORTED'] });
  });
  it('needs no worker, unless it is to have a heap of its own', async () => {
    const source = `
      const counts = [];
      for (const more of [{}, { heapBytes: 2 ** 25 }]) {
        await checkGraph({ file, ...more });
        await suggest({ graph: file, ...more });
        counts.push(workers);
      }
      print(counts);
    `;
    expect(await run(smallModel(), source)).toEqual([0, 2]);
  });
});

it('a graph that needs more than its heap is an error', { timeout: 60_000 }, async () => {
  const model = smallModel();
  const nodes = Array.from({ length: 100_000 }, (_, at) => ({ name: `n${at}`, op: 'Neg', input: ['no', 'yes'] }));
  writeFileSync(model.graph, graphDef(nodes));
  const source = 'print(await failed(checkGraph({ file, heapBytes: 2 ** 25 })));';
  expect(await run(model, source)).toEqual([true, 'OUT_OF_MEMORY', expect.stringContaining('(heapBytes)')]);
});
