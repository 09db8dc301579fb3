import { describe, expect, it } from 'vitest';
import type { Graph } from '../../../src/graph/graph.js';
import { noInference } from '../../../src/inference/inference-settings.js';
import { parseInputs } from '../../../src/inference/inputs/input-cut.js';
import type { RewriteName } from '../../../src/inference/rewrite-name.js';
import { type Inference, toInference } from '../../../src/inference/to-inference.js';
import { prune } from '../../../src/passes/prune.js';
import { failure } from '../../support/failure.js';
import { call, libraryOf, typesAttr } from '../../support/functions.js';
import {
  float,
  floatNode,
  graphOf,
  identity,
  int64Type,
  type NodeLiteral,
  placeholder,
  refVariable,
  resource,
  shapeAttr,
  stringsAttr,
  stringType,
  typeAttr,
} from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';

const shapes = (...each: number[][]): object => ({
  list: { shape: each.map((sizes) => ({ dim: sizes.map((size) => ({ size })) })) },
});

/** Images and labels of an iterator, a model that waits for both, and its loss. */
const training: readonly NodeLiteral[] = [
  { name: 'it', op: 'IteratorV2', attr: {} },
  {
    name: 'next',
    op: 'IteratorGetNext',
    input: ['it'],
    device: '/cpu:0',
    attr: { output_types: typesAttr(float, int64Type), output_shapes: shapes([-1, 6], [-1]) },
  },
  floatNode('Relu', 'y', 'next', '^next'),
  { name: 'loss', op: 'Xent', input: ['y', 'next:1'] },
];

const cut = (nodes: readonly NodeLiteral[], inputs: unknown, outputs = ['y'], more: object = {}): Inference =>
  toInference(graphOf(nodes, more), outputs, { ...noInference, inputs: parseInputs(inputs) });
const left = ({ graph }: { graph: Graph }, outputs = ['y']): string[] => lines(prune(graph, outputs, () => false));

