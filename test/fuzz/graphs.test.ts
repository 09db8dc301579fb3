// Graphs made at random, whole and damaged: whatever is asked for ends with a result, or with an error of a documented code.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkGraph, type FreezeOptions, freeze, suggest } from '../../src/index.js';
import { formatText } from '../../src/proto/text-format.js';
import { messageType } from '../../src/proto/types.js';
import { encode } from '../support/graph-def.js';
import { damaged, damages } from './damage.js';
import { ending, holds, inFolder } from './fuzzing.js';
import { encodeGraph, randomGraph } from './random-graph.js';

const long = 24 * 60 * 60_000;

/** What leads to one GraphDef; two of them at most, since many do not go together. */
const options: fc.Arbitrary<Partial<FreezeOptions>> = fc
  .array(
    fc.constantFrom<Partial<FreezeOptions>[]>(
      ...[{ inline: true }, { optimize: true }, { inference: true }, { keepLibrary: true }, { tfParity: true }],
      ...[{ place: 'keep' }, { place: 'npu:0,gpu:0,cpu' }, { place: 'gpu:0,cpu', deviceConstants: 'copies,dtypes' }],
      ...[{ weights: 'float16' }, { weights: 'w=int8' }, { initializers: 'n3' }, { initializers: 'n5' }],
      ...[{ outputs: 'n1' }, { outputs: 'y,n2' }, { outputs: 'auto' }, { allow: 'w' }, { deny: 'w' }],
      ...[{ inputs: 'n1' }, { inputs: 'auto' }, { inputs: 'n2:0=image:float32[?]' }, { inputs: 'x' }],
      ...[{ bind: { flag: true } }, { bind: { flag: false } }, { bind: { x: 1 } }, { bind: { w: [1, 2] } }],
      ...[{ inference: ['batch-norm'] as const }, { inference: ['dropout', 'bindings'] as const }, { ema: true }],
    ),
    { maxLength: 2 },
  )
  .map((each) => Object.assign({}, ...each));

const layouts = fc.constantFrom('graph-def', 'mmap', 'memmapped', 'saved-model', 'tfjs');

describe('a graph', () => {
  it('is frozen or refused, and what was frozen decodes', { timeout: long }, async () => {
    const property = fc.asyncProperty(randomGraph, damages, options, async (random, faults, more) => {
      await inFolder(random.variables, async ({ path, write }) => {
        const graph = write('graph.pb', damaged(encodeGraph(random), faults));
        const given = { graph, checkpoint: path('model.ckpt'), outputs: 'y', out: path('frozen.pb'), ...more };
        const end = await ending(() => freeze(given as FreezeOptions));
        if (!('result' in end)) return;
        const bytes = readFileSync(path('frozen.pb'));
        expect(bytes.length).toBe(end.result.files[0]?.bytes ?? end.result.bytes);
        const { node } = messageType('GraphDef').decode(bytes) as unknown as { node: { name: string }[] };
        expect(node).toHaveLength(end.result.nodesAfter);
        await ending(() => checkGraph({ file: path('frozen.pb') }));
      });
    });
    await holds('graphs frozen', 150, property);
  });

  it('is written in any layout, or refused', { timeout: long }, async () => {
    const property = fc.asyncProperty(randomGraph, damages, layouts, async (random, faults, layout) => {
      await inFolder(random.variables, async ({ path, write }) => {
        const graph = write('graph.pb', damaged(encodeGraph(random), faults));
        const given = { graph, checkpoint: path('model.ckpt'), outputs: 'y', out: path('frozen') };
        await ending(() => freeze({ ...given, layout: layout as NonNullable<FreezeOptions['layout']> }));
      });
    });
    await holds('layouts', 60, property);
  });

  it('is checked and looked at', { timeout: long }, async () => {
    const property = fc.asyncProperty(randomGraph, damages, async (random, faults) => {
      await inFolder([], async ({ write }) => {
        const file = write('graph.pb', damaged(encodeGraph(random), faults));
        await ending(() => checkGraph({ file, allowVariables: true, target: 'npu' }));
        await ending(() => suggest({ graph: file }));
      });
    });
    await holds('graphs checked', 100, property);
  });

  it('means the same as text', { timeout: long }, async () => {
    const property = fc.asyncProperty(randomGraph, async (random) => {
      await inFolder(random.variables, async ({ path, write }) => {
        const bytes = encodeGraph(random);
        const type = messageType('GraphDef');
        const text = await formatText(type, type.decode(bytes));
        const frozen = async (graph: string, out: string): Promise<string> => {
          const given = { graph, checkpoint: path('model.ckpt'), outputs: 'y', out: path(out) };
          const end = await ending(() => freeze(given));
          return 'code' in end ? end.code : readFileSync(path(out)).toString('hex');
        };
        const fromBinary = await frozen(write('graph.pb', bytes), 'a.pb');
        expect(await frozen(write('graph.pbtxt', text), 'b.pb')).toBe(fromBinary);
      });
    });
    await holds('texts', 40, property);
  });

  it('that is a damaged text is frozen or refused', { timeout: long }, async () => {
    const property = fc.asyncProperty(randomGraph, damages, async (random, faults) => {
      await inFolder(random.variables, async ({ path, write }) => {
        const type = messageType('GraphDef');
        const text = await formatText(type, type.decode(encodeGraph(random)));
        const graph = write('graph.pbtxt', damaged(Buffer.from(text), faults));
        await ending(() => freeze({ graph, checkpoint: path('model.ckpt'), outputs: 'y', out: path('frozen.pb') }));
      });
    });
    await holds('damaged texts', 60, property);
  });
});

