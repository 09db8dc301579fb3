import { expect, it } from 'vitest';
import { funcAttr, libraryOf, typesAttr } from '../../support/functions.js';
import {
  boolType,
  float,
  floatNode,
  graphOf,
  handleVariable,
  identity,
  int32Type,
  type NodeLiteral,
  placeholder,
  readVariable,
  refVariable,
  resource,
  typeAttr,
} from '../../support/graph-def.js';
import { lines } from '../../support/stored.js';
import { average, fused, normalize, normalizedGraph, number, variables } from './graphs.js';

const parameters = [placeholder('x'), ...variables('gamma', 'beta'), number('none', 0)];
const training = fused('bn', ['x', 'gamma/read', 'beta/read', 'none', 'none']);
const output = { ...identity('y', 'bn'), input: ['bn', '^avg/m', '^avg/v'] };
const withAverages: NodeLiteral[] = [
  ...parameters,
  ...variables('m', 'v'),
  training,
  ...average('m', 'bn:1'),
  ...average('v', 'bn:2'),
];

it('takes the variables that are updated with the statistics of the batch, and nobody waits for the updates', () => {
  const { nodes, changes } = normalize([...withAverages, output]);
  expect(nodes.get('bn')).toBe('bn = FusedBatchNormV3(x, gamma/read, beta/read, bn/moving_mean, bn/moving_variance)');
  expect(nodes.get('bn/moving_mean')).toBe('bn/moving_mean = Identity(m)');
  expect(nodes.get('bn/moving_variance')).toBe('bn/moving_variance = Identity(v)');
  expect(nodes.get('y')).toBe('y = Identity(bn)');
  expect(changes.map(({ node, text, isLeft }) => [node, text, isLeft])).toEqual([
    ['bn', "normalises with 'm' and 'v', updated by 'avg/m' and updated by 'avg/v'", false],
    ['avg/m', "does not run any more and leaves 'm' as it is, with which inference normalises", false],
    ['avg/v', "does not run any more and leaves 'v' as it is, with which inference normalises", false],
    ['y', 'does not wait any more for avg/m, avg/v, which updated moving statistics', false],
  ]);
});

it('what is written beside the averages is written before it is read', () => {
  const { nodes } = normalize([
    ...withAverages,
    ...variables('state'),
    floatNode('Assign', 'write', 'state', 'x'),
    { ...identity('between', 'bn'), input: ['bn', '^avg/m', '^avg/v', '^write'] },
    { ...identity('state/after', 'state'), input: ['state', '^between'] },
    floatNode('AddV2', 'y', 'between', 'state/after'),
  ]);
  expect(nodes.get('between')).toBe('between = Identity(bn, ^write)');
  expect(nodes.get('state/after')).toBe('state/after = Identity(state, ^between)');
});

it('an average that is read after its update is read as it is, by who waits for the rest as before', () => {
  const { nodes, changes } = normalize([
    ...withAverages.map((node) => (node.name === 'avg/m' ? { ...node, input: ['m', 'avg/m/mul', '^write'] } : node)),
    ...variables('state'),
    floatNode('Assign', 'write', 'state', 'x'),
    { ...floatNode('AddV2', 'y', 'bn', 'avg/m'), input: ['bn', 'avg/m', '^avg/v'] },
  ]);
  expect(nodes.get('avg/m')).toBe('avg/m = Identity(m, ^write)');
  expect(nodes.get('y')).toBe('y = AddV2(bn, avg/m)');
  expect(changes.find(({ node }) => node === 'avg/m')?.text).toContain("hands 'm' on");
});

it('becomes one of inference, with all else as it was', () => {
  const before = graphOf([...withAverages, output]).byName.get('bn');
  const after = normalizedGraph([...withAverages, output], {}).graph.byName.get('bn');
  const tag = 5 << 3;
  const expected = new Map([...(before?.attributes ?? []), ['is_training', Buffer.of(tag, 0)]]);
  expect(after?.attributes).toEqual(expected);
});