describe('a tensor that is cut', () => {
  it('is a placeholder with what the graph says of it, and what is in front falls away', () => {
    const { graph, inputs, changes } = cut(training, 'next=image');
    expect(left({ graph })).toEqual(['image = Placeholder()', 'y = Relu(image)']);
    expect(graph.byName.get('loss')?.inputs).toEqual(['y', 'next:1']);
    const { device, attributes } = graph.byName.get('image') ?? {};
    const [dtype, shape] = [typeAttr(float), shapeAttr(-1, 6)].map((attr) =>
      graphOf([{ name: 'a', op: 'A', attr: { attr } }]).nodes[0]?.attribute('attr'),
    );
    expect([device, attributes]).toEqual([
      '/cpu:0',
      new Map([
        ['dtype', dtype],
        ['shape', shape],
      ]),
    ]);
    expect(inputs).toEqual(['image']);
    expect(changes).toEqual([
      {
        rewrite: 'inputs',
        node: 'image',
        functionName: undefined,
        isLeft: false,
        text: "is fed float32[?,6], in place of 'next:0' (IteratorGetNext, from an iterator; type by its op)",
      },
    ]);
  });
  it('keeps its name where its node has one output, and gets one with a number where it has several', () => {
    const nodes = [placeholder('x'), floatNode('Neg', 'h', 'x'), floatNode('Relu', 'y', 'h')];
    expect(left(cut(nodes, 'h'))).toEqual(['h = Placeholder()', 'y = Relu(h)']);
    expect(left(cut([...training, placeholder('next_0')], 'next:0'))).toEqual([
      'next_0_1 = Placeholder()',
      'y = Relu(next_0_1)',
    ]);
  });
  it('may be one of several of a node', () => {
    const result = cut(training, 'next:0=image,next:1=label', ['loss']);
    expect(left(result, ['loss'])).toEqual([
      'image = Placeholder()',
      'label = Placeholder()',
      'y = Relu(image)',
      'loss = Xent(y, label)',
    ]);
  });
  it('is waited for by nothing, and neither is what is in front of it', () => {
    const nodes = [
      { name: 'q', op: 'FIFOQueueV2' },
      { name: 'd', op: 'QueueDequeueV2', input: ['q'], attr: { component_types: typesAttr(float) } },
      floatNode('Abs', 'front', 'd'),
      floatNode('Neg', 'x', 'front', '^front'),
      placeholder('other'),
      floatNode('AddV2', 'y', 'x', 'other', '^front', '^d', '^x', '^other'),
    ];
    expect(left(cut(nodes, 'x'))).toEqual([
      'x = Placeholder()',
      'other = Placeholder()',
      'y = AddV2(x, other, ^other)',
    ]);
  });
  it('takes its type from what reads it, or from the option, where nothing else says it', () => {
    const nodes = [
      { name: 'own', op: 'Mine' },
      floatNode('Relu', 'y', 'own:2'),
      { name: 'z', op: 'Mine', input: ['own:1'] },
    ];
    expect(cut(nodes, 'own:2').changes[0]?.text).toMatch(/^is fed float32, .*type by what reads it/);
    expect(cut(nodes, 'own:1=:int64[3]', ['z']).changes[0]?.text).toMatch(/^is fed int64\[3\], .*type by the option/);
  });
  it('has shapes behind it worked out anew where another is asked for', () => {
    const known = (name: string, op: string, ...input: string[]): NodeLiteral => ({
      name,
      op,
      input,
      attr: { T: typeAttr(float), _output_shapes: shapes([4, 6]) },
    });
    const nodes = [known('x', 'Custom'), known('h', 'Relu', 'x'), known('c', 'Other'), known('y', 'AddV2', 'h', 'c')];
    const shapesLeft = (inputs: string): string[] =>
      cut(nodes, inputs).graph.nodes.flatMap(({ name, attributes }) => (attributes.has('_output_shapes') ? name : []));
    expect(shapesLeft('x=x:float32[?,6]')).toEqual(['c']);
    expect(shapesLeft('x=x:float32[4,6]')).toEqual(['h', 'c', 'y']);
    expect(shapesLeft('x')).toEqual(['h', 'c', 'y']);
  });
});

