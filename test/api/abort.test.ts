import { getEventListeners } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import { openCheckpoint, type Progress } from '../../src/index.js';
import { failure } from '../support/failure.js';
import { namesIn } from '../support/folder.js';
import { freeze } from '../support/freeze.js';
import { float, identity, refVariable, stringTensor } from '../support/graph-def.js';
import { largeModel, type SmallModel, smallModel } from '../support/model.js';
import { until } from '../support/run.js';
import { writeSparseCheckpoint } from '../support/sparse-checkpoint.js';

/** DataType number. */
const uint16 = 17;

const tellsBytesRead = existsSync('/proc/self/io');
if (!tellsBytesRead) console.warn('No /proc/self/io: how much is read before an abort is not tested.');

/** By this process until now, from any file. */
function bytesRead(): number {
  const [, bytes] = /^rchar: (\d+)$/m.exec(readFileSync('/proc/self/io', 'utf8')) ?? [];
  return Number(bytes);
}

/** As in jsdom: all that a signal has, and no instance of Node's class. */
class ForeignSignal extends EventTarget {
  aborted = false;
  reason: unknown;

  abort(reason: unknown): void {
    this.aborted = true;
    this.reason = reason;
    this.dispatchEvent(new Event('abort'));
  }
}

describe('a signal', () => {
  it('that is aborted already ends the freeze before it begins', async () => {
    const { graph, checkpoint, out, outFolder } = smallModel();
    const signal = AbortSignal.abort('no time');
    const error = await failure(() => freeze({ graph, checkpoint, outputs: 'y', out, signal }));
    expect([error.code, error.message, error.cause]).toEqual(['ABORTED', 'The freeze was aborted.', 'no time']);
    expect(namesIn(outFolder)).toEqual([]);
  });

  it('that is aborted already ends even a dry run, before any file is looked for', async () => {
    const options = { graph: 'none.pb', checkpoint: 'none', outputs: 'y', dryRun: true, signal: AbortSignal.abort() };
    expect((await failure(() => freeze(options))).code).toBe('ABORTED');
  });

  it('may come from another realm, where AbortSignal is another class', async () => {
    const { graph, checkpoint, out, outFolder } = smallModel();
    const signal = new ForeignSignal();
    const pending = failure(() =>
      freeze({ graph, checkpoint, outputs: 'y', out, signal: signal as unknown as AbortSignal }),
    );
    signal.abort('enough');
    expect(await pending).toMatchObject({ code: 'ABORTED', cause: 'enough' });
    expect(namesIn(outFolder)).toEqual([]);
  });

  it('that is aborted while files are read leaves nothing', async () => {
    const { graph, checkpoint, out, outFolder } = smallModel();
    const controller = new AbortController();
    const pending = failure(() => freeze({ graph, checkpoint, outputs: 'y', out, signal: controller.signal }));
    controller.abort();
    expect((await pending).code).toBe('ABORTED');
    expect(namesIn(outFolder)).toEqual([]);
  });

  it('that is aborted during the write leaves nothing and keeps the old target', async () => {
    const { graph, checkpoint, out, outFolder } = largeModel();
    writeFileSync(out, 'the old one');
    const controller = new AbortController();
    let written = 0;
    const onProgress = (progress: Progress): void => {
      written = progress.written;
      controller.abort();
    };
    const options = { graph, checkpoint, outputs: 'y', out, onProgress, signal: controller.signal };
    const error = await failure(() => freeze(options));
    expect(error.code).toBe('ABORTED');
    expect(written).toBeLessThan(1 << 30);
    expect(namesIn(outFolder)).toEqual(['frozen.pb']);
  });

  // Read as long as nobody ends it.
  const large = 20e9;

  async function abortedInTheMiddle(model: SmallModel): Promise<void> {
    const { graph, checkpoint, out, outFolder } = model;
    const controller = new AbortController();
    const before = bytesRead();
    const pending = failure(() => freeze({ graph, checkpoint, outputs: 'y', out, signal: controller.signal }));
    await until(() => bytesRead() - before > 100e6);
    controller.abort('enough');
    const error = await pending;
    expect([error.message, error.cause]).toEqual(['The freeze was aborted.', 'enough']);
    expect(bytesRead() - before).toBeLessThan(large);
    expect(namesIn(outFolder)).toEqual([]);
  }

  it.runIf(tellsBytesRead)('ends the passing over a piece of which only a little is wanted', async () => {
    const model = smallModel([
      refVariable('v', float, 4),
      { name: 'prefix', op: 'Placeholder' },
      { name: 'names', op: 'Const', attr: { value: stringTensor('w') } },
      { name: 'slices', op: 'Const', attr: { value: stringTensor(`${large / 4} 8,4`) } },
      { name: 'restore', op: 'RestoreV2', input: ['prefix', 'names', 'slices'] },
      { name: 'set', op: 'Assign', input: ['v', 'restore'] },
      identity('y', 'v'),
    ]);
    writeSparseCheckpoint(model.checkpoint, { w: large });
    await abortedInTheMiddle(model);
  });

  it.runIf(tellsBytesRead)('ends the measuring of what only the values tell the size of', async () => {
    const model = smallModel([refVariable('w', uint16, large / 2), identity('y', 'w')]);
    writeSparseCheckpoint(model.checkpoint, { w: large }, { dtype: uint16, width: 2 });
    await abortedInTheMiddle(model);
  });

  it('has no listeners left afterwards, and is of no effect', async () => {
    const { graph, checkpoint, out, outFolder } = smallModel();
    const controller = new AbortController();
    const { signal } = controller;
    await freeze({ graph, checkpoint, outputs: 'y', out, signal });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await failure(() => freeze({ graph, checkpoint, outputs: 'z', out, signal }));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    const pending = failure(() => freeze({ graph, checkpoint, outputs: 'y', dryRun: true, signal }));
    controller.abort();
    expect((await pending).code).toBe('ABORTED');
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(namesIn(outFolder)).toEqual(['frozen.pb']);
  });

  it('has one listener for all freezes and reads that share it', async () => {
    const { graph, checkpoint: prefix } = smallModel();
    const { signal } = new AbortController();
    const checkpoint = await openCheckpoint(prefix);
    const asked = Array.from({ length: 20 }, () => [
      freeze({ graph, checkpoint: prefix, outputs: 'y', dryRun: true, signal }),
      checkpoint.read('w', { signal }),
      openCheckpoint(prefix, { signal }).then((opened) => opened.close()),
    ]);
    expect(getEventListeners(signal, 'abort')).toHaveLength(1);
    await Promise.all(asked.flat());
    expect(getEventListeners(signal, 'abort')).toEqual([]);
    await checkpoint.close();
  });
});

