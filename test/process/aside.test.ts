// Freezes that run beside the program: in a worker of their own. The sources have none, so the built package is run.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { namesIn } from '../support/folder.js';
import { call, type FunctionLiteral, libraryOf } from '../support/functions.js';
import {
  float,
  floatNode,
  graphDef,
  handleVariable,
  placeholder,
  readVariable,
  refVariable,
  resource,
  typeAttr,
} from '../support/graph-def.js';
import { largeModel, padGraph, type SmallModel, smallModel, smallNodes } from '../support/model.js';
import { runModule } from '../support/run.js';
import { metaGraph, savedModel, savedModelBytes } from '../support/saved-model.js';

/** Runs source that has `freeze`, the model's `options` and `print`; gives what was printed. */
async function run({ graph, checkpoint, out }: SmallModel, source: string): Promise<unknown> {
  const options = JSON.stringify({ graph, checkpoint, outputs: 'y', out });
  const { code, signal, stdout, stderr } = await runModule(`
    import { freeze, freezeGraph, PermafrostError } from 'permafrost';
    const options = ${options};
    const print = (value) => console.log(JSON.stringify(value));
    ${source}
  `);
  expect([code, signal, stderr]).toEqual([0, null, '']);
  return JSON.parse(stdout);
}

/** One whose graph is too large for the calling thread. */
function padded(model: SmallModel): SmallModel {
  padGraph(model);
  return model;
}

/** The small model with a variable of so many bytes. */
function spread(bytes: number): SmallModel {
  const values = Float32Array.from({ length: bytes / 4 }, (_, index) => index);
  const nodes = smallNodes.map((node) => (node.name === 'w' ? refVariable('w', float, values.length) : node));
  const tensor = { key: 'w', dtype: float, shape: [values.length], bytes: new Uint8Array(values.buffer) };
  return smallModel(nodes, [tensor]);
}

/** Functions each of which calls the one before twice, so that the last comes to 2^`last` calls of the first. */
function growingModel(writes: boolean, last: number): SmallModel {
  const set = { name: 'set', op: 'AssignVariableOp', input: ['w', 'x'], attr: { dtype: typeAttr(float) } };
  const functions: Record<string, FunctionLiteral> = {
    f0: {
      inputs: { w: resource, x: float },
      outputs: { y: float },
      nodes: [...(writes ? [set] : []), floatNode('Neg', 'neg', 'x')],
      returns: { y: 'neg:y:0' },
    },
  };
  for (let i = 1; i <= last; i++) {
    functions[`f${i}`] = {
      inputs: { w: resource, x: float },
      outputs: { y: float },
      nodes: [
        call('a', ['w', 'x'], `f${i - 1}`, [resource, float]),
        call('b', ['w', 'a:output:0'], `f${i - 1}`, [resource, float]),
      ],
      returns: { y: 'b:output:0' },
    };
  }
  const nodes = [
    placeholder('x'),
    handleVariable('w', float, 2),
    call('c', ['w', 'x'], `f${last}`, [resource, float]),
    readVariable('r', 'w'),
    floatNode('Mul', 'y', 'c', 'r'),
  ];
  const model = smallModel();
  writeFileSync(model.graph, graphDef(nodes, { library: libraryOf(functions) }));
  return model;
}

/** So that functions may come to that much. */
const grown = 'const grown = { limits: { expandedBytes: 2 ** 50 } };';

/** Functions that nobody ever sees the end of: 2^30 calls. */
const endless = 30;

/** Of the benchmarks: source that makes the tensors and nodes of a model. */
const makers = {
  '120,000 nodes': `
    import { manyNodesModel } from './bench/models/many-nodes.mjs';
    const make = () => manyNodesModel(200, 100);
  `,
  // Nearly all of it is holes.
  '1 GB': `
    import { weightsModel } from './bench/models/weights.mjs';
    const make = () => weightsModel(1e9, 4, { written: 4096 });
  `,
};