describe('auto', () => {
  it('cuts at iterators and queues, at what is read of them', () => {
    expect(left(cut(training, 'auto'))).toEqual(['next_0 = Placeholder()', 'y = Relu(next_0)']);
    expect(
      left(toInference(graphOf(training), ['y'], { ...noInference, rewrites: new Set<RewriteName>(['inputs']) })),
    ).toEqual(['next_0 = Placeholder()', 'y = Relu(next_0)']);
  });
  it('takes the first on the way from the output, with the shapes of the elements of a queue', () => {
    const queue = { component_types: typesAttr(float), shapes: shapes([6]) };
    const types = { component_types: typesAttr(float) };
    const nodes: NodeLiteral[] = [
      { name: 'files', op: 'FIFOQueueV2', attr: { component_types: typesAttr(stringType) } },
      { name: 'file', op: 'QueueDequeueV2', input: ['files'], attr: { component_types: typesAttr(stringType) } },
      { name: 'reader', op: 'TFRecordReaderV2' },
      { name: 'read', op: 'ReaderReadV2', input: ['reader', 'files'] },
      { name: 'batches', op: 'FIFOQueueV2', attr: queue },
      { name: 'put', op: 'QueueEnqueueV2', input: ['batches', 'read:1'] },
      { name: 'n', op: 'Const' },
      { name: 'batch', op: 'QueueDequeueManyV2', input: ['batches', 'n'], attr: types },
      { name: 'staged', op: 'Unstage', attr: { dtypes: typesAttr(float, float) } },
      {
        ...floatNode('AddV2', 'y', 'batch', 'staged:1'),
        attr: { T: typeAttr(float), _class: stringsAttr('loc:@batches') },
      },
    ];
    const { graph, changes } = cut(nodes, 'auto');
    expect(left({ graph })).toEqual([
      'batch = Placeholder()',
      'staged_1 = Placeholder()',
      'y = AddV2(batch, staged_1)',
    ]);
    expect(changes.map(({ text }) => text)).toEqual([
      "is fed float32[?,6], in place of 'batch:0' (QueueDequeueManyV2, from a queue; type by its op)",
      "is fed float32, in place of 'staged:1' (Unstage, from a staging area; type by its op)",
    ]);
  });
  it('takes a placeholder with what an iterator gives for its default, and what an optional has', () => {
    const fed: NodeLiteral = {
      name: 'x',
      op: 'PlaceholderWithDefault',
      input: ['next'],
      attr: { dtype: typeAttr(float), shape: shapeAttr(-1, 6) },
    };
    const [, next] = training as [NodeLiteral, NodeLiteral];
    expect(left(cut([next, fed, floatNode('Relu', 'y', 'x')], 'auto'))).toEqual(['x = Placeholder()', 'y = Relu(x)']);
    const types = { output_types: typesAttr(float), output_shapes: shapes([-1, 6]) };
    const optional = (op: string): NodeLiteral[] => [
      { name: 'o', op, input: ['it'], attr: {} },
      { name: 'x', op: 'OptionalGetValue', input: ['o'], attr: types },
      floatNode('Relu', 'y', 'x'),
    ];
    expect(left(cut(optional('IteratorGetNextAsOptional'), 'auto'))).toEqual(['x = Placeholder()', 'y = Relu(x)']);
    expect(left(cut(optional('OptionalFromValue'), 'auto'))).toContain('x = OptionalGetValue(o)');
  });
  it('leaves alone what has no iterator', () => {
    const graph = graphOf([placeholder('x'), floatNode('Relu', 'y', 'x')]);
    expect(toInference(graph, ['y'], { ...noInference, inputs: parseInputs('auto') }).graph).toBe(graph);
  });
  it('goes with inputs that are named', () => {
    const nodes = [...training, floatNode('AddV2', 'z', 'y', 'd'), dequeue('d')];
    expect(left(cut(nodes, 'y=h,auto', ['z']), ['z'])).toEqual([
      'h = Placeholder()',
      'z = AddV2(h, d)',
      'd = Placeholder()',
    ]);
  });
});

function dequeue(name: string): NodeLiteral {
  return { name, op: 'QueueDequeue', input: ['q'], attr: { component_types: typesAttr(float) } };
}