describe('progress', () => {
  it('ends at the whole file', async () => {
    const { graph, checkpoint, out } = smallModel();
    const seen: Progress[] = [];
    const { bytes } = await freeze({ graph, checkpoint, outputs: 'y', out, onProgress: (each) => seen.push(each) });
    expect(seen.at(-1)).toEqual({ written: bytes, total: bytes });
  });

  it('never goes back and never passes the total', async () => {
    const { graph, checkpoint, out } = largeModel();
    const seen: Progress[] = [];
    // The zeros do not have the checksum that the index claims, which is only known at their end.
    const options = { graph, checkpoint, outputs: 'y', out, onProgress: (each: Progress) => seen.push(each) };
    expect((await failure(() => freeze(options))).code).toBe('CHECKSUM_MISMATCH');
    expect(seen.length).toBeGreaterThan(1);
    const written = seen.map((each) => each.written);
    expect(written).toEqual([...written].sort((a, b) => a - b));
    for (const each of seen) expect(each.written).toBeLessThanOrEqual(each.total);
  });

  it('comes 20 times a second', async () => {
    const { graph, checkpoint, out } = largeModel();
    const seen: Progress[] = [];
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    try {
      const onProgress = (each: Progress): void => void seen.push(each);
      const pending = failure(() => freeze({ graph, checkpoint, outputs: 'y', out, onProgress }));
      while (vi.getTimerCount() === 0) await new Promise(setImmediate);
      // All at once: nothing of the write comes in between.
      vi.advanceTimersByTime(3_000);
      expect(seen.length).toBe(60);
      await pending;
    } finally {
      vi.useRealTimers();
    }
  });

  it.each(['to a file', 'to a stream'])('ends a freeze %s where an async callback fails', async (where) => {
    const { graph, checkpoint, out, outFolder } = largeModel();
    const thrown = new RangeError('on purpose');
    const onProgress = async (): Promise<void> => {
      await new Promise(setImmediate);
      throw thrown;
    };
    const stream = new Writable({ write: (_chunk, _encoding, done) => void setImmediate(done) });
    const target = where === 'to a file' ? out : stream;
    await expect(freeze({ graph, checkpoint, outputs: 'y', out: target, onProgress })).rejects.toBe(thrown);
    expect(namesIn(outFolder)).toEqual([]);
  });

  it.runIf(tellsBytesRead)('ends the write where its callback throws', async () => {
    const size = 2 ** 31 - 2 ** 20;
    const { graph, checkpoint, out, outFolder } = largeModel(size);
    const thrown = new RangeError('on purpose');
    const onProgress = (): void => {
      throw thrown;
    };
    const before = bytesRead();
    await expect(freeze({ graph, checkpoint, outputs: 'y', out, onProgress, threads: 1 })).rejects.toBe(thrown);
    expect(bytesRead() - before).toBeLessThan(size);
    expect(namesIn(outFolder)).toEqual([]);
  });

  it('is not called by a dry run', async () => {
    const { graph, checkpoint } = smallModel();
    const seen: Progress[] = [];
    await freeze({ graph, checkpoint, outputs: 'y', dryRun: true, onProgress: (each) => seen.push(each) });
    expect(seen).toEqual([]);
  });
});
