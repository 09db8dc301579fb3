// What is left of writes, and where their values go. Whether the numbers are right is for test/tensorflow to say.
import { describe, expect, it } from 'vitest';
import type { Graph } from '../../src/graph/graph.js';
import { validateGraph } from '../../src/graph/validate.js';
import { isVariable } from '../../src/graph/variables.js';
import { forwardWrites } from '../../src/passes/forward-writes.js';
import { failure } from '../support/failure.js';
import {
  boolType,
  float,
  floatNode,
  graphOf,
  handleVariable,
  identity,
  type NodeLiteral,
  placeholder,
  readVariable,
  refVariable,
  resource,
  textAttr,
  typeAttr,
} from '../support/graph-def.js';
import { lines } from '../support/stored.js';

const v = refVariable('v', float, 2);
const h = handleVariable('h', float, 2);
const x = placeholder('x');
const node = (name: string, op: string, ...input: string[]): NodeLiteral => floatNode(op, name, ...input);

function forwarded(nodes: NodeLiteral[], outputs: string[] = []): { graph: Graph; dropped: readonly string[] } {
  const graph = graphOf(nodes);
  const result = forwardWrites(graph, graph.nodes.filter(isVariable), outputs);
  validateGraph(result.graph, 'the test graph');
  return result;
}

const after = (...nodes: NodeLiteral[]): string[] => lines(forwarded(nodes).graph);

async function refusal(...nodes: NodeLiteral[]): Promise<string> {
  const error = await failure(() => forwarded(nodes));
  expect(error.code).toBe('VARIABLE_NOT_FREEZABLE');
  return error.message;
}

describe('a graph', () => {
  it('without writes stays as it is', () => {
    const graph = graphOf([v, identity('r', 'v')]);
    expect(forwardWrites(graph, [], []).graph).toBe(graph);
    expect(forwardWrites(graph, graph.nodes.filter(isVariable), [])).toEqual({ graph, dropped: [] });
  });
  it('with writes to variables that stay keeps them', () => {
    const graph = graphOf([v, x, node('set', 'Assign', 'v', 'x'), node('y', 'Mul', 'set', 'v')]);
    expect(lines(forwardWrites(graph, [], []).graph)).toEqual(lines(graph));
  });
});

describe('a write to a reference', () => {
  it('that nothing reads becomes a NoOp that waits for what it waited for', () => {
    const { graph, dropped } = forwarded([v, x, node('set', 'ScatterAdd', 'v', 'x', 'x', '^x'), identity('r', 'v')]);
    expect(lines(graph).slice(2)).toEqual(['set = NoOp(^x)', 'r = Identity(v)']);
    expect(dropped).toEqual(['set']);
  });
  it('that returns it gives the value: Assign', () => {
    expect(after(v, x, node('set', 'Assign', 'v', 'x'), node('y', 'Mul', 'set', 'x')).slice(2)).toEqual([
      'set = Identity(x)',
      'y = Mul(set, x)',
    ]);
  });
  it('that returns it gives the value: AssignSub', () => {
    expect(after(v, x, node('set', 'AssignSub', 'v', 'x'), node('y', 'Mul', 'set', 'x'))[2]).toBe('set = Sub(v, x)');
  });
  it('gives the value to an Identity that reads after it', () => {
    const nodes = [v, x, node('set', 'AssignAdd', 'v', 'x'), node('r', 'Identity', 'v', '^set')];
    expect(after(...nodes).slice(2)).toEqual(['set = AddV2(v, x)', 'r = Identity(set, ^set)']);
  });
  it('is seen by what uses, after it, an Identity that came before it', () => {
    const nodes = [
      v,
      x,
      identity('r', 'v'),
      node('set', 'AssignAdd', 'v', 'x', '^r'),
      node('y', 'Mul', 'r', 'x', '^set'),
    ];
    expect(after(...nodes).slice(2)).toEqual(['r = Identity(v)', 'set = AddV2(v, x, ^r)', 'y = Mul(set, x, ^set)']);
  });
  it('is not seen by what comes before it, or in no order with it', () => {
    const nodes = [v, x, node('a', 'Mul', 'v', 'x'), node('set', 'Assign', 'v', 'x', '^a'), node('b', 'Mul', 'v', 'x')];
    expect(after(...nodes).slice(2)).toEqual(['a = Mul(v, x)', 'set = NoOp(^x, ^a)', 'b = Mul(v, x)']);
  });
  it('is the value that it leaves where it is an output', () => {
    expect(lines(forwarded([v, x, node('set', 'AssignAdd', 'v', 'x')], ['set']).graph)[2]).toBe('set = AddV2(v, x)');
  });
  it('after another sees what that has left', () => {
    const nodes = [v, x, node('a', 'AssignAdd', 'v', 'x'), node('b', 'AssignAdd', 'a', 'x'), node('y', 'Neg', 'b')];
    expect(after(...nodes).slice(2)).toEqual(['a = AddV2(v, x)', 'b = AddV2(a, x)', 'y = Neg(b)']);
  });
  it('turns the reference ops behind it into those of values', () => {
    const nodes = [v, x, node('set', 'Assign', 'v', 'x'), node('r', 'RefIdentity', 'set'), node('y', 'Neg', 'r')];
    expect(after(...nodes).slice(2)).toEqual(['set = Identity(x)', 'r = Identity(set)', 'y = Neg(r)']);
  });
});