it('takes the inputs that it has where they read variables and nothing updates these', () => {
  const own = fused('bn', ['x', 'gamma/read', 'beta/read', 'm/read', 'v/read']);
  const { nodes, changes } = normalize([...parameters, ...variables('m', 'v'), own, identity('y', 'bn')]);
  expect(nodes.get('bn')).toBe('bn = FusedBatchNormV3(x, gamma/read, beta/read, m/read, v/read)');
  expect(changes[0]?.text).toContain('takes as inputs already');
});

it('takes those of the other branch, which has the same scale and offset', () => {
  const { nodes, changes } = normalize([
    ...parameters,
    ...variables('a', 'b'),
    placeholder('p', boolType),
    training,
    fused('twin', ['x', 'gamma/read', 'beta/read', 'a/read', 'b/read'], false),
    floatNode('Merge', 'y', 'bn', 'twin'),
  ]);
  expect(nodes.get('bn/moving_mean')).toBe('bn/moving_mean = Identity(a)');
  expect(nodes.get('bn/moving_variance')).toBe('bn/moving_variance = Identity(b)');
  expect(changes[0]?.text).toContain("as in the other branch, 'twin'");
});

it('goes by names only where nothing else tells, and says so', () => {
  const named = [
    placeholder('x'),
    number('none', 0),
    ...variables('s/gamma', 's/beta', 's/moving_mean', 's/moving_variance'),
  ];
  const node = fused('bn', ['x', 's/gamma/read', 's/beta/read', 'none', 'none']);
  const { nodes, changes } = normalize([...named, node, identity('y', 'bn')]);
  expect(nodes.get('bn/moving_mean')).toBe('bn/moving_mean = Identity(s/moving_mean)');
  expect(changes[0]?.text).toContain('by their names alone');
});

it('stays where nothing keeps averages, as in layer normalisation', () => {
  const nodes = [...parameters, training, identity('y', 'bn')];
  const { lines: after, changes } = normalize(nodes);
  expect(after).toEqual(lines(graphOf(nodes)));
  expect(changes).toMatchObject([{ node: 'bn', isLeft: true }]);
});

it('stays where the outputs read the mean of the batch', () => {
  const nodes = [...withAverages, floatNode('AddV2', 'y', 'bn', 'bn:1')];
  const { lines: after, changes } = normalize(nodes);
  expect(after).toEqual(lines(graphOf(nodes)));
  expect(changes).toMatchObject([{ node: 'bn', isLeft: true }]);
});

it('one of inference is as it was, and its averages are not updated', () => {
  const inference = fused('bn', ['x', 'gamma/read', 'beta/read', 'm/read', 'v/read'], false);
  const { nodes, changes } = normalize([
    ...parameters,
    ...variables('m', 'v'),
    inference,
    ...average('m', 'bn:1'),
    ...average('v', 'bn:2'),
    output,
  ]);
  expect(nodes.get('bn')).toBe('bn = FusedBatchNormV3(x, gamma/read, beta/read, m/read, v/read)');
  expect(nodes.get('y')).toBe('y = Identity(bn)');
  expect(changes.map(({ node }) => node)).toEqual(['avg/m', 'avg/v', 'y']);
});

it('asks where the mean goes into two averages, and takes what the user says', () => {
  const nodes = [...withAverages, ...variables('n'), ...average('n', 'bn:1'), output];
  expect(() => normalize(nodes)).toThrow(expect.objectContaining({ code: 'STATISTICS_AMBIGUOUS' }));
  expect(() => normalize(nodes)).toThrow(/'m', 'n'.*--bn-stats 'bn=MEAN;VARIANCE'/);
  const chosen = normalize(nodes, { bn: { mean: 'n', variance: 'v' } });
  expect(chosen.nodes.get('bn/moving_mean')).toBe('bn/moving_mean = Identity(n)');
});