describe('refused is', () => {
  const refusal = async (inputs: unknown, nodes = training, outputs = ['y'], more: object = {}): Promise<string> => {
    const error = await failure(() => cut(nodes, inputs, outputs, more));
    expect(error.code).toBe('INVALID_ARGUMENT');
    return error.message;
  };
  const shaped = { name: 'x', op: 'Placeholder', attr: { dtype: typeAttr(float), shape: shapeAttr(4, -1) } };
  const plain = [shaped, floatNode('Relu', 'h', 'x'), floatNode('Relu', 'y', 'h')];

  it('a node or an output that is not there', async () => {
    expect(await refusal('nxt')).toBe(
      "There is no node 'nxt' in the graph to be an input. The nearest names are 'next'.",
    );
    expect(await refusal('elsewhere')).toBe(
      "There is no node 'elsewhere' in the graph to be an input. `permafrost suggest` lists what could be.",
    );
    expect(await refusal('next:2')).toBe(
      "There is no output 'next:2': 'next' (IteratorGetNext) has 2 outputs, 'next:0' to ':1'.",
    );
    expect(await refusal('next:x')).toContain("'next:x' is no tensor");
    const f = {
      inputs: { a: float },
      outputs: { b: float },
      nodes: [floatNode('Relu', 'inner', 'a')],
      returns: { b: 'inner:activations:0' },
    };
    const nodes = [placeholder('x'), call('y', ['x'], 'f', [float])];
    expect(await refusal('inner', nodes, ['y'], { library: libraryOf({ f }) })).toContain(
      "There is one in the function 'f', and only the graph itself is cut",
    );
  });
  it('another type, or another shape', async () => {
    expect(await refusal('next=image:uint8')).toContain("The input 'next' is float32 in the graph");
    expect(await refusal('x=x:float32[5,?]', plain)).toContain(
      "The input 'x' is [4,?] in the graph (shape), so it cannot be [5,?]. Use ? for a size that callers choose.",
    );
    expect(await refusal('x=x[4]', plain)).toContain('so it cannot be [4]');
    expect(
      await refusal('z', [
        { name: 'z', op: 'Mine' },
        { name: 'y', op: 'Mine', input: ['z'] },
      ]),
    ).toContain("Nothing in the graph says of what type 'z' is");
  });
  it('what cannot be fed', async () => {
    expect(await refusal('it')).toBe("'it' is a resource, which nobody can feed. Take what is made of it, by 'next'.");
    const written = [
      refVariable('v', float, 2),
      { name: 'y', op: 'AssignAdd', input: ['v', 'c'], attr: { T: typeAttr(float) } },
      placeholder('c'),
    ];
    expect(await refusal('v', written)).toContain(
      "'y' (AssignAdd) takes a reference to a variable, and what is fed is none.",
    );
  });
  it('what is of no use', async () => {
    expect(await refusal('next:1')).toContain("No output needs 'next:1'");
    expect(await refusal('y')).toContain("'y' is an output, so it cannot be an input too");
    expect(await refusal('x,h', plain)).toContain(
      "The input 'x:0' is of no use: all that the outputs need of it lies in front of",
    );
  });
  it('what is there twice', async () => {
    expect(await refusal('next=a,next:0=b')).toBe("The input 'next:0' is given twice. Leave one out.");
    expect(await refusal('next=a,next:1=a')).toBe("The inputs 'next:0' and 'next:1' cannot both be named 'a'.");
    expect(await refusal('next=loss')).toBe(
      "The input 'next' cannot be named 'loss': the graph has a node of that name (Xent).",
    );
    expect(await refusal('next=next')).toContain('the graph has a node of that name (IteratorGetNext)');
  });
  it('a cut that leaves an iterator or a queue, with the way to it', async () => {
    expect(await refusal('next=a', training, ['loss'])).toContain(
      "The outputs still need 'next' (IteratorGetNext), and nothing fills the iterator of a graph for inference: 'next' → 'loss'.",
    );
    const inside = [{ name: 'it', op: 'IteratorV2' }, call('y', ['it'], 'f', [resource])];
    expect(await refusal('auto', inside)).toMatch(
      /^The outputs still need 'it' \(IteratorV2\).*'it' → 'y'\. 'y' \(PartitionedCall\) takes data from it, in a function/,
    );
    const variant = [
      { name: 'it', op: 'IteratorV2' },
      {
        name: 'n',
        op: 'IteratorGetNext',
        input: ['it'],
        attr: { output_types: typesAttr(21), output_shapes: shapes([]) },
      },
      {
        name: 'sparse',
        op: 'DeserializeSparse',
        input: ['n'],
        attr: { dtype: typeAttr(float), Tserialized: typeAttr(21) },
      },
      floatNode('Relu', 'y', 'sparse:1'),
    ];
    expect(await refusal('auto', variant)).toContain(
      "'n:0' is a variant, which nobody can feed. Take what is made of it, by 'sparse'.",
    );
    expect(left(cut(variant, 'sparse:1=values'))).toEqual(['values = Placeholder()', 'y = Relu(values)']);
  });
});

it('a reference may be fed to what reads its value', () => {
  const nodes = [refVariable('v', float, 2), identity('y', 'v')];
  const { graph } = cut(nodes, 'v=v');
  expect(left({ graph })).toEqual(['v = Placeholder()', 'y = Identity(v)']);
});