/** A model whose output is `output`. */
async function make(name: keyof typeof makers): Promise<SmallModel> {
  const model = smallModel();
  const { code, stderr } = await runModule(`
    import { prepareModel } from './bench/models/prepare.mjs';
    ${makers[name]}
    prepareModel(${JSON.stringify(model.folder)}, { name: 'made', make });
  `);
  expect([code, stderr]).toEqual([0, '']);
  const made = join(model.folder, 'made');
  return { ...model, graph: join(made, 'graph.pb'), checkpoint: join(made, 'model.ckpt') };
}

describe('the calling thread', () => {
  // Otherwise it would stand still for seconds: while a graph is worked at, or while all of a report comes in at once.
  it('has its turns while 120,000 nodes are frozen', { timeout: 180_000 }, async () => {
    const source = `
      import { setTimeout } from 'node:timers/promises';
      let workers = 0;
      const parts = [];
      let [asked, unasked] = [0, 0];
      process.on('worker', (worker) => {
        workers++;
        // Whoever asks for a part takes its time.
        const { postMessage } = worker;
        worker.postMessage = async (message) => {
          await setTimeout(20);
          asked++;
          postMessage.call(worker, message);
        };
        worker.on('message', ({ kind, variables }) => {
          if (kind !== 'variables') return;
          parts.push(variables.length);
          if (parts.length > asked) unasked++;
        });
      });
      const report = await freeze({ ...options, outputs: 'output' });
      print({ workers, variables: report.variables.length, parts, unasked });
    `;
    expect(await run(await make('120,000 nodes'), source)).toEqual({
      workers: 1,
      variables: 20_000,
      parts: Array(10).fill(2_000),
      unasked: 0,
    });
  });

  it('keeps the bytes of a graph that a worker freezes', async () => {
    const model = padded(smallModel());
    const source = `
      import { readFileSync } from 'node:fs';
      let workers = 0;
      process.on('worker', () => workers++);
      await freeze(options);
      const byPath = readFileSync(options.out);
      const graph = readFileSync(options.graph);
      await freeze({ ...options, graph });
      print([workers, graph.equals(readFileSync(options.graph)), byPath.equals(readFileSync(options.out))]);
    `;
    expect(await run(model, source)).toEqual([2, true, true]);
  });

  it('gets from a worker what is to go into a stream, or into its memory', async () => {
    const source = `
      import { readFileSync } from 'node:fs';
      import { PassThrough } from 'node:stream';
      import { buffer } from 'node:stream/consumers';
      let workers = 0;
      process.on('worker', () => workers++);
      await freeze(options);
      const { out, ...rest } = options;
      const stream = new PassThrough();
      const [streamed] = await Promise.all([buffer(stream), freeze({ ...rest, out: stream })]);
      const { content } = await freeze({ ...rest, inMemory: true });
      const leaving = new PassThrough();
      leaving.on('data', () => leaving.destroy(new Error('left')));
      const left = await freeze({ ...rest, out: leaving }).catch(({ code }) => code);
      const stuck = new PassThrough();
      const ending = new AbortController();
      stuck.on('readable', () => ending.abort());
      const aborted = await freeze({ ...rest, out: stuck, signal: ending.signal }).catch(({ code }) => code);
      const expected = readFileSync(out);
      print([workers, expected.equals(streamed), expected.equals(content), left, aborted, stuck.destroyed]);
    `;
    const printed = await run(padded(spread(3_000_000)), source);
    expect(printed).toEqual([5, true, true, 'WRITE_FAILED', 'ABORTED', true]);
  });

  it('freezes others while streams take nothing, which may end as they like', { timeout: 60_000 }, async () => {
    const source = `
      import { readFileSync } from 'node:fs';
      import { Writable } from 'node:stream';
      import { Worker } from 'node:worker_threads';
      import { liveHandles } from 'permafrost';
      const { out, ...rest } = options;
      const stuck = () => {
        let taken;
        const begun = new Promise((resolve) => { taken = resolve; });
        return { begun, stream: new Writable({ highWaterMark: 1, write: (chunk, encoding, done) => taken(done) }) };
      };
      const ending = new AbortController();
      const streams = Array.from({ length: 6 }, stuck);
      const pending = streams.map(({ stream }, index) =>
        freeze({ ...rest, out: stream, ...(index > 3 ? { signal: ending.signal } : {}) }).catch(({ code }) => code));
      // A thread of the program that has streams of its own, and is terminated.
      const theirs = \`
        import { Writable } from 'node:stream';
        import { parentPort, workerData } from 'node:worker_threads';
        import { freeze } from 'permafrost';
        for (let i = 0; i < 4; i++) freeze({ ...workerData, out: new Writable({ highWaterMark: 1, write: () => parentPort.postMessage('taken') }) });
      \`;
      const worker = new Worker(theirs, { eval: true, execArgv: ['--input-type=module'], workerData: rest });
      let taken = 0;
      const all = new Promise((resolve) => worker.on('message', () => { if (++taken === 4) resolve(); }));
      await Promise.all([...streams.map(({ begun }) => begun), all]);
      const { bytes } = await freeze(options);
      await worker.terminate();
      const left = liveHandles();
      streams[0].stream.destroy(new Error('left'));
      streams[1].stream.destroy();
      (await streams[2].begun)(new Error('broken'));
      streams[3].stream.destroy();
      ending.abort();
      const codes = await Promise.all(pending);
      print([readFileSync(out).length === bytes, left.checkpoints, left.jobs, codes, liveHandles()]);
    `;
    expect(await run(padded(spread(3_000_000)), source)).toEqual([
      true,
      6,
      0,
      [...Array(4).fill('WRITE_FAILED'), 'ABORTED', 'ABORTED'],
      { checkpoints: 0, streams: 0, jobs: 0 },
    ]);
  });

  it('keeps what is placed by a function, which cannot cross', async () => {
    const source = `
      let workers = 0;
      process.on('worker', () => workers++);
      const seen = new Set();
      const placeRules = ({ name }) => { seen.add(name); return undefined; };
      await freeze({ ...options, place: 'cpu', placeRules });
      print([workers, seen.has('y')]);
    `;
    expect(await run(padded(smallModel()), source)).toEqual([0, true]);
  });

  it('does small freezes itself, and no others', async () => {
    const source = `
      let workers = 0;
      process.on('worker', () => workers++);
      await freeze(options);
      const small = workers;
      await freeze({ ...options, inline: true });
      await freezeGraph({
        input_graph: options.graph, input_checkpoint: options.checkpoint, output_node_names: 'y', output_graph: options.out,
      }, { inline: true });
      print([small, workers]);
    `;
    expect(await run(smallModel(), source)).toEqual([0, 2]);
  });
});