describe('a write to a resource', () => {
  it('that nothing reads becomes a NoOp', () => {
    expect(after(h, x, node('set', 'ResourceScatterAdd', 'h', 'x', 'x'))[2]).toBe('set = NoOp(^x)');
  });
  it('gives the value to the read after it, which keeps what it waits for', () => {
    const read = { ...readVariable('r', 'h'), input: ['h', '^set'] };
    expect(after(h, x, node('set', 'AssignAddVariableOp', 'h', 'x'), read).slice(2)).toEqual([
      'set = AddV2(set/before, x)',
      'r = Identity(set, ^set)',
      'set/before = ReadVariableOp(h)',
    ]);
  });
  it('through another handle of the same name is one to the same variable', () => {
    const alias = { ...h, name: 'alias' };
    const read = { ...readVariable('r', 'alias'), input: ['alias', '^set'] };
    expect(after(h, alias, x, node('set', 'AssignVariableOp', 'h', 'x'), read)[4]).toBe('r = Identity(set, ^set)');
  });
  it('after thousands of others is not too much', () => {
    const sets = Array.from({ length: 5000 }, (_, index) => {
      const before = index === 0 ? [] : [`^set_${index - 1}`];
      return node(`set_${index}`, 'AssignAddVariableOp', 'h', 'x', ...before);
    });
    const read = { ...readVariable('r', 'h'), input: ['h', '^set_4999'] };
    expect(after(h, x, ...sets, read)[5002]).toBe('r = Identity(set_4999, ^set_4999)');
  });
});

it('thousands of variables that are all written before one is read', () => {
  const names = Array.from({ length: 10_000 }, (_, index) => String(index));
  const variables = names.map((name) => node(`h${name}`, 'VarHandleOp'));
  const sets = names.map((name) => node(`set${name}`, 'AssignVariableOp', `h${name}`, 'x'));
  const all = node('all', 'NoOp', ...sets.map(({ name }) => `^${name}`));
  const reads = names.map((name) => ({ ...readVariable(`r${name}`, `h${name}`), input: [`h${name}`, '^all'] }));
  const rewired = new Set(after(...variables, x, ...sets, all, ...reads));
  expect(names.filter((name) => !rewired.has(`r${name} = Identity(set${name}, ^all)`))).toEqual([]);
});

it('additions in any order are summed', () => {
  const nodes = [v, x, node('a', 'AssignAdd', 'v', 'x'), node('b', 'AssignSub', 'v', 'x')];
  expect(after(...nodes, node('r', 'Identity', 'v', '^a', '^b')).slice(2)).toEqual([
    'a = AddV2(v, x)',
    'b = NoOp(^x)',
    'r = Identity(b/sum, ^a, ^b)',
    'b/sum = Sub(a, x)',
  ]);
});

it('after a conditional the branch that ran decides', () => {
  const nodes = [
    v,
    placeholder('p', 10),
    x,
    node('switch', 'RefSwitch', 'v', 'p'),
    node('other', 'Switch', 'x', 'p'),
    node('set', 'AssignAdd', 'switch:1', 'other:1'),
    node('merge', 'Merge', 'other', 'set'),
    node('r', 'Identity', 'v', '^merge'),
  ];
  expect(after(...nodes).slice(3)).toEqual([
    'switch = RefSwitch(v, p)',
    'other = Switch(x, p)',
    'set = AddV2(switch:1, other:1)',
    'merge = Merge(other, set)',
    'r = Identity(merge/v, ^merge)',
    'other/alive = Identity(other)',
    'merge/v/branch = Identity(v, ^other/alive)',
    'merge/v/branch_1 = Identity(set, ^set)',
    'merge/v = Merge(merge/v/branch, merge/v/branch_1)',
  ]);
});

it('in a loop, the value is carried into every iteration', () => {
  const attr = { T: typeAttr(resource), frame_name: textAttr('loop') };
  const nodes = [
    h,
    x,
    node('set', 'AssignVariableOp', 'h', 'x'),
    { name: 'enter', op: 'Enter', input: ['h', '^set'], attr },
    readVariable('r', 'enter'),
  ];
  const { graph } = forwarded(nodes);
  expect(lines(graph).slice(4)).toEqual(['r = Identity(r/enter)', 'r/enter = Enter(set)']);
  // AttrValue { b: true }
  expect([...(graph.byName.get('r/enter')?.attribute('is_constant') ?? [])]).toEqual([0x28, 1]);
});

