// The functions of a graph, as Ascend's compiler reads them.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { functionLibraryText } from '../../src/devices/ascend/function-library.js';
import { failure } from '../support/failure.js';
import { freeze } from '../support/freeze.js';
import { call, type FunctionLiteral, libraryOf } from '../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphDef,
  graphOf,
  intAttr,
  type NodeLiteral,
  typeAttr,
} from '../support/graph-def.js';
import { smallModel, smallNodes } from '../support/model.js';

/** Halves its argument's rows apart, and adds the second to the argument. */
const parts: FunctionLiteral = {
  inputs: { x: float, axis: 3 },
  outputs: { sum: float, first: float },
  nodes: [
    { name: 'split', op: 'Split', input: ['axis', 'x'], attr: { T: typeAttr(float), num_split: intAttr(2) } },
    {
      ...floatNode('AddV2', 'add', 'x', 'split:output:1', '^split', '^x'),
      device: '/device:NPU:0',
    },
    { name: 'switch', op: 'Switch', input: ['x', 'yes:output:0'], attr: { T: typeAttr(float) } },
    {
      name: 'yes',
      op: 'Const',
      attr: { dtype: typeAttr(boolType), value: { tensor: { dtype: boolType, bool_val: [true] } } },
    },
    { name: 'called', op: 'again', input: ['switch:output_true:0'] },
  ],
  returns: { sum: 'add:z:0', first: 'called:b:0' },
};
const again: FunctionLiteral = {
  inputs: { x: float },
  outputs: { a: float, b: float },
  nodes: [floatNode('Neg', 'neg', 'x')],
  returns: { a: 'x', b: 'neg:y:0' },
};

const library = libraryOf({ parts, again });
const calling: NodeLiteral[] = [
  ...smallNodes.slice(0, 3),
  {
    name: 'axis',
    op: 'Const',
    attr: { dtype: typeAttr(3), value: { tensor: { dtype: 3, int_val: [0], tensor_shape: {} } } },
  },
  call('y', ['w/read', 'axis'], 'parts', [float, 3], [float, float]),
];

const textOf = (functions: Readonly<Record<string, FunctionLiteral>>): Promise<string> =>
  functionLibraryText(graphOf([], { library: libraryOf(functions) }));

