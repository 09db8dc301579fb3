import { expect, it } from 'vitest';
import { noInference } from '../../../../src/inference/inference-settings.js';
import type { Inference } from '../../../../src/inference/to-inference.js';
import { toInference } from '../../../../src/inference/to-inference.js';
import {
  boolType,
  float,
  floatNode,
  graphOf,
  identity,
  int32Type,
  intAttr,
  type NodeLiteral,
  placeholder,
  textAttr,
  typeAttr,
} from '../../../support/graph-def.js';
import { lines } from '../../../support/stored.js';

function bound(nodes: readonly NodeLiteral[], binding: Record<string, boolean | number>, output = 'y'): Inference {
  const bindings = Object.entries(binding).map(([name, value]) => ({ name, value }));
  return toInference(graphOf(nodes), [output], { ...noInference, rewrites: new Set(), bindings });
}

/** As lines, those alone that the output needs. */
function needed({ graph }: Inference, output = 'y'): string[] {
  const wanted = new Set([output]);
  for (const name of wanted) {
    for (const input of graph.byName.get(name)?.inputs ?? []) wanted.add(input.replace(/^\^|:\d+$/g, ''));
  }
  return lines(graph.withNodes(graph.nodes.filter(({ name }) => wanted.has(name))));
}

const constant = (name: string, ...input: string[]): NodeLiteral => ({
  name,
  op: 'Const',
  input,
  attr: { dtype: typeAttr(float), value: { tensor: { dtype: float, tensor_shape: {}, float_val: [2] } } },
});
const merge = (name: string, ...input: string[]): NodeLiteral => ({
  ...floatNode('Merge', name, ...input),
  attr: { T: typeAttr(float), N: intAttr(input.length) },
});

/** What `tf.cond(p, lambda: x * 2, lambda: x - k)` makes. */
const cond: readonly NodeLiteral[] = [
  placeholder('x'),
  placeholder('p', boolType),
  { name: 'pivot', op: 'Switch', input: ['p', 'p'], attr: { T: typeAttr(boolType) } },
  identity('switch_t', 'pivot:1', boolType),
  identity('switch_f', 'pivot', boolType),
  identity('pred', 'p', boolType),
  floatNode('Switch', 'on', 'x', 'pred'),
  constant('two', '^switch_t'),
  floatNode('Mul', 'mul', 'on:1', 'two'),
  floatNode('Switch', 'off', 'x', 'pred'),
  constant('k', '^switch_f'),
  floatNode('Sub', 'sub', 'off', 'k'),
  merge('merge', 'sub', 'mul'),
  identity('y', 'merge'),
];

it('the branch that is taken is all that is left of a cond', () => {
  expect(needed(bound(cond, { p: true }))).toEqual([
    'x = Placeholder()',
    'on = Identity(x)',
    'two = Const()',
    'mul = Mul(on, two)',
    'merge = Identity(mul)',
    'y = Identity(merge)',
  ]);
  expect(needed(bound(cond, { p: false }))).toEqual([
    'x = Placeholder()',
    'off = Identity(x)',
    'k = Const()',
    'sub = Sub(off, k)',
    'merge = Identity(sub)',
    'y = Identity(merge)',
  ]);
});

it('each node that changed is told of, with what decided', () => {
  const { changes } = bound(cond, { p: true });
  expect(changes.map(({ node, text }) => `${node} ${text}`)).toEqual([
    'p is true, as bound',
    "pivot hands its input on: 'p' is true",
    "on hands its input on: 'pred' is true",
    "off hands its input on: 'pred' is true",
    "merge hands 'mul' on: 1 of its inputs is never there",
  ]);
});

it('a graph whose Switch goes by data stays as it is', () => {
  const graph = graphOf(cond);
  const { graph: same, changes } = toInference(graph, ['y'], { ...noInference, rewrites: new Set(['bindings']) });
  expect(same.nodes.every((node, index) => node === graph.nodes[index])).toBe(true);
  expect(changes).toEqual([]);
});