describe('a counter', () => {
  const count = node('n', 'CountUpTo', 'v');
  it('gives what it has found', () => {
    expect(after(v, count, node('y', 'Neg', 'n')).slice(1)).toEqual(['n = Identity(v)', 'y = Neg(n)']);
  });
  it('leaves one more', () => {
    expect(after(v, count, node('y', 'Neg', 'v', '^n')).slice(1)).toEqual([
      'n = Identity(v)',
      'y = Neg(n/after, ^n)',
      'n/one = Const(^n)',
      'n/after = AddV2(n, n/one)',
    ]);
  });
});

describe('a read is refused', () => {
  it('after a write whose result no op gives', async () => {
    expect(await refusal(v, x, node('set', 'ScatterAdd', 'v', 'x', 'x'), node('r', 'Identity', 'v', '^set'))).toBe(
      "Variable 'v' cannot become a constant: node 'r' (Identity) takes it after 'set' (ScatterAdd), which leaves a value " +
        "that only a session computes, and the outputs need that node. Choose outputs that do without 'r', or put 'v' on " +
        'the deny list.',
    );
  });
  it('after two writes in no order', async () => {
    const nodes = [v, x, node('a', 'Assign', 'v', 'x'), node('b', 'AssignAdd', 'v', 'x')];
    expect(await refusal(...nodes, node('r', 'Identity', 'v', '^a', '^b'))).toMatch(
      /node 'r' \(Identity\) takes it after '[ab]' and '[ab]' write to it in no order/,
    );
  });
  it('after a write in a loop', async () => {
    const nodes = [
      v,
      x,
      node('enter', 'Enter', 'x'),
      node('ref', 'RefEnter', 'v'),
      node('merge', 'Merge', 'enter', 'next'),
      node('set', 'AssignAdd', 'ref', 'merge'),
      node('next', 'NextIteration', 'merge', '^set'),
      node('exit', 'Exit', 'merge'),
    ];
    expect(await refusal(...nodes, node('r', 'Identity', 'v', '^exit'))).toMatch(
      /node 'r' \(Identity\) takes it after 'set' writes to it in a loop/,
    );
  });
  it('by an op that takes the handle, after a write', async () => {
    const call = node('call', 'Custom', 'h', '^set');
    expect(await refusal(h, x, node('set', 'AssignVariableOp', 'h', 'x'), call)).toMatch(
      /node 'call' \(Custom\) takes its handle after 'set'/,
    );
  });
  it('after an assignment that assigns nothing, as in a damaged graph', async () => {
    expect(await refusal(v, node('set', 'Assign', 'v'), node('r', 'Identity', 'v', '^set'))).toMatch(
      /'set' \(Assign\)/,
    );
  });
  it('of a variable that is written together with one that stays', async () => {
    const graph = graphOf([v, refVariable('w', float, 2), x, node('step', 'ApplyMomentum', 'w', 'v', 'x', 'x', 'x')]);
    const chosen = graph.nodes.filter(({ name }) => name === 'v');
    const error = await failure(() => forwardWrites(graph, chosen, []));
    expect([error.code, error.message]).toEqual([
      'VARIABLE_NOT_FREEZABLE',
      "Node 'step' (ApplyMomentum) writes to 'w', which stays a variable, and to one that becomes a constant. Freeze both " +
        'or neither: mend the allow and deny lists.',
    ]);
  });
  it('of a variable that is merged with another', async () => {
    const merge = { name: 'm', op: 'Merge', input: ['h', 'g'], attr: { T: typeAttr(resource) } };
    const nodes = [h, handleVariable('g', float, 2), x, node('set', 'AssignVariableOp', 'h', 'x'), merge];
    expect(await refusal(...nodes)).toMatch(/node 'm' \(Merge\) merges it with another, and 'set' writes to it/);
  });
});

it('thousands of conditionals in a row are gone through', () => {
  const nodes: NodeLiteral[] = [h, x, placeholder('p', boolType)];
  let before: string[] = [];
  for (let i = 0; i < 3000; i++) {
    nodes.push(
      { name: `s${i}`, op: 'Switch', input: ['h', 'p', ...before], attr: { T: typeAttr(resource) } },
      node(`set${i}`, 'AssignAddVariableOp', `s${i}:1`, 'x'),
      node(`on${i}`, 'Identity', 'x', `^set${i}`),
      node(`off${i}`, 'Switch', 'x', 'p', ...before),
      node(`m${i}`, 'Merge', `off${i}`, `on${i}`),
    );
    before = [`^m${i}`];
  }
  // It waits for the first and one in the middle too, so all that came between is asked for.
  const read = readVariable('r', 'h');
  nodes.push({ ...read, input: ['h', ...before, '^m0', '^m1500'] });
  const last = lines(forwarded(nodes).graph).find((line) => line.startsWith('r = '));
  expect(last).toBe('r = Identity(m2999/h, ^m2999, ^m0, ^m1500)');
});