describe('a relative target', () => {
  it('is in the folder that the program worked in when it asked', async () => {
    const model = smallModel();
    const source = `
      import { existsSync } from 'node:fs';
      process.chdir(${JSON.stringify(model.outFolder)});
      const pending = freeze({ ...options, out: 'frozen.pb' });
      process.chdir('..');
      const { out } = await pending;
      print([out, existsSync('frozen.pb')]);
    `;
    expect(await run(model, source)).toEqual(['frozen.pb', false]);
    expect(namesIn(model.outFolder)).toEqual(['frozen.pb']);
  });
});

/** Source: what a freeze ends with before any other thread can answer; undefined where it goes on. */
const endOf = `
  const endOf = async (pending, controller, reason) => {
    let end;
    pending.then((value) => { end = value; }, (error) => { end = error; });
    controller.abort(reason);
    await new Promise(setImmediate);
    return end;
  };
`;

describe('a small graph that grows', () => {
  it.each([
    ['in the layout tfjs', { layout: 'tfjs' }],
    ['because its functions write', {}],
  ])('is frozen in a worker %s, which nobody waits for', async (name, more) => {
    const source = `
      import { once } from 'node:events';
      ${grown}
      ${endOf}
      const started = once(process, 'worker');
      const controller = new AbortController();
      const { signal } = controller;
      const pending = freeze({ ...options, ...grown, ...${JSON.stringify(more)}, dryRun: true, signal });
      const [worker] = await started;
      await once(worker, 'online');
      const end = await endOf(pending, controller);
      print(end?.code ?? 'goes on');
    `;
    expect(await run(growingModel(name.includes('write'), endless), source)).toBe('ABORTED');
  });
});