it('refuses what the user says of nodes and variables that are not there', () => {
  const nodes = [...withAverages, output];
  expect(() => normalize(nodes, { bm: { mean: 'm', variance: 'v' } })).toThrow(/speaks of 'bm'/);
  expect(() => normalize(nodes, { bn: { mean: 'mm', variance: 'v' } })).toThrow(/no variable 'mm'/);
});

it('refuses variables of another type or shape, with both, and suggests none of those', () => {
  const others = [refVariable('wide_m', float, 4), refVariable('whole_m', int32Type, 3), ...variables('fit_m')];
  const nodes = [...withAverages, ...others, output];
  const choose = (mean: string) => () => normalize(nodes, { bn: { mean, variance: 'v' } });
  expect(choose('wide_m')).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }));
  expect(choose('wide_m')).toThrow(/'wide_m' is float32\[4\].*statistics of 'bn', which are float32\[3\] as 'm' is/);
  expect(choose('whole_m')).toThrow(/'whole_m' is int32\[3\].*float32\[3\]/);
  expect(choose('widt_m')).toThrow(/no variable 'widt_m'.*nearest are 'fit_m'\.$/);
});

it('holds the variables against the scale where nothing keeps averages', () => {
  const norm = fused('bn', ['x', 'gamma/read', 'beta/read', 'none', 'none']);
  const nodes = [
    ...parameters,
    ...variables('m'),
    refVariable('w', float, 4),
    placeholder('none'),
    norm,
    identity('y', 'bn'),
  ];
  expect(() => normalize(nodes, { bn: { mean: 'm', variance: 'w' } })).toThrow(/float32\[4\].*as 'gamma' is/);
});

it('suggests nodes that normalise by the batch', () => {
  const choose = () => normalize([...withAverages, output], { bm: { mean: 'm', variance: 'v' } });
  expect(choose).toThrow(/speaks of 'bm'.*nearest that can be named are 'bn'\.$/);
});

it('reads handles that a function gets, which runs no update any more', () => {
  const assign = (name: string, handle: string, value: string): NodeLiteral => ({
    name,
    op: 'AssignVariableOp',
    input: [handle, value],
    attr: { dtype: typeAttr(float) },
  });
  const f = {
    inputs: { x: float, g: resource, m: resource, v: resource },
    outputs: { y: float },
    nodes: [
      readVariable('gr', 'g'),
      readVariable('mr', 'm'),
      readVariable('vr', 'v'),
      // With exponential_avg_factor, the op blends by itself.
      fused('bn', ['x', 'gr:value:0', 'gr:value:0', 'mr:value:0', 'vr:value:0']),
      assign('am', 'm', 'bn:batch_mean:0'),
      assign('av', 'v', 'bn:batch_variance:0'),
      { name: 'all', op: 'NoOp', input: ['^am', '^av'] },
      { ...floatNode('Identity', 'out', 'bn:y:0'), input: ['bn:y:0', '^all'] },
    ],
    returns: { y: 'out:output:0' },
    controls: ['am', 'av'],
  };
  const { library } = graphWith(f).graph;
  const [after] = library.functions;
  expect(after?.nodes.map(({ name, inputs }) => [name, ...inputs])).toEqual([
    ['gr', 'g'],
    ['mr', 'm'],
    ['vr', 'v'],
    ['bn', 'x', 'gr:value:0', 'gr:value:0', 'mr:value:0', 'vr:value:0'],
    ['out', 'bn:y:0'],
  ]);
  expect(after?.controlReturns.size).toBe(0);
  expect(Buffer.from(after?.encode() ?? []).includes('am')).toBe(false);
});

