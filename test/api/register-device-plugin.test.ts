import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeGraph } from '../../src/graph/decode.js';
import { registerDevicePlugin } from '../../src/index.js';
import { deviceString, deviceTargets, wantedConstant } from '../../src/native.js';
import { buildExamplePlugin, buildWrongPlugins } from '../support/device-plugins.js';
import { failure } from '../support/failure.js';
import { makeFolder } from '../support/folder.js';
import { root, runModule } from '../support/run.js';

const [folder, remove] = makeFolder();
const [wrong, removeWrong] = makeFolder();
let example: string;
beforeAll(() => {
  example = buildExamplePlugin(folder);
  buildWrongPlugins(wrong);
}, 120_000);
afterAll(() => {
  remove();
  removeWrong();
});

/** For those who load it themselves. */
const addon = join(root, 'build', 'Release', 'permafrost.node');

const tpu = { name: 'tpu_like', deviceType: 'TPU', isHost: false, refuses: true };
const names = (): string[] => deviceTargets().map(({ name }) => name);

/** What a worker of the process, which loads the addon anew, answers. */
function inWorker(call: 'deviceTargets' | 'loadDevicePlugin', ...args: string[]): Promise<unknown> {
  const source = `
    const { parentPort, workerData } = require('node:worker_threads');
    const { addon, call, args } = workerData;
    parentPort.postMessage(require(addon)[call](...args));`;
  const worker = new Worker(source, { eval: true, workerData: { addon, call, args } });
  return new Promise((resolve, reject) => worker.once('message', resolve).once('error', reject));
}

describe('the targets that are built in', () => {
  it('come first, and only cpu is the host', () => {
    expect(deviceTargets().slice(0, 3)).toEqual([
      { name: 'cpu', deviceType: 'CPU', isHost: true, refuses: false, plugin: undefined },
      { name: 'gpu', deviceType: 'GPU', isHost: false, refuses: false, plugin: undefined },
      { name: 'npu', deviceType: 'NPU', isHost: false, refuses: false, plugin: undefined },
    ]);
  });
  it('have devices up to a number', async () => {
    expect(['cpu', 'gpu', 'npu'].map((name) => deviceString(name, 1))).toEqual([
      '/device:CPU:1',
      '/device:GPU:1',
      '/device:NPU:1',
    ]);
    const { code, message } = await failure(() => deviceString('npu', 64));
    expect(code).toBe('DEVICE_UNKNOWN');
    expect(message).toBe('no such device (npu devices have numbers from 0 to 63): npu:64');
  });
  it('want constants', () => {
    // 1: float32, 9: int64, 19: float16.
    expect(wantedConstant('cpu', 1)).toEqual({ dtype: 1, alignment: 64 });
    expect(wantedConstant('gpu', 1)).toEqual({ dtype: 1, alignment: 256 });
    expect(wantedConstant('npu', 1)).toEqual({ dtype: 19, alignment: 64 });
    expect(wantedConstant('npu', 9)).toEqual({ dtype: 9, alignment: 64 });
    expect(() => wantedConstant('npu', 77)).toThrow(RangeError);
  });
  it('are named where another is asked for', async () => {
    const { code, message } = await failure(() => deviceString('tpx', 0));
    expect(code).toBe('DEVICE_UNKNOWN');
    expect(message).toMatch(/^device target unknown \(there are cpu, gpu, npu.*\): 'tpx'$/);
  });
});

