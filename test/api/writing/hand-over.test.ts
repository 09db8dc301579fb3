// A frozen graph that goes to no path: into memory, or into a stream.
import { createHash } from 'node:crypto';
import { getEventListeners, once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type FreezeOptions, freeze, isPermafrostError, liveHandles, openCheckpoint } from '../../../src/index.js';
import { failure } from '../../support/failure.js';
import { namesIn } from '../../support/folder.js';
import { float, floatNode, identity, placeholder, refVariable } from '../../support/graph-def.js';
import { type SmallModel, smallModel } from '../../support/model.js';
import { writeSparseCheckpoint } from '../../support/sparse-checkpoint.js';

const demo = fileURLToPath(new URL('../../../examples/demo', import.meta.url));
const demoOptions = {
  graph: join(demo, 'graph.pb'),
  checkpoint: join(demo, 'model.ckpt-200'),
  outputs: 'inference/probabilities',
};
const expected = readFileSync(join(demo, 'frozen-by-tensorflow.pb'));

/**
 * Of 5 MB in two variables with a small one between them: more than one chunk, and no chunk ends where a variable does. For the
 * first number of each, float16 has no place.
 */
function mediumModel(): SmallModel {
  const sizes = { a: 700_001, b: 3, c: 600_007 };
  const variables = Object.entries(sizes);
  const nodes = [
    placeholder('x'),
    ...variables.map(([name, size]) => refVariable(name, float, size)),
    floatNode('AddN', 'y', 'x', 'a', 'b', 'c'),
  ];
  const tensors = variables.map(([key, size]) => {
    const values = Float32Array.from({ length: size }, (_, index) => (index === 0 ? 1e6 : index / size));
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

  it('a dry run has neither content nor files', async () => {
    const { content, files, bytes } = await freeze({ ...demoOptions, inMemory: true, dryRun: true });
    expect([content, files, bytes]).toEqual([undefined, [], expected.length]);
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

  it('that has room for all of it go all pieces, though nobody has read one, and no listener is left', async () => {
    const roomy = new PassThrough({ highWaterMark: 2 ** 24 });
    const { bytes } = await freeze({ ...optionsOf(mediumModel()), out: roomy });
    expect([roomy.readableLength, roomy.listenerCount('drain')]).toEqual([bytes, 0]);
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

  it('go the bytes of one freeze alone: of two at once, neither says that all went well', async () => {
    const model = mediumModel();
    const stream = slowStream([]);
    const both = await Promise.all([1, 2].map(() => failure(() => freeze({ ...optionsOf(model), out: stream }))));
    const shared = expect.stringContaining('Another freeze of this program is writing to the same stream');
    for (const error of both) expect(error).toMatchObject({ code: 'WRITE_FAILED', message: shared });
    expect(stream.destroyed).toBe(true);
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

  it('one that takes for ever to be destroyed keeps no freeze that is aborted', async () => {
    let isStuck = (): void => undefined;
    const stuck = new Promise<void>((resolve) => {
      isStuck = resolve;
    });
    const stream = new Writable({ highWaterMark: 1, write: () => isStuck(), destroy: () => undefined });
    const ending = new AbortController();
    const frozen = failure(() => freeze({ ...optionsOf(mediumModel()), out: stream, signal: ending.signal }));
    await stuck;
    ending.abort('why');
    expect(await frozen).toMatchObject({ code: 'ABORTED', cause: 'why' });
    expect([stream.destroyed, stream.closed]).toEqual([true, false]);
  });

  it('is the only one that is listened to when the freeze is over', async () => {
    const { signal } = new AbortController();
    await freeze({ ...demoOptions, out: new PassThrough().resume(), signal });
    await failure(() => freeze({ ...demoOptions, outputs: 'nothing', out: new PassThrough(), signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('ends with nothing in it after a dry run, and nothing is written anywhere', async () => {
    const model = mediumModel();
    const chunks: Buffer[] = [];
    const stream = slowStream(chunks);
    const { bytes, files } = await freeze({ ...optionsOf(model), out: stream, dryRun: true });
    expect(bytes).toBeGreaterThan(5_000_000);
    expect(files).toEqual([]);
    expect([stream.writableFinished, chunks, namesIn(model.outFolder)]).toEqual([true, [], []]);
  });

  it('is destroyed, when the freeze rejects, with whatever that is', async () => {
    const wrong: Record<string, object> = {
      unknown: { foo: 1 },
      outputs: { outputs: 5 },
      layout: { layout: 'tfjs' },
      inMemory: { inMemory: true },
      limits: { limits: { foo: 1 } },
      graph: { graph: '/no/such/file' },
      name: { outputs: 'nothing' },
      signal: { signal: AbortSignal.abort() },
      dryRun: { outputs: 'nothing', dryRun: true },
    };
    for (const [what, options] of Object.entries(wrong)) {
      const stream = new PassThrough();
      const given = { ...demoOptions, out: stream, ...options } as FreezeOptions;
      const { destroyed, errored, error } = await freeze(given).then(
        () => ({ destroyed: undefined, errored: undefined, error: undefined }),
        (error: unknown) => ({ destroyed: stream.destroyed, errored: stream.errored, error }),
      );
      expect([what, destroyed, isPermafrostError(error), errored === error]).toEqual([what, true, true, true]);
    }
  });

  it('lets a client go whose request cannot be answered', async () => {
    const server = createServer((_request, response) => {
      freeze({ ...demoOptions, out: response, foo: 1 } as FreezeOptions).catch(() => undefined);
    });
    await once(server.listen(0), 'listening');
    const { port } = server.address() as AddressInfo;
    await expect(fetch(`http://localhost:${port}`)).rejects.toThrow('fetch failed');
    server.close();
  });

  it('that throws, or that somebody else ends, has failed', async () => {
    const thrown = new Error('mine');
    const throwing = new Writable({
      write() {
        throw thrown;
      },
    });
    const error = await failure(() => freeze({ ...optionsOf(mediumModel()), out: throwing }));
    expect([error.code, error.cause, throwing.destroyed]).toEqual(['WRITE_FAILED', thrown, true]);
    // The first piece of a small graph is its last.
    const late = new PassThrough();
    late.write = () => {
      throw thrown;
    };
    const lateError = await failure(() => freeze({ ...demoOptions, out: late }));
    expect([lateError.code, lateError.cause, late.destroyed]).toEqual(['WRITE_FAILED', thrown, true]);
    const chunks: Buffer[] = [];
    const ended = slowStream(chunks);
    ended.end();
    expect((await failure(() => freeze({ ...optionsOf(mediumModel()), out: ended }))).code).toBe('WRITE_FAILED');
  });
});

/** As many streams as would take every turn, and more; each has taken a piece of the graph and wants no other. */
async function stuckFreezes(
  count: number,
  signal?: AbortSignal,
): Promise<{ stream: Writable; goOn: () => void; frozen: Promise<string> }[]> {
  const model = mediumModel();
  return Promise.all(
    Array.from({ length: count }, async () => {
      let goOn = (): void => undefined;
      const hash = createHash('sha256');
      let isStuck = (): void => undefined;
      const stuck = new Promise<void>((resolve) => {
        isStuck = resolve;
      });
      const stream = new Writable({
        highWaterMark: 1,
        write(chunk, _encoding, done) {
          hash.update(chunk);
          goOn = done;
          isStuck();
        },
      });
      const options = { ...optionsOf(model), out: stream };
      const frozen = freeze(signal ? { ...options, signal } : options).then(
        () => hash.digest('hex'),
        ({ code }) => code as string,
      );
      await stuck;
      const goOnOnce = (): void => {
        const done = goOn;
        goOn = () => undefined;
        done();
      };
      return { stream, goOn: goOnOnce, frozen };
    }),
  );
}

describe('streams that take nothing for a while', () => {
  it('hold up no other freeze and no read, and get all of it when they go on', async () => {
    const stuck = await stuckFreezes(12);
    const model = mediumModel();
    await freeze({ ...optionsOf(model), out: model.out });
    const checkpoint = await openCheckpoint(model.checkpoint);
    expect(await checkpoint.read('b')).toHaveLength(3);
    await checkpoint.close();
    expect(liveHandles()).toMatchObject({ checkpoints: 12, jobs: 0 });
    const expectedHash = createHash('sha256').update(readFileSync(model.out)).digest('hex');
    const going = setInterval(() => {
      for (const { goOn } of stuck) goOn();
    }, 1);
    const hashes = await Promise.all(stuck.map(({ frozen }) => frozen));
    clearInterval(going);
    expect(new Set(hashes)).toEqual(new Set([expectedHash]));
    expect(liveHandles()).toEqual({ checkpoints: 0, streams: 0, jobs: 0 });
  });

  it('may fail, or be aborted, and others come all the same', async () => {
    const ending = new AbortController();
    const [failing, aborted] = await Promise.all([stuckFreezes(4), stuckFreezes(4, ending.signal)]);
    for (const [index, { stream }] of failing.entries()) {
      stream.destroy(index % 2 === 0 ? new Error('the client left') : undefined);
    }
    ending.abort();
    const codes = await Promise.all([...failing, ...aborted].map(({ frozen }) => frozen));
    expect(codes).toEqual([...Array(4).fill('WRITE_FAILED'), ...Array(4).fill('ABORTED')]);
    for (const { stream } of aborted) expect(stream.destroyed).toBe(true);
    expect(liveHandles()).toEqual({ checkpoints: 0, streams: 0, jobs: 0 });
    // All turns are there again.
    const again = await stuckFreezes(4);
    for (const { stream } of again) stream.destroy();
    await Promise.all(again.map(({ frozen }) => frozen));
  });

  it('one that fails while its freeze waits for a turn ends that', async () => {
    const { aborts, files } = await allTurnsTaken();
    const stream = new PassThrough();
    const error = failure(() => freeze({ ...optionsOf(mediumModel()), out: stream }));
    stream.destroy(new Error('the client left'));
    expect(await error).toMatchObject({ code: 'WRITE_FAILED', message: expect.stringContaining('the client left') });
    aborts.abort();
    await Promise.all(files);
  });
});

/** By freezes that go on until they are aborted. */
async function allTurnsTaken(): Promise<{ aborts: AbortController; files: Promise<unknown>[] }> {
  const aborts = new AbortController();
  const { signal } = aborts;
  const files = Array.from({ length: 3 }, async () => {
    const { graph, checkpoint, out } = smallModel([refVariable('w', 7, 2 ** 40), identity('y', 'w')]);
    // A tebibyte of the lengths of strings, all of them 0.
    writeSparseCheckpoint(checkpoint, { w: 2 ** 40 }, { dtype: 7, width: 1 });
    return failure(() => freeze({ graph, checkpoint, outputs: 'y', out, signal }));
  });
  while (liveHandles().jobs < 3) await setTimeout(1);
  return { aborts, files };
}