describe('a function as text', () => {
  it('has a node an argument, its own nodes, and a node a result', async () => {
    const text = await textOf({ parts, again });
    const nodes =
      text
        .split(/^ {2}\}\n\}\n/m)[0]
        ?.split(/^ {4}node \{\n/m)
        .slice(1) ?? [];
    const view = nodes.map((node) => [
      /^ {6}op: "(.*)"$/m.exec(node)?.[1],
      /^ {6}name: "(.*)"$/m.exec(node)?.[1],
      ...[...node.matchAll(/^ {6}input: "(.*)"$/gm)].map(([, input]) => input),
    ]);
    expect(view).toEqual([
      ['_Arg', 'x'],
      ['_Arg', 'axis'],
      ['Split', 'split', 'axis', 'x'],
      ['AddV2', 'add', 'x', 'split:1', '^split', '^x'],
      ['Switch', 'switch', 'x', 'yes'],
      ['Const', 'yes'],
      ['again', 'called', 'switch:1'],
      ['_Retval', 'sum_Retval', 'add'],
      ['_Retval', 'first_Retval', 'called:1'],
    ]);
    expect(nodes[3]).toContain('device: "/device:NPU:0"');
  });

  it('is in the order of the library, with types and indexes', async () => {
    const text = await textOf({ parts, again });
    expect([...text.matchAll(/^ {2}name: "(.*)"$/gm)].map(([, name]) => name)).toEqual(['parts', 'again']);
    const results = text.slice(text.lastIndexOf('name: "b_Retval"'));
    expect(results).toMatch(/key: "T"\n\s+value \{\n\s+type: DT_FLOAT/);
    expect(results).toMatch(/key: "index"\n\s+value \{\n\s+i: 1\n/);
    // The compiler refuses a result without its OpDef.
    expect(results).toContain('key: "op_def"');
    expect(text).toContain('producer: 2474');
  });

  it('tells the shape of an argument that is noted, and keeps notes alone', async () => {
    const shape = { dim: [{ size: 2 }, { size: 3 }] };
    const noted = { _output_shapes: { list: { shape: [shape] } }, _user: { i: 7 }, other: { i: 8 } };
    const given = libraryOf({ again }) as { function: object[] };
    const text = await functionLibraryText(
      graphOf([], { library: { function: [{ ...given.function[0], arg_attr: { 0: { attr: noted } } }] } }),
    );
    expect([...text.matchAll(/key: "(.*)"/g)].slice(0, 5).map(([, key]) => key)).toEqual([
      ...['T', '_output_shapes', '_user', 'index', 'shape'],
    ]);
    expect(text).not.toContain('other');
  });

  it('leaves out what the compiler does not know', async () => {
    const debugged = {
      ...again,
      nodes: [{ ...floatNode('Neg', 'neg', 'x'), experimental_debug_info: { original_node_names: ['n'] } }],
    };
    expect(await textOf({ again: debugged })).not.toContain('experimental');
  });

  it('is refused where nobody knows the outputs of an op, unless it has one', async () => {
    const custom = (attr: NodeLiteral['attr'] = {}): Readonly<Record<string, FunctionLiteral>> => ({
      f: { ...again, nodes: [{ name: 'neg', op: 'Mine', input: ['x'], attr }], returns: { a: 'x', b: 'neg:out:0' } },
    });
    const { code, message } = await failure(() => textOf(custom()));
    expect([code, message]).toEqual(['UNSUPPORTED', expect.stringContaining("the outputs of 'Mine' (node 'neg')")]);
    expect(await textOf(custom({ _output_shapes: { list: { shape: [{ dim: [] }] } } }))).toContain('input: "neg"\n');
  });

  it('is refused where a call gives a type', async () => {
    const { code, message } = await failure(() => textOf({ f: { ...again, inputs: { x: 0 } } }));
    expect([code, message]).toEqual(['UNSUPPORTED', expect.stringContaining("each call gives 'x' a type of its own")]);
  });

  it('is refused where it names what is not there', async () => {
    expect((await failure(() => textOf({ f: { ...again, returns: { a: 'x', b: 'none:y:0' } } }))).code).toBe(
      'GRAPH_INVALID',
    );
  });
});

describe('the file beside the graph', () => {
  function model(): ReturnType<typeof smallModel> {
    const made = smallModel();
    writeFileSync(made.graph, graphDef(calling, { library }));
    return made;
  }
  const options = ({ graph, checkpoint, out }: ReturnType<typeof smallModel>) => ({
    graph,
    checkpoint,
    out,
    outputs: 'y',
  });

  it('is written for an NPU, and in the report', async () => {
    const given = model();
    const { files, bytes } = await freeze({ ...options(given), place: 'gpu:0,npu:0' });
    const path = join(given.outFolder, 'graph_def_library.pbtxt');
    expect(files.map((file) => file.path)).toEqual([given.out, path]);
    expect(files.map((file) => file.bytes)).toEqual([given.out, path].map((each) => readFileSync(each).length));
    expect(bytes).toBe(files.reduce((sum, file) => sum + file.bytes, 0));
    expect(readdirSync(given.outFolder).sort()).toEqual(['frozen.pb', 'graph_def_library.pbtxt']);
  });

  it('is written where a rule names the NPU', async () => {
    const given = model();
    await freeze({ ...options(given), placeRules: [{ name: 'y', device: 'npu:1' }] });
    expect(existsSync(join(given.outFolder, 'graph_def_library.pbtxt'))).toBe(true);
  });

  it.each([
    ['other devices', { place: 'gpu:0,cpu' }],
    ['no placement', {}],
    ['a dry run', { place: 'npu', dryRun: true }],
    ['a graph whose functions are inlined', { place: 'npu', inline: true }],
    ['another layout', { place: 'npu', layout: 'saved-model' as const }],
  ])('is not written for %s', async (_, more) => {
    const given = model();
    await freeze({ ...options(given), ...more, out: join(given.outFolder, 'frozen') });
    expect(readdirSync(given.outFolder, { recursive: true })).not.toContain('graph_def_library.pbtxt');
  });

  it('is as it was where the graph cannot be written, and the graph where the file cannot', async () => {
    const given = model();
    const path = join(given.outFolder, 'graph_def_library.pbtxt');
    writeFileSync(path, 'before');
    mkdirSync(given.out);
    const refused = await failure(() => freeze({ ...options(given), place: 'npu' }));
    expect([refused.code, readFileSync(path, 'utf8')]).toEqual(['WRITE_FAILED', 'before']);
    expect(readdirSync(given.outFolder).sort()).toEqual(['frozen.pb', 'graph_def_library.pbtxt']);

    const other = model();
    mkdirSync(join(other.outFolder, 'graph_def_library.pbtxt'));
    writeFileSync(other.out, 'before');
    const error = await failure(() => freeze({ ...options(other), place: 'npu' }));
    expect([error.code, readFileSync(other.out, 'utf8')]).toEqual(['WRITE_FAILED', 'before']);
    expect(readdirSync(other.outFolder).sort()).toEqual(['frozen.pb', 'graph_def_library.pbtxt']);
  });

  it('is there with the graph, whatever the caller throws at the end', async () => {
    const given = model();
    const onProgress = (): never => {
      throw new Error('no more');
    };
    await expect(freeze({ ...options(given), place: 'npu', durable: true, onProgress })).rejects.toThrow('no more');
    expect([[], ['frozen.pb', 'graph_def_library.pbtxt']]).toContainEqual(readdirSync(given.outFolder).sort());
  });

  it('does not replace a source, nor the graph itself', async () => {
    const given = model();
    const graph = join(given.folder, 'graph_def_library.pbtxt');
    writeFileSync(graph, readFileSync(given.graph));
    const same = await failure(() =>
      freeze({ ...options(given), graph, out: join(given.folder, 'frozen.pb'), place: 'npu' }),
    );
    expect([same.code, existsSync(join(given.folder, 'frozen.pb'))]).toEqual(['INVALID_ARGUMENT', false]);
    const out = join(given.outFolder, 'graph_def_library.pbtxt');
    expect((await failure(() => freeze({ ...options(given), out, place: 'npu' }))).message).toContain(
      'Choose another name',
    );
    expect(dirname(out)).toBe(given.outFolder);
  });
});