describe('a small graph for inference', () => {
  it.each([
    ['with functions', 1],
    ['without', 0],
  ])('%s is rewritten in a worker or not', async (name, workers) => {
    const model = name === 'without' ? smallModel() : growingModel(false, 1);
    const source = `
      let workers = 0;
      process.on('worker', () => workers++);
      await freeze({ ...options, inference: true });
      print(workers);
    `;
    expect(await run(model, source)).toBe(workers);
  });
});

describe('a small SavedModel', () => {
  it.each([
    ['whose own op assigns values', 'Assign', 1],
    ['whose own op does something else', 'NoOp', 0],
  ])('%s computes no value on the calling thread', async (_, op, workers) => {
    const fill = { name: 'fill', op: 'Const', attr: { dtype: typeAttr(float), value: { tensor: ones } } };
    const set =
      op === 'NoOp' ? { name: 'set', op } : { name: 'set', op, input: ['w', 'fill'], attr: { T: typeAttr(float) } };
    const collection_def = { saved_model_main_op: { node_list: { value: ['set'] } } };
    const graph = savedModel(savedModelBytes(metaGraph({ collection_def }, ['serve'], [...smallNodes, fill, set])));
    const source = `
      let workers = 0;
      process.on('worker', () => workers++);
      const { variables } = await freeze({ graph: ${JSON.stringify(graph)}, out: options.out });
      print([workers, variables.map(({ key }) => key ?? null)]);
    `;
    expect(await run(smallModel(), source)).toEqual([workers, [workers === 1 ? null : 'w']]);
  });
});

/** Of the small model's variable. */
const ones = { dtype: float, tensor_shape: { dim: [{ size: 2 }] }, float_val: [1, 1] };

describe('a worker whose freeze was aborted', () => {
  it.each([
    ['inlines', { inline: true }],
    ['lays out for TensorFlow.js', { layout: 'tfjs' }],
  ])('ends in the middle of what it %s', { timeout: 60_000 }, async (_, more) => {
    const source = `
      import { once } from 'node:events';
      import { setTimeout } from 'node:timers/promises';
      ${grown}
      const started = once(process, 'worker');
      const controller = new AbortController();
      const pending = freeze({ ...options, ...grown, ...${JSON.stringify(more)}, dryRun: true, signal: controller.signal }).catch((error) => error);
      const [worker] = await started;
      const ended = once(worker, 'exit');
      // It has begun by then, and would go on until it has no memory left.
      await setTimeout(1000);
      controller.abort();
      const { code } = await pending;
      print([code, ...(await ended)]);
    `;
    expect(await run(growingModel(false, endless), source)).toEqual(['ABORTED', 0]);
  });
});

