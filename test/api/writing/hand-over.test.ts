// A frozen graph that goes to no path: into memory, or into a stream.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { freeze } from '../../../src/index.js';
import { failure } from '../../support/failure.js';
import { namesIn } from '../../support/folder.js';
import { float, floatNode, placeholder, refVariable } from '../../support/graph-def.js';
import { type SmallModel, smallModel } from '../../support/model.js';

const demo = fileURLToPath(new URL('../../../examples/demo', import.meta.url));
const demoOptions = {
  graph: join(demo, 'graph.pb'),
  checkpoint: join(demo, 'model.ckpt-200'),
  outputs: 'inference/probabilities',
};
const expected = readFileSync(join(demo, 'frozen-by-tensorflow.pb'));

/** Of 5 MB in two variables with a small one between them: more than one chunk, and no chunk ends where a variable does. */
function mediumModel(): SmallModel {
  const sizes = { a: 700_001, b: 3, c: 600_007 };
  const variables = Object.entries(sizes);
  const nodes = [
    placeholder('x'),
    ...variables.map(([name, size]) => refVariable(name, float, size)),
    floatNode('AddN', 'y', 'x', 'a', 'b', 'c'),
  ];
  const tensors = variables.map(([key, size]) => {
    const values = Float32Array.from({ length: size }, (_, index) => index / size);
    return { key, dtype: float, shape: [size], bytes: new Uint8Array(values.buffer) };
  });
  return smallModel(nodes, tensors);
}

function optionsOf({ graph, checkpoint }: SmallModel): { graph: string; checkpoint: string; outputs: string } {
  return { graph, checkpoint, outputs: 'y' };
}

/** Takes one chunk in each turn of the event loop, and keeps them. */
function slowStream(chunks: Buffer[], most = Number.POSITIVE_INFINITY): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      if (chunks.length <= most) setImmediate(done);
    },
  });
}

describe('in memory', () => {
  it("the demo is TensorFlow's bytes", async () => {
    const { content, out, files, bytes } = await freeze({ ...demoOptions, inMemory: true });
    expect([out, files, bytes]).toEqual([undefined, [], expected.length]);
    expect(expected.equals(content ?? Buffer.alloc(0))).toBe(true);
  });

  it('the bytes of a file of several chunks are the same, in other types too', async () => {
    const model = mediumModel();
    for (const weights of ['*=float32', '*=float16', '*=int8']) {
      const options = { ...optionsOf(model), weights };
      const toFile = await freeze({ ...options, out: model.out });
      const inMemory = await freeze({ ...options, inMemory: true });
      expect(readFileSync(model.out).equals(inMemory.content as Uint8Array)).toBe(true);
      expect(inMemory.variables).toEqual(toFile.variables);
    }
  });

  it('goes together with no path, no stream and no folder', async () => {
    for (const more of [{ out: 'x' }, { out: new PassThrough() }, { layout: 'mmap' as const }]) {
      const { code } = await failure(() => freeze({ ...demoOptions, inMemory: true, ...more }));
      expect(code).toBe('INVALID_ARGUMENT');
    }
  });
});

describe('into a stream', () => {
  it('go the bytes of a file, with progress, and then the stream ends', async () => {
    const model = mediumModel();
    const { bytes } = await freeze({ ...optionsOf(model), out: model.out });
    const chunks: Buffer[] = [];
    const stream = slowStream(chunks);
    const told: number[] = [];
    const onProgress = ({ written }: { written: number }): unknown => told.push(written);
    const report = await freeze({ ...optionsOf(model), out: stream, onProgress });
    expect([report.out, report.bytes, stream.writableFinished]).toEqual([undefined, bytes, true]);
    expect(chunks.length).toBeGreaterThan(2);
    expect(Buffer.concat(chunks).equals(readFileSync(model.out))).toBe(true);
    expect(told.at(-1)).toBe(bytes);
  });

  it('a damaged tensor destroys it with the error', async () => {
    const model = mediumModel();
    const shard = `${model.checkpoint}.data-00000-of-00001`;
    const damaged = readFileSync(shard);
    damaged[damaged.length - 1] = ~(damaged.at(-1) as number);
    writeFileSync(shard, damaged);
    const stream = slowStream([]);
    const ended = finished(stream).catch((error: unknown) => error);
    const error = await failure(() => freeze({ ...optionsOf(model), out: stream }));
    expect(error.code).toBe('CHECKSUM_MISMATCH');
    expect(await ended).toBe(error);
  });

  it('one that fails ends the freeze', async () => {
    const model = mediumModel();
    const stream = new Writable({ write: (_chunk, _encoding, done) => done(new Error('the client left')) });
    const error = await failure(() => freeze({ ...optionsOf(model), out: stream }));
    expect([error.code, error.message]).toEqual(['WRITE_FAILED', expect.stringContaining('the client left')]);
    const closed = new PassThrough();
    closed.destroy();
    expect((await failure(() => freeze({ ...optionsOf(model), out: closed }))).code).toBe('WRITE_FAILED');
  });

  it('one that takes nothing any more is left when the freeze is aborted', async () => {
    const chunks: Buffer[] = [];
    const stream = slowStream(chunks, 0);
    const ending = new AbortController();
    const frozen = failure(() => freeze({ ...optionsOf(mediumModel()), out: stream, signal: ending.signal }));
    while (chunks.length === 0) await setTimeout(1);
    ending.abort();
    expect((await frozen).code).toBe('ABORTED');
    expect(stream.destroyed).toBe(true);
  });

  it('is left alone by a dry run, and nothing is written anywhere', async () => {
    const model = mediumModel();
    const stream = new PassThrough();
    await freeze({ ...optionsOf(model), out: stream, dryRun: true });
    expect([stream.writableEnded, stream.destroyed, namesIn(model.outFolder)]).toEqual([false, false, []]);
  });
});