describe('a SavedModel', () => {
  const names = fc.constantFrom('serving_default', 'other', 'x', '__saved_model_init_op', '');
  const tensors = fc.constantFrom('x:0', 'y:0', 'x:0', 'y:0', 'y', 'n1:0', 'n2:1', '', 'gone:0', 'y:99');
  const info = fc.record({ name: tensors, dtype: fc.constantFrom(0, 1, 7, 20, 101, 999) });
  const infos = fc.dictionary(names, info, { maxKeys: 3 });
  const signature = fc.record({ inputs: infos, outputs: infos, method_name: names });
  const asset = fc.record({
    tensor_info: fc.record({ name: tensors }),
    filename: fc.constantFrom('a.txt', '../a.txt', '/etc/passwd', '', 'a/../../b', '.', 'a//b', 'a\0b'),
  });
  const collection = fc.constantFrom<object[]>(
    { node_list: { value: ['y', 'x:0'] } },
    { bytes_list: { value: [Buffer.from('0a0361', 'hex')] } },
    { any_list: { value: [{ value: Buffer.from('0a00', 'hex') }] } },
  );
  const keys = fc.constantFrom('saved_model_main_op', 'legacy_init_op', 'saved_model_assets', 'variables');
  const more = fc.record({
    meta_info_def: fc.record({ tags: fc.constantFrom<string[][]>(['serve'], ['serve'], ['serve'], ['serve', 'gpu']) }),
    signature_def: fc.dictionary(names, signature, { maxKeys: 3 }),
    asset_file_def: fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(asset, { maxLength: 2 })),
    collection_def: fc.dictionary(keys, collection, { maxKeys: 2 }),
  });
  const named = fc.constantFrom<Partial<FreezeOptions>[]>({}, { outputs: 'y' }, { outputs: 'y', inference: true });
  const model = fc.tuple(randomGraph, more, named);

  it('is frozen or refused, and nothing is written beside its target', { timeout: long }, async () => {
    const property = fc.asyncProperty(model, damages, layouts, async ([random, rest, asked], faults, layout) => {
      await inFolder(random.variables, async ({ path, write }) => {
        const bytes = encode('SavedModel', {
          saved_model_schema_version: 1,
          meta_graphs: [{ graph_def: random.graph, ...rest }],
        });
        write('saved_model.pb', damaged(bytes, faults));
        const given = { graph: path('saved_model.pb'), checkpoint: path('model.ckpt'), out: path('frozen'), ...asked };
        await ending(() => freeze({ ...given, layout: layout as NonNullable<FreezeOptions['layout']> }));
        await ending(() => checkGraph({ file: given.graph, allowVariables: true }));
      });
    });
    await holds('SavedModels', 60, property);
  });
});

describe('a file of rules', () => {
  const scalar = fc.oneof(
    fc.constantFrom('gpu:0', 'cpu', '*', 'n?', '(a|b)*', '', '/device:NPU:0', 'y', '(?<=x)', 'a{1001}'),
    fc.string(),
    fc.integer(),
    fc.constant(null),
  );
  const value = fc.oneof(scalar, fc.array(scalar, { maxLength: 3 }));
  const rule = fc.dictionary(fc.constantFrom('name', 'regex', 'op', 'scope', 'device', 'nam'), value, { maxKeys: 3 });
  const device = fc.constantFrom('gpu:0', 'cpu', 'cpu:1', 'gpu:9', '/job:w/device:GPU:0');
  const name = fc.constantFrom('*', 'n?', 'n*/read', 'y', '?*?', 'nobody');
  const sound = fc.oneof(
    fc.record({ name, device }),
    fc.record({ regex: fc.constantFrom('n[0-9]+', '^(x|y)$', 'w'), device }),
    fc.record({ op: fc.constantFrom<(string | string[])[]>('AddV2', ['Neg', 'Mul']), scope: name, device }),
  );
  const map = fc.dictionary(fc.constantFrom('w', 'n4', 'n5'), fc.constantFrom('w', 'n4', 'gone'), { maxKeys: 2 });
  const rules = fc.oneof(
    fc.array(sound, { minLength: 1, maxLength: 5 }).map((list) => JSON.stringify(list)),
    map.map((object) => JSON.stringify(object)),
    fc
      .array(rule, { minLength: 1, maxLength: 4 })
      .map((list) => JSON.stringify(list.map((each) => ({ device: 'cpu', ...each })))),
    fc.json(),
    fc.string(),
  );

  it('is followed or refused', { timeout: long }, async () => {
    const property = fc.asyncProperty(randomGraph, rules, damages, async (random, text, faults) => {
      await inFolder(random.variables, async ({ path, write }) => {
        const placeRules = write('rules.json', damaged(Buffer.from(text), faults));
        const given = { graph: write('graph.pb', encodeGraph(random)), checkpoint: path('model.ckpt'), outputs: 'y' };
        await ending(() => freeze({ ...given, dryRun: true, place: 'gpu:0,cpu', placeRules }));
        await ending(() => freeze({ ...given, dryRun: true, variableMap: placeRules }));
      });
    });
    await holds('rules', 80, property);
  });
});
