// What subscribers to the tracing channel are told.
import { tracingChannel } from 'node:diagnostics_channel';
import { afterEach, beforeEach, expect, it } from 'vitest';
import {
  checkGraph,
  freeze,
  freezeGraph,
  type OperationEvent,
  openCheckpoint,
  relocate,
  suggest,
} from '../../src/index.js';
import { failure } from '../support/failure.js';
import { smallModel } from '../support/model.js';

const told: { readonly name: string; readonly event: OperationEvent }[] = [];
const tell =
  (name: string) =>
  (event: unknown): unknown =>
    told.push({ name, event: event as OperationEvent });
const subscribers = {
  start: tell('start'),
  end: tell('end'),
  asyncStart: tell('asyncStart'),
  asyncEnd: tell('asyncEnd'),
  error: tell('error'),
};
const channel = tracingChannel('permafrost');

beforeEach(() => {
  told.length = 0;
  channel.subscribe(subscribers);
});
afterEach(() => channel.unsubscribe(subscribers));

it('an operation is one object, from its start to its result', async () => {
  const { graph, checkpoint, out } = smallModel();
  const options = { graph, checkpoint, outputs: 'y', out };
  const report = await freeze(options);
  expect(told.map(({ name }) => name)).toEqual(['start', 'end', 'asyncStart', 'asyncEnd']);
  expect(new Set(told.map(({ event }) => event)).size).toBe(1);
  const milliseconds = expect.any(Number);
  expect(told[0]?.event).toEqual({ operation: 'freeze', options, result: report, milliseconds });
  // The freeze itself, by another clock, and what came before it.
  expect(told[0]?.event.milliseconds).toBeGreaterThanOrEqual(report.milliseconds.total);
});

it('a failure is told with its error, also where it is the options that are wrong', async () => {
  const wrong = await failure(() => freeze({ graph: '' }));
  const milliseconds = expect.any(Number);
  const event = { operation: 'freeze', error: wrong, milliseconds };
  expect(told.find(({ name }) => name === 'error')?.event).toMatchObject(event);
});

it('a stream is an operation from its first chunk to its end, or until it is left', async () => {
  const { checkpoint: path } = smallModel();
  await using checkpoint = await openCheckpoint(path);
  told.length = 0;
  const unused = checkpoint.stream('w');
  expect(told).toEqual([]);
  for await (const chunk of checkpoint.stream('w')) expect(chunk).toHaveLength(8);
  for await (const chunk of checkpoint.stream('w', { chunkBytes: 4 })) {
    expect(chunk).toHaveLength(4);
    break;
  }
  const missing = await failure(() => checkpoint.stream('v').next());
  await unused.return();
  const events = told.filter(({ name }) => name === 'asyncEnd').map(({ event }) => event);
  const [stream, milliseconds] = ['stream', expect.any(Number)];
  const named = (name: string, more: object = {}) => ({ checkpoint: path, name, ...more });
  expect(events).toEqual([
    { operation: stream, options: named('w'), result: undefined, milliseconds },
    { operation: stream, options: named('w', { chunkBytes: 4 }), result: undefined, milliseconds },
    { operation: stream, options: named('v'), error: missing, milliseconds },
  ]);
});

it('a stream that nobody asks for more ends with its signal, or its checkpoint', async () => {
  const { checkpoint: path } = smallModel();
  const checkpoint = await openCheckpoint(path);
  const controller = new AbortController();
  const idle = [checkpoint.stream('w', { chunkBytes: 4, signal: controller.signal }), checkpoint.stream('w')];
  for (const stream of idle) await stream.next();
  told.length = 0;
  controller.abort();
  await new Promise(setImmediate);
  expect(told.map(({ name }) => name)).toEqual(['error', 'asyncStart', 'asyncEnd']);
  await checkpoint.close();
  await new Promise(setImmediate);
  const errors = told.filter(({ name }) => name === 'asyncEnd').map(({ event }) => event.error);
  expect(errors).toMatchObject([
    { code: 'ABORTED' },
    { code: 'ABORTED', message: expect.stringContaining('was closed') },
  ]);
});

it('every function of the package that takes time is told by its name', async () => {
  const { graph, checkpoint, out } = smallModel();
  await freezeGraph({ input_graph: graph, input_checkpoint: checkpoint, output_node_names: 'y', output_graph: out });
  await checkGraph({ file: out });
  await suggest({ graph });
  await failure(() => relocate({ graph: out }));
  const opened = await openCheckpoint(checkpoint);
  await opened.read('w');
  await opened.verify();
  await opened.close();
  const starts = told.filter(({ name }) => name === 'start');
  const operations = ['freezeGraph', 'checkGraph', 'suggest', 'relocate', 'openCheckpoint', 'read', 'verify'];
  expect(starts.map(({ event }) => event.operation)).toEqual(operations);
  expect(starts.at(-2)?.event.options).toEqual({ checkpoint, name: 'w' });
});
