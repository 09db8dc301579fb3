import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DeviceList } from '../../../src/devices/device-list.js';
import { checkPlaceRules } from '../../../src/devices/rules/check-place-rules.js';
import type { NodeToPlace, PlaceRule } from '../../../src/devices/rules/place-rule.js';
import { readPlaceRules } from '../../../src/devices/rules/place-rules.js';
import { failure } from '../../support/failure.js';
import { temporaryFolder } from '../../support/folder.js';

const anyDevice = (): void => undefined;
const node = (name: string, op = 'MatMul'): NodeToPlace => ({ name, op, inputs: [], device: '', function: undefined });

describe('rules', () => {
  const deviceOf = async (
    rules: readonly PlaceRule[],
    ...about: Parameters<typeof node>
  ): Promise<string | undefined> => (await readPlaceRules(rules, anyDevice)).place(node(...about));

  it('go by the first that holds', async () => {
    const rules = [
      { name: 'a/*', device: 'gpu:0' },
      { name: 'a/b', device: 'gpu:1' },
      { name: '*', device: 'cpu' },
    ];
    expect([await deviceOf(rules, 'a/b'), await deviceOf(rules, 'b')]).toEqual(['gpu:0', 'cpu']);
  });

  it('name nothing where none holds', async () => {
    expect(await deviceOf([{ op: 'Conv2D', device: 'gpu:0' }], 'a')).toBeUndefined();
  });

  it('hold where all conditions do', async () => {
    const rules = [{ scope: 'a', op: ['MatMul', 'Conv2D'], regex: 'd\\d$', device: 'gpu:0' }];
    const asked = [node('a/d1'), node('a/d1', 'Relu'), node('b/d1'), node('a/d'), node('ab/d1')];
    const { place } = await readPlaceRules(rules, anyDevice);
    expect(asked.map(place)).toEqual(['gpu:0', undefined, undefined, undefined, undefined]);
  });

  it('take a scope for what is in it, and not for its own node', async () => {
    const rules = [{ scope: 'tower', device: 'gpu:0' }];
    expect([await deviceOf(rules, 'tower/x/y'), await deviceOf(rules, 'tower')]).toEqual(['gpu:0', undefined]);
  });

  it('end soon, whatever the expression', async () => {
    const rules = [{ regex: '^(a+)+$', device: 'gpu:0' }];
    expect(await deviceOf(rules, `${'a'.repeat(50_000)}b`)).toBeUndefined();
  });

  it('of many expressions are asked of many nodes', async () => {
    const starts = Array.from({ length: 48 }, (_, at) => ({ regex: `^model/layer_${at}/attention/`, device: 'gpu:0' }));
    const ends = Array.from({ length: 48 }, (_, at) => ({ regex: `/attention_${at}/MatMul$`, device: 'gpu:0' }));
    for (const rules of [starts, ends]) {
      const { place } = await readPlaceRules(rules, anyDevice);
      for (let at = 0; at < 10_000; at++) {
        expect(place(node(`model/classifier_head_with_a_long_scope_name/dense_${at}/MatMul`))).toBe(undefined);
      }
    }
  });

  it('say which expression is none', async () => {
    expect(await failure(() => readPlaceRules([{ regex: 'a(', device: 'gpu:0' }], anyDevice))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/^placeRules\[0\]\.regex: .*'a\('/),
    });
  });

  it('that no node follows are told by where they are', async () => {
    const rules = [
      { name: 'a*', device: 'gpu:0' },
      { name: 'b', device: 'gpu:1' },
      { name: 'ab', device: 'cpu' },
    ];
    const { place, unused } = await readPlaceRules(rules, anyDevice);
    expect(unused()).toHaveLength(3);
    for (const name of ['a', 'ab', 'c']) place(node(name));
    expect(unused()).toEqual(['placeRules[1]', 'placeRules[2]']);
  });

  it('may be a function', async () => {
    const { place } = await readPlaceRules(({ op }) => (op === 'MatMul' ? 'gpu:0' : undefined), anyDevice);
    expect([place(node('a')), place(node('a', 'Relu'))]).toEqual(['gpu:0', undefined]);
  });

  it.each([null, 3, '', 7n])('refuse a function that returns %s', async (value) => {
    const { place } = await readPlaceRules(() => value as unknown as string, anyDevice);
    expect(await failure(() => place(node('a')))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining("'a'"),
    });
  });
});

describe('a function that returns a promise', () => {
  it.each<[string, () => unknown]>([
    ['that holds', async () => 'cpu'],
    ['that fails', () => Promise.reject(new Error('too late'))],
    ['that fails later', () => new Promise((_, reject) => setImmediate(reject, new Error('too late')))],
    // biome-ignore lint/suspicious/noThenProperty: what other libraries have for promises
    ['of another library', () => ({ then: (_: unknown, reject: (error: Error) => void) => reject(new Error('late')) })],
  ])("%s is refused, and its failure is nobody's", async (_, returned) => {
    const unheard: unknown[] = [];
    const hear = (error: unknown): unknown => unheard.push(error);
    process.on('unhandledRejection', hear);
    try {
      const { place } = await readPlaceRules(returned as () => string, anyDevice);
      expect(await failure(() => place(node('a')))).toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringMatching(/'a' it returned a promise, which nobody waits for/),
      });
      await setTimeout(20);
    } finally {
      process.off('unhandledRejection', hear);
    }
    expect(unheard).toEqual([]);
  });
});