describe('a plugin', () => {
  it('is loaded, and again without effect', () => {
    const targets = [{ ...tpu, plugin: example }];
    expect(registerDevicePlugin(example)).toEqual(targets);
    expect(registerDevicePlugin(example)).toEqual(targets);
    expect(names().filter((name) => name === 'tpu_like')).toHaveLength(1);
  });
  it('answers like those that are built in', async () => {
    registerDevicePlugin(example);
    expect(deviceString('tpu_like', 7)).toBe('/device:TPU:7');
    // 14: bfloat16.
    expect(wantedConstant('tpu_like', 1)).toEqual({ dtype: 14, alignment: 128 });
    const { code, message } = await failure(() => deviceString('tpu_like', 8));
    expect(code).toBe('DEVICE_UNKNOWN');
    expect(message).toBe('no such device (a board has eight chips, 0 to 7): tpu_like:8');
  });
  it('is found from the working folder', () => {
    const before = process.cwd();
    process.chdir(dirname(example));
    try {
      expect(registerDevicePlugin('tpu_like.so')[0]?.plugin).toBe(join(process.cwd(), 'tpu_like.so'));
    } finally {
      process.chdir(before);
    }
  });
  it('is there in all threads, wherever it was loaded', async () => {
    registerDevicePlugin(example);
    expect(await inWorker('deviceTargets')).toContainEqual({ ...tpu, plugin: example });
    expect(names()).not.toContain('junk');
    await inWorker('loadDevicePlugin', join(wrong, 'junk_answers.so'));
    expect(names()).toContain('junk');
  });
  it('is there when the worker has ended that alone had the addon', async () => {
    const loaded = `require(${JSON.stringify(addon)})`;
    const source = `
      import { createRequire } from 'node:module';
      import { Worker } from 'node:worker_threads';
      const require = createRequire(process.cwd() + '/');
      const load = ${JSON.stringify(`${loaded}.loadDevicePlugin(${JSON.stringify(example)})`)};
      await new Promise((end, fail) => new Worker(load, { eval: true, execArgv: [] }).once('exit', end).once('error', fail));
      console.log(${loaded}.deviceTargets().map(({ name }) => name).join());`;
    expect(await runModule(source)).toMatchObject({ code: 0, stdout: 'cpu,gpu,npu,tpu_like\n' });
  });
  it('places a graph in the worker of a freeze', async () => {
    const out = join(folder, 'placed.pb');
    // What is made flat is always frozen in a worker.
    const options = {
      graph: 'examples/demo/graph.pb',
      checkpoint: 'examples/demo/model.ckpt-200',
      outputs: 'inference/probabilities',
      ...{ out, inline: true, place: 'tpu_like:5,cpu' },
    };
    const source = `
      import { freeze, registerDevicePlugin } from 'permafrost';
      registerDevicePlugin(${JSON.stringify(example)});
      await freeze(${JSON.stringify(options)});`;
    expect(await runModule(source)).toMatchObject({ code: 0, stderr: '' });
    const graph = decodeGraph(readFileSync(out), out);
    const devices = new Map(graph.nodes.map(({ op, device }) => [op, device]));
    expect(devices.get('Conv2D')).toBe('/device:TPU:5');
    // Which the plugin does not know.
    expect(devices.get('MaxPool')).toBe('/device:CPU:0');
  });
});

describe('what is refused', () => {
  const cases: readonly [file: string, why: string][] = [
    ['missing.so', 'no such file'],
    ['.', 'not a file'],
    ['without_symbol.so', 'a library that does not export permafrost_device_plugin'],
    ['null_answer.so', 'permafrost_device_plugin answers NULL'],
    ['no_targets.so', 'it has no targets'],
    ['other_version.so', 'it was built for version 2 of the device interface, this is version 1'],
    ['impostor.so', "a target named 'cpu' is there already, built in"],
  ];
  it.each(cases)('%s', async (file, why) => {
    const before = deviceTargets();
    const { code, message } = await failure(() => registerDevicePlugin(`${wrong}/${file}`));
    expect(code).toBe('DEVICE_PLUGIN_UNUSABLE');
    expect(message).toBe(
      `device plugin not usable (${why}): ${wrong}/${file}. docs/devices.md says what permafrost expects of a plugin.`,
    );
    expect(deviceTargets()).toEqual(before);
  });
  it('a text', async () => {
    const file = join(wrong, 'text.so');
    writeFileSync(file, 'Nothing but words.');
    const { code, message } = await failure(() => registerDevicePlugin(file));
    expect(code).toBe('DEVICE_PLUGIN_UNUSABLE');
    expect(message).toContain('no library that can be loaded here');
    expect(message).toContain(file);
  });
  it('junk, when it is answered', async () => {
    const file = join(wrong, 'junk_answers.so');
    registerDevicePlugin(file);
    const answers: readonly [() => unknown, string][] = [
      [() => deviceString('junk', 0), "format_device(0) with '/device:JUNK:1', which does not name JUNK 0"],
      [() => deviceString('junk', 1), 'format_device(1) with 18446744073709551615 bytes where there is room for 1024'],
      [() => wantedConstant('junk', 1), 'an alignment of 3, which is no power of two below 2^20'],
    ];
    for (const [ask, answer] of answers) {
      const { code, message } = await failure(ask);
      expect(code).toBe('DEVICE_PLUGIN_UNUSABLE');
      expect(message).toContain("target 'junk' answers");
      expect(message).toContain(answer);
      expect(message).toContain(file);
    }
  });
  it.each([undefined, '', 7, 'a\0b'])('%j', async (path) => {
    const { code, message } = await failure(() => registerDevicePlugin(path as string));
    expect(code).toBe('INVALID_ARGUMENT');
    expect(message).toMatch(/^Expected a .* for path but received /);
  });
});