it('who asks a Merge which input came gets its number', () => {
  const nodes = [...cond, identity('which', 'merge:1', int32Type)];
  const { graph } = bound(nodes, { p: true }, 'which');
  expect(lines(graph)).toContain('which = Identity(merge/value_index)');
  const value = graph.byName.get('merge/value_index');
  expect(value?.op).toBe('Const');
  expect(value?.inputs).toEqual(['^merge']);
  expect(Buffer.from(value?.attribute('value') ?? []).toString('hex')).toContain('3a0101');
});

it('of three ways two are left, and their numbers are those that they had', () => {
  const nodes = [
    ...cond.filter(({ name }) => name !== 'merge' && name !== 'y'),
    placeholder('q', boolType),
    floatNode('Switch', 'by_q', 'x', 'q'),
    merge('merge', 'sub', 'by_q', 'by_q:1'),
    identity('y', 'merge:1', int32Type),
  ];
  const { graph } = bound(nodes, { p: true });
  expect(lines(graph).filter((line) => /^(merge|y)\b/.test(line))).toEqual([
    'merge = Merge(by_q, by_q:1)',
    'y = Identity(merge/value_index)',
    'merge/value_indices = Const(^merge)',
    'merge/value_indices_axis = Const(^merge)',
    'merge/value_index = GatherV2(merge/value_indices, merge:1, merge/value_indices_axis)',
  ]);
});

it('what waits for a dead node is dead, but a Merge', () => {
  const nodes = [
    ...cond.filter(({ name }) => name !== 'merge' && name !== 'y'),
    floatNode('Neg', 'waits', 'x', '^sub'),
    floatNode('Exp', 'after', 'waits'),
    { ...merge('merge', 'after', 'mul'), input: ['after', 'mul', '^sub'] },
    identity('y', 'merge'),
  ];
  const inference = bound(nodes, { p: true });
  expect(lines(inference.graph)).toContain('merge = Identity(mul)');
});

it('a cond in a branch that is not known keeps its constants back', () => {
  const nodes = [
    placeholder('x'),
    placeholder('p', boolType),
    placeholder('q', boolType),
    floatNode('Switch', 'outer', 'x', 'q'),
    { name: 'p_in', op: 'Switch', input: ['p', 'q'], attr: { T: typeAttr(boolType) } },
    { name: 'inner', op: 'Switch', input: ['p_in:1', 'p_in:1'], attr: { T: typeAttr(boolType) } },
    identity('inner_t', 'inner:1', boolType),
    identity('inner_f', 'inner', boolType),
    constant('one', '^inner_t'),
    constant('two', '^inner_f'),
    merge('inner_merge', 'two', 'one'),
    merge('merge', 'outer', 'inner_merge'),
    identity('y', 'merge'),
  ];
  expect(needed(bound(nodes, { p: true }))).toEqual([
    'x = Placeholder()',
    'p = Const()',
    'q = Placeholder()',
    'outer = Switch(x, q)',
    'p_in = Switch(p, q)',
    'inner = Identity(p_in:1)',
    'inner_t = Identity(inner)',
    'one = Const(^inner_t)',
    'inner_merge = Identity(one)',
    'merge = Merge(outer, inner_merge)',
    'y = Identity(merge)',
  ]);
});