describe('a list of rules', () => {
  it.each<[string, unknown]>([
    ['placeRules', 3],
    ['placeRules[0]', ['a']],
    // biome-ignore lint/suspicious/noSparseArray: callers may hand one over
    ['placeRules[0]', [, { name: 'a', device: 'cpu' }]],
    [
      'placeRules[1].nam',
      [
        { name: 'a', device: 'cpu' },
        { nam: 'a', device: 'cpu' },
      ],
    ],
    ['placeRules[0].op', [{ op: [], device: 'cpu' }]],
    ['placeRules[0].op', [{ op: ['a', 3], device: 'cpu' }]],
    ['placeRules[0].device', [{ name: 'a', device: '' }]],
    ['placeRules[0]', [{ name: 'a' }]],
    ['placeRules[0]', [{ device: 'cpu' }]],
    ['placeRules[0].__proto__', JSON.parse('[{"__proto__": {}, "device": "cpu"}]')],
  ])('is refused at %s', async (place, rules) => {
    const where = (rule?: number, key?: string): string =>
      ['placeRules', rule === undefined ? '' : `[${rule}]`, key === undefined ? '' : `.${key}`].join('');
    expect(await failure(() => checkPlaceRules(rules, where))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(new RegExp(`^${place.replace(/[[\].]/g, '\\$&')}: `)),
    });
  });
});

describe('a file of rules', () => {
  const fileOf = (text: string): string => {
    const path = join(temporaryFolder(), 'rules.json');
    writeFileSync(path, text);
    return path;
  };

  it('is read', async () => {
    const { place } = await readPlaceRules(fileOf('\ufeff[\n  {"name": "a*", "device": "gpu:1"}\n]\n'), anyDevice);
    expect(place(node('abc'))).toBe('gpu:1');
  });

  it.each([
    ['', ':1 is no JSON'],
    ['[\n  {"name": "a",\n}]', ':3 is no JSON'],
    ['[\n  // all\n  {"name": "a", "device": "cpu"}\n]', ':2 is no JSON'],
    ['[\n  {"name": "a", "device": "cpu"},\n]', ':3 is no JSON'],
    ['{\n  "name": "a"}', ':1: rules are an array'],
    [
      '[\n  {"name": "a", "device": "cpu"},\n  {\n    "nmae": "b"\n}]',
      ":4, 'nmae': a rule has no such key. Did you mean 'name'?",
    ],
    ['[\n  {"name": "a",\n   "device": 3}]', ":3, 'device': expected a device"],
    ['[\n\n  {"name": "a"}]', ':3: the rule names no device'],
    ['[\n\n\n  4]', ':4: a rule is an object'],
    ['[\n  {"name": "a",\n   "device": "cpu",\n   "name": "b"}]', ":4, 'name': the key is there twice"],
    ['[\n  {"name": "a",\n   "regex": "(", "device": "cpu"}]', ":3, 'regex': The regular expression '('"],
    ['['.repeat(20_000), ':1 is no JSON (nested too deeply)'],
  ])('%j is refused at its line and key', async (text, message) => {
    const path = fileOf(text);
    const error = await failure(() => readPlaceRules(path, anyDevice));
    expect(error).toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringContaining(`${path}${message}`) });
  });

  it('is refused however deep its arrays are: where one has room for them, another may have less', async () => {
    for (let depth = 500; depth <= 8_000; depth += 500) {
      const path = fileOf(`[{"name": "a", "device": ${'['.repeat(depth)}${']'.repeat(depth)}}]`);
      expect((await failure(() => readPlaceRules(path, anyDevice))).code, `${depth}`).toBe('INVALID_ARGUMENT');
    }
  });

  it.each([
    ['gpux:77:1', 'INVALID_ARGUMENT', 'gpux:77:1'],
    ['gpu:999', 'DEVICE_UNKNOWN', 'gpu:999'],
    ['/job:serving', 'INVALID_ARGUMENT', 'names no type'],
    ['tpx', 'DEVICE_UNKNOWN', "'tpx'"],
  ])('is refused at the line of the device %s, whether a node is meant or not', async (device, code, what) => {
    const path = fileOf(`[\n  {"name": "a", "device": "cpu"},\n  {"name": "nosuch",\n   "device": "${device}"}\n]`);
    const devices = new DeviceList([]);
    const error = await failure(() => readPlaceRules(path, (text) => devices.numberOf(text)));
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(`${path}:4, 'device': `)]);
    expect(error.message).toContain(what);
  });

  it('says at which line a rule is that no node follows', async () => {
    const path = fileOf('[\n  {"name": "a", "device": "cpu"},\n  {"name": "b", "device": "cpu"}\n]');
    const { place, unused } = await readPlaceRules(path, anyDevice);
    place(node('a'));
    expect(unused()).toEqual([`${path}:3`]);
  });

  it('that is not there is not found', async () => {
    expect(await failure(() => readPlaceRules(join(temporaryFolder(), 'none.json'), anyDevice))).toMatchObject({
      code: 'FILE_NOT_FOUND',
    });
  });
});