function graphWith(f: Parameters<typeof libraryOf>[0][string]) {
  const attr = {
    f: { func: { name: 'f' } },
    Tin: typesAttr(float, resource, resource, resource),
    Tout: typesAttr(float),
  };
  const nodes = [
    placeholder('x'),
    ...['g', 'm', 'v'].map((name) => handleVariable(name, float, 3)),
    { name: 'y', op: 'StatefulPartitionedCall', input: ['x', 'g', 'm', 'v'], attr },
  ];
  return normalizedGraph(nodes, { library: libraryOf({ f }) });
}

it('takes those of another tower, which has the same scale and offset and updates them', () => {
  const second = fused('two', ['x', 'gamma/read', 'beta/read', 'none', 'none']);
  const { nodes, changes } = normalize([...withAverages, second, identity('y', 'two')]);
  expect(nodes.get('two')).toBe(
    'two = FusedBatchNormV3(x, gamma/read, beta/read, two/moving_mean, two/moving_variance)',
  );
  expect(nodes.get('two/moving_mean')).toBe('two/moving_mean = Identity(m)');
  expect(changes[0]?.text).toBe("normalises with 'm' and 'v', as 'bn' with the same scale and offset");
});

it('stays where others with the same scale and offset keep averages in several variables', () => {
  const more = fused('other', ['x', 'gamma/read', 'beta/read', 'none', 'none']);
  const averages = [...variables('n', 'w'), ...average('n', 'other:1'), ...average('w', 'other:2')];
  const third = fused('third', ['x', 'gamma/read', 'beta/read', 'none', 'none']);
  const nodes = [...withAverages, more, ...averages, third, identity('y', 'third')];
  const { lines: all, changes } = normalize(nodes);
  expect(all).toEqual(lines(graphOf(nodes)));
  expect(changes).toMatchObject([{ node: 'third', isLeft: true }]);
});

it('says of a branch whose averages are kept outside that the switch wants a value', () => {
  const inputs = { x: float, g: float };
  const outputs = { y: float, mean: float, variance: float };
  const returns = { y: 'y:output:0', mean: 'bn:batch_mean:0', variance: 'bn:batch_variance:0' };
  const norm = { ...fused('bn', ['x', 'g', 'g', 'g', 'g']) };
  const branch = { inputs, outputs, nodes: [norm, identity('y', 'bn:y:0')], returns };
  const types = typesAttr(float, float);
  const attr = {
    then_branch: funcAttr('f'),
    else_branch: funcAttr('f'),
    Tin: types,
    Tout: typesAttr(float, float, float),
  };
  const conditional = { name: 'cond', op: 'If', input: ['p', 'x', 'gamma/read'], attr };
  const averages = [...variables('m', 'v'), ...average('m', 'cond:1'), ...average('v', 'cond:2')];
  const nodes = [...parameters, placeholder('p', boolType), conditional, ...averages, identity('y', 'cond')];
  const { changes } = normalizedGraph(nodes, { library: libraryOf({ f: branch }) });
  expect(changes.map(({ node, text, isLeft }) => [node, text.includes('bind what tells'), isLeft])).toEqual([
    ['cond', true, true],
    ['bn', true, true],
  ]);
});

it('says which nodes can be named where none is near, and why one cannot be', () => {
  const choose = (nodes: readonly NodeLiteral[], name: string) => () =>
    normalize(nodes, { [name]: { mean: 'm', variance: 'v' } });
  const nodes = [...withAverages, output];
  expect(choose(nodes, 'elsewhere')).toThrow(/speaks of 'elsewhere', and the outputs need no node.*named are 'bn'\.$/);
  const inference = nodes.map((node) =>
    node.name === 'bn' ? { ...node, attr: { ...node.attr, is_training: { b: false } } } : node,
  );
  expect(choose(inference, 'bn')).toThrow(
    /'bn', and cannot change that node: it normalises with the moving.*is_training is false\. There is no node that could/,
  );
  expect(choose([...nodes.slice(0, -1), floatNode('AddV2', 'y', 'bn', 'bn:1')], 'bn')).toThrow(
    /cannot change that node: it normalises by the batch: the outputs read its mean/,
  );
});