it('a cond in a loop is resolved by what enters the loop and stays, and the loop is left', () => {
  const frame = { frame_name: textAttr('f') };
  const enter = (name: string, input: string, type: number, isConstant: boolean): NodeLiteral => ({
    name,
    op: 'Enter',
    input: [input],
    attr: { T: typeAttr(type), is_constant: { b: isConstant }, ...frame },
  });
  const nodes = [
    placeholder('x'),
    placeholder('p', boolType),
    placeholder('limit'),
    enter('start', 'x', float, false),
    enter('p_in', 'p', boolType, true),
    enter('limit_in', 'limit', float, true),
    merge('round', 'start', 'next'),
    { name: 'less', op: 'Less', input: ['round', 'limit_in'], attr: { T: typeAttr(float) } },
    { name: 'goes_on', op: 'LoopCond', input: ['less'] },
    floatNode('Switch', 'turn', 'round', 'goes_on'),
    identity('body', 'turn:1'),
    floatNode('Switch', 'choice', 'body', 'p_in'),
    floatNode('Neg', 'neg', 'choice'),
    floatNode('Exp', 'exp', 'choice:1'),
    merge('chosen', 'neg', 'exp'),
    floatNode('NextIteration', 'next', 'chosen'),
    floatNode('Exit', 'y', 'turn'),
  ];
  const left = needed(bound(nodes, { p: true }));
  expect(left).toContain('choice = Identity(body)');
  expect(left).toContain('exp = Exp(choice)');
  expect(left).toContain('chosen = Identity(exp)');
  expect(left).toContain('turn = Switch(round, goes_on)');
  expect(left).toContain('round = Merge(start, next)');
  expect(left.some((line) => line.startsWith('p'))).toBe(false);
});

it('an output that is never there is refused', () => {
  expect(() => bound(cond, { p: true }, 'sub')).toThrow(/The output 'sub' is in a branch that is never taken/);
});

const random = (name: string, shape: string): NodeLiteral => ({
  name,
  op: 'RandomStandardNormal',
  input: [shape],
  attr: { T: typeAttr(int32Type), dtype: typeAttr(float) },
});
const flagAsNumber: NodeLiteral = {
  name: 'c',
  op: 'Cast',
  input: ['p'],
  attr: { SrcT: typeAttr(boolType), DstT: typeAttr(float) },
};
const shapeOfX: NodeLiteral = { name: 's', op: 'Shape', input: ['x'], attr: { T: typeAttr(float) } };

it.each<[string, NodeLiteral[], string]>([
  ['Select', [floatNode('Mul', 'a', 'x', 'z'), floatNode('Select', 'y', 'p', 'a', 'x')], 'y = Identity(x)'],
  [
    'SelectV2 with sides of one shape',
    [
      shapeOfX,
      random('n', 's'),
      constant('two'),
      floatNode('Mul', 'm', 'n', 'two'),
      floatNode('Add', 'a', 'm', 'x'),
      floatNode('SelectV2', 'y', 'p', 'a', 'x'),
    ],
    'y = Identity(x)',
  ],
  [
    'SelectV2 with a side that may stretch the other',
    [floatNode('Mul', 'a', 'x', 'z'), floatNode('SelectV2', 'y', 'p', 'a', 'x')],
    'y = SelectV2(p, a, x)',
  ],
  [
    'noise times 0',
    [shapeOfX, random('n', 's'), flagAsNumber, floatNode('Mul', 'm', 'c', 'n'), floatNode('AddV2', 'y', 'x', 'm')],
    'y = Identity(x)',
  ],
  [
    'noise times 0 that may stretch the other',
    [
      { ...shapeOfX, input: ['z'] },
      random('n', 's'),
      flagAsNumber,
      floatNode('Mul', 'm', 'c', 'n'),
      floatNode('AddV2', 'y', 'x', 'm'),
    ],
    'y = AddV2(x, m)',
  ],
  [
    'data times 0, which may be infinite',
    [flagAsNumber, floatNode('Mul', 'm', 'c', 'x'), floatNode('AddV2', 'y', 'x', 'm')],
    'y = AddV2(x, m)',
  ],
])('%s by what is bound', (_, nodes, expected) => {
  const all = [placeholder('x'), placeholder('z'), placeholder('p', boolType), ...nodes];
  expect(needed(bound(all, { p: false }))).toContain(expected);
});

it('a binding that nobody needs behind a cut is refused', () => {
  const bindings = [{ name: 'p', value: false }];
  const inputs = { cuts: [{ tensor: 'merge' }], auto: false };
  expect(() => toInference(graphOf(cond), ['y'], { ...noInference, bindings, inputs })).toThrow(
    /No output needs 'p', .* lies in front of the inputs\. Leave the binding out\./,
  );
});