describe('a freeze in a worker', () => {
  it('gives the report and the bytes of one on the calling thread', async () => {
    const [model, other] = [padded(smallModel()), smallModel()];
    const source = `
      import { readFileSync } from 'node:fs';
      const [one, two] = [options, { ...options, out: ${JSON.stringify(other.out)}, graph: ${JSON.stringify(other.graph)} }];
      const reports = [await freeze(one), await freeze(two)];
      const same = readFileSync(one.out).equals(readFileSync(two.out));
      const keys = reports.map((report) => Object.keys(report).sort().join(' '));
      print([same, keys[0] === keys[1], reports[0].variables, reports[0].milliseconds.total >= reports[0].milliseconds.read]);
    `;
    const w = { name: 'w', key: 'w', dtype: 'float32', shape: [2], bytes: 8 };
    expect(await run(model, source)).toMatchObject([true, true, [w], true]);
  });

  it('takes lists, sets of names and a variable map along', async () => {
    const source = `
      const variableMap = { w: 'w' };
      const allowed = await freeze({ ...options, outputs: ['y', 'x'], allow: ['w'], variableMap });
      const denied = await freeze({ ...options, deny: 'w', dryRun: true });
      const bad = await freeze({ ...options, variableMap: { w: () => 1 } }).catch(({ code }) => code);
      print([allowed.outputs, allowed.variables.length, denied.keptVariables, bad]);
    `;
    expect(await run(padded(smallModel()), source)).toEqual([['y', 'x'], 1, ['w'], 'INVALID_ARGUMENT']);
  });

  it('fails with the errors of one on the calling thread', async () => {
    const source = `
      const failed = (more) => freeze({ ...options, ...more }).catch((error) => error);
      const errors = [await failed({ outputs: 'z' }), await failed({ saver: '/no/saver' })];
      print(errors.map((error) => [
        error instanceof PermafrostError, error.code, error.message.split('.')[0], error.stack.includes('core.cjs'),
        error.cause instanceof Error, error.cause?.code,
      ]));
    `;
    expect(await run(padded(smallModel()), source)).toEqual([
      [true, 'OUTPUT_NOT_FOUND', expect.stringContaining("'z'"), true, false, null],
      [true, 'FILE_NOT_FOUND', "There is no file '/no/saver'", true, true, 'ENOENT'],
    ]);
  });

  it('runs with what the program was started with, and from another realm', async () => {
    const source = `
      import { runInNewContext } from 'node:vm';
      const report = await runInNewContext("freeze({ ...options, outputs: ['y'] })", { freeze, options });
      print(report.outputs);
    `;
    expect(await run(padded(smallModel()), source)).toEqual(['y']);
  });
});

describe('a signal', () => {
  it('ends the passes over a graph at once', { timeout: 60_000 }, async () => {
    const model = await make('120,000 nodes');
    const source = `
      import { once } from 'node:events';
      import { setTimeout } from 'node:timers/promises';
      ${endOf}
      const reason = { no: 'time' };
      const ends = [];
      for (const wait of [0, 100, 200]) {
        const started = once(process, 'worker');
        const controller = new AbortController();
        const pending = freeze({ ...options, outputs: 'output', dryRun: true, signal: controller.signal });
        await started;
        await setTimeout(wait);
        const end = await endOf(pending, controller, reason);
        ends.push([end?.code ?? 'goes on', end?.cause === reason]);
      }
      print(ends);
    `;
    expect(await run(model, source)).toEqual(Array(3).fill(['ABORTED', true]));
  });

  it('has no listeners left when a worker has frozen, or failed', async () => {
    const source = `
      import { getEventListeners } from 'node:events';
      const { signal } = new AbortController();
      await freeze({ ...options, signal });
      const code = await freeze({ ...options, outputs: 'none', signal }).catch(({ code }) => code);
      print([code, getEventListeners(signal, 'abort').length]);
    `;
    expect(await run(padded(smallModel()), source)).toEqual(['OUTPUT_NOT_FOUND', 0]);
  });

  it('that ends a freeze before its worker has started, starts none', async () => {
    const source = `
      let workers = 0;
      process.on('worker', () => workers++);
      const controller = new AbortController();
      const pending = freeze({ ...options, signal: controller.signal }).catch(({ code }) => code);
      controller.abort();
      print([await pending, workers]);
    `;
    expect(await run(padded(smallModel()), source)).toEqual(['ABORTED', 0]);
  });

  it('that has ended a freeze leaves no timer when the worker is gone', async () => {
    const source = `
      import { once } from 'node:events';
      const controller = new AbortController();
      const started = once(process, 'worker');
      const pending = freeze({ ...options, signal: controller.signal }).catch(({ code }) => code);
      const [worker] = await started;
      const gone = once(worker, 'exit');
      controller.abort();
      const code = await pending;
      await gone;
      print([code, process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout')]);
    `;
    expect(await run(padded(smallModel()), source)).toEqual(['ABORTED', []]);
  });

  it('ends the write, leaves nothing and keeps the old target', async () => {
    const model = padded(largeModel());
    writeFileSync(model.out, 'the old one');
    const source = `
      import { readdirSync } from 'node:fs';
      const controller = new AbortController();
      let told = 0;
      const onProgress = ({ written, total }) => { told++; if (written > 0 && written < total) controller.abort('enough'); };
      const error = await freeze({ ...options, onProgress, signal: controller.signal }).catch((error) => error);
      const left = readdirSync(${JSON.stringify(model.outFolder)});
      const before = told;
      await new Promise((resolve) => setTimeout(resolve, 200));
      print([error.code, error.cause, left, before > 0, told === before]);
    `;
    expect(await run(model, source)).toEqual(['ABORTED', 'enough', ['frozen.pb'], true, true]);
    expect(namesIn(model.outFolder)).toEqual(['frozen.pb']);
  });
});

describe('progress from a worker', () => {
  it('never goes back, and ends at the whole file and with the freeze', { timeout: 60_000 }, async () => {
    const model = padded(await make('1 GB'));
    const source = `
      const seen = [];
      const onProgress = ({ written, total }) => seen.push([written, total]);
      const { bytes } = await freeze({ ...options, outputs: 'output', threads: 1, onProgress });
      const count = seen.length;
      await new Promise((resolve) => setTimeout(resolve, 200));
      const sorted = seen.every(([written], index) => index === 0 || written >= seen[index - 1][0]);
      print([count > 1, seen.at(-1)[0] === bytes, seen.at(-1)[1] === bytes, sorted, count === seen.length]);
    `;
    expect(await run(model, source)).toEqual([true, true, true, true, true]);
  });

  it('fails the freeze where its callback throws at the end, when the file is in place', async () => {
    const source = `
      import { existsSync } from 'node:fs';
      const onProgress = ({ written, total }) => { if (written === total) throw new RangeError('on purpose'); };
      print([await freeze({ ...options, onProgress }).catch(String), existsSync(options.out)]);
    `;
    expect(await run(padded(smallModel()), source)).toEqual(['RangeError: on purpose', true]);
  });

  it('fails the freeze where its callback throws', async () => {
    const model = padded(largeModel());
    const source = `
      const onProgress = () => { throw new RangeError('on purpose'); };
      print(await freeze({ ...options, onProgress }).catch(String));
    `;
    expect(await run(model, source)).toBe('RangeError: on purpose');
    const nothing = `
      const thrown = Object.create(null);
      print(await freeze({ ...options, onProgress() { throw thrown; } }).catch((error) => error === thrown));
    `;
    expect(await run(model, nothing)).toBe(true);
    const later = `
      const onProgress = async () => { throw new RangeError('on purpose'); };
      print(await freeze({ ...options, onProgress }).catch(String));
    `;
    expect(await run(model, later)).toBe('RangeError: on purpose');
    expect(namesIn(model.outFolder)).toEqual([]);
  });
});

describe('eight freezes at once', () => {
  it.each([
    ['on the calling thread', (model: SmallModel) => model],
    ['in workers', padded],
  ])('%s, one of them aborted and one without its shard, are each their own', async (_, placed) => {
    const models = Array.from({ length: 8 }, () => placed(smallModel()));
    const optionsOf = models.map(({ graph, checkpoint, out }, index) => ({
      graph,
      checkpoint: index === 2 ? join(checkpoint, 'none') : checkpoint,
      outputs: 'y',
      out,
    }));
    const source = `
      import { readFileSync } from 'node:fs';
      const controller = new AbortController();
      const all = ${JSON.stringify(optionsOf)};
      const pending = all.map((options, index) => freeze({ ...options, ...(index === 5 ? { signal: controller.signal } : {}) }));
      controller.abort();
      const settled = await Promise.allSettled(pending);
      const file = readFileSync(all[0].out);
      print(settled.map(({ reason }, index) => reason?.code ?? readFileSync(all[index].out).equals(file)));
    `;
    const ends = Array<unknown>(8).fill(true);
    ends[2] = 'CHECKPOINT_NOT_FOUND';
    ends[5] = 'ABORTED';
    expect(await run(models[0] as SmallModel, source)).toEqual(ends);
    for (const [index, { outFolder }] of models.entries()) {
      expect(namesIn(outFolder)).toEqual(index === 2 || index === 5 ? [] : ['frozen.pb']);
    }
  });
});
